"""``mbtg rate``: scorings as a whole; each verb about sheets has a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.rate_consensus import consensus
from mbtg_video.cli.rate_export import export
from mbtg_video.cli.rate_import import import_
from mbtg_video.cli.rate_sheet import add, sheet
from mbtg_video.cli.report import report
from mbtg_video.cli.room import room
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.cli.words import word
from mbtg_video.errors import ChangedMeanwhile
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.agree import reveal as reveal_scoring
from mbtg_video.rating.agree import sign as sign_scoring
from mbtg_video.rating.compare import Answer, Compared, compare
from mbtg_video.rating.look import open_sheet
from mbtg_video.rating.model import Scoring, ScoringState
from mbtg_video.rating.record import reopen as reopen_rating
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_rating, find_scoring, list_scorings, open_scoring
from mbtg_video.rating.sheet import Moment, Sheet
from mbtg_video.scale import Scale, find_scale
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power

command = noun("Score sequences, compare the raters, agree and sign.")
for _verb in (sheet, add, import_, export, consensus, report, room):
    command.add_command(_verb)


def scoring_record(scoring: Scoring) -> dict[str, Any]:
    """What may be told of a scoring at any time: who has done what, and no score."""
    return {
        "id": scoring.name,
        "excerpt": scoring.sequence,
        "recording": scoring.recording,
        "scale": scoring.kept_scale.scale,
        "version": scoring.kept_scale.version,
        "about": scoring.about,
        "held_on": scoring.held_on,
        "state": scoring.state,
        "submitted": [r.rater for r in scoring.submitted],
        "drafts": [r.rater for r in scoring.individual if r not in scoring.submitted],
        "agreed_by": scoring.consensus.agreed_by.split()
        if scoring.consensus and scoring.consensus.agreed_by
        else [],
        "signed_by": scoring.signed_by,
    }


@command.command(name="open")
@click.argument("excerpt")
@click.option("--scale", "scale_id", metavar="ID", help="Default: the scale of your settings.")
@click.option("--about", metavar="CODE", help="The therapist whose work is scored.")
def open_(excerpt: str, scale_id: str | None, about: str | None) -> None:
    """Open a scoring of EXCERPT, blind until it is revealed."""
    number = as_number("X", excerpt)
    scale = find_scale(scale_id or settings().scale)
    with opened(Power.RATE) as library, library.transaction() as session:
        row = find_excerpt(session, number)
        record = scoring_record(open_scoring(session, row, scale, on=today(), about=about))
    output.done(
        f"Opened {record['id']} for {record['excerpt']} with {scale.label}. "
        f"Rate with: mbtg rate add {record['id']} --by CODE",
        **record,
    )


@command.command(name="list")
@click.argument("excerpt", required=False)
def list_(excerpt: str | None) -> None:
    """List scorings, of EXCERPT or of all: who has submitted, and no score."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_excerpt(session, as_number("X", excerpt)) if excerpt else None
        records = [scoring_record(scoring) for scoring in list_scorings(session, row)]
    columns = ("id", "excerpt", "scale", "held_on", "about", "state", "submitted", "drafts")
    output.table(records, columns)


def _moment(moment: Moment) -> str:
    start = str(Timecode(moment.start_us))
    end = "" if moment.end_us is None else f"-{Timecode(moment.end_us)}"
    return f"{moment.tag} {start}{end}" if moment.tag else f"{start}{end}"


def _short(value: int | str | None) -> str:
    """A number, or why there is none as `rate add` takes it."""
    if isinstance(value, int):
        return str(value)
    return {"did_not_occur": "none", "cannot_judge": "?"}.get(value or "", "-")


def _written(answer: Answer) -> str:
    """An answer as `rate add` takes it."""
    gap = _short(answer.absence)
    if answer.value is not None:
        return str(answer.value)
    numbers = [answer.adherence, answer.quality]
    if numbers == [None, None]:
        return gap
    if answer.adherence is None and answer.absence is None:
        return str(answer.quality)  # adherence is not rated
    return "/".join(gap if value is None else str(value) for value in numbers)


def _named(scale: Scale, item: int | None, overall: str | None) -> str:
    language = settings().language
    if item is not None:
        return scale.item(item).spoken(language)
    return next(one.spoken(language) for one in scale.overall if one.key == overall)


def _answer_record(answer: Answer) -> dict[str, Any]:
    return {
        "rater": answer.rater,
        "adherence": answer.adherence,
        "quality": answer.quality,
        "value": answer.value,
        "absence": answer.absence,
        "note": answer.note,
        "evidence": [
            {"start_us": one.start_us, "end_us": one.end_us, "tag": one.tag}
            for one in answer.evidence
        ],
    }


def _compared_record(scale: Scale, row: Compared) -> dict[str, Any]:
    return {
        "item": row.item,
        "overall": row.overall,
        "item_name": _named(scale, row.item, row.overall),
        "gap": row.gap,
        "split": row.split,
        "answers": [_answer_record(answer) for answer in row.answers],
        "consensus": _answer_record(row.agreed) if row.agreed else None,
    }


def _differences(scale: Scale, rows: Sequence[Compared]) -> None:
    """The table of answers side by side, and below it what was cited."""
    records = [
        {"item": row.item or row.overall, "item_name": _named(scale, row.item, row.overall)}
        | {answer.rater: _written(answer) for answer in row.answers}
        | ({"consensus": _written(row.agreed)} if row.agreed else {})
        | {"gap": f"{row.gap} *" if row.split else row.gap}
        for row in rows
    ]
    raters = [answer.rater for answer in rows[0].answers]
    agreed = ["consensus"] if rows[0].agreed else []
    output.table(records, ("item", "item_name", *raters, *agreed, "gap"))
    if any(row.split for row in rows):
        output.say(f"* {word('split', settings().language)}")
    for row in rows:
        for answer in row.answers:
            said = [*map(_moment, answer.evidence), *([answer.note] if answer.note else [])]
            if said:
                output.say(f"{row.item or row.overall}, {answer.rater}: {'; '.join(said)}")


def _own_sheet(scale: Scale, sheet: Sheet) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "item": item.number,
            "item_name": item.spoken(settings().language),
            "adherence": score.adherence,
            "quality": score.quality,
            "absence": score.absence,
            "evidence": [_moment(one) for one in score.evidence],
            "note": score.note,
        }
        for item in scale.items
        for score in [sheet.score(item.number)]
    ]
    return rows


@command.command()
@click.argument("scoring")
@click.option("--by", "rater", metavar="CODE", help="A rater's own sheet, also while it is blind.")
def show(scoring: str, rater: str | None) -> None:
    """Show SCORING: who has submitted; once it is revealed, the differences, largest first."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_scoring(session, as_number("S", scoring))
        record = scoring_record(row)
        scale = row.scale
        if rater is not None:
            _, own = open_sheet(session, row, rater)
            sheet = Sheet() if own is None else sheet_of(own)
            record |= {
                "rating": own.name if own else None,
                "receipt": own.receipt if own else None,
                "overall": dict(sheet.overall),
                "note": sheet.note,
            }
            items = _own_sheet(scale, sheet)
        differences = [] if rater or row.state is ScoringState.BLIND else compare(row)
        compared = [_compared_record(scale, one) for one in differences]
        notes = [
            {"rater": one.rater, "note": one.note}
            for one in (row.submitted if differences else [])
            if one.note
        ]
    if output.wants_json():
        told = {"differences": compared, "notes": notes} if compared else {}
        extra = {"items": items} if rater else told
        output.done("", **record, **extra)
        return
    if rater is not None:
        record["overall"] = [
            f"{_named(scale, None, key)}: {_short(value)}" for key, value in sheet.overall.items()
        ]
    output.details(record)
    if rater is not None:
        columns = ("item", "item_name", "adherence", "quality", "absence", "evidence", "note")
        output.table(items, columns)
    elif differences:
        _differences(scale, differences)
        for one in notes:
            output.say(f"{one['rater']}: {one['note']}")


@command.command()
@click.argument("rating")
def reopen(rating: str) -> None:
    """Make the submitted RATING a draft again, while its scoring is blind."""
    with opened(Power.RATE) as library, library.transaction() as session:
        row = find_rating(session, as_number("Q", rating))
        reopen_rating(session, row)
        record = {"id": row.name, "scoring": row.scoring.name, "state": row.state}
    output.done(f"{record['id']} is a draft again.", **record)


@command.command()
@click.argument("scoring")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say whose scores would be compared.")
def reveal(scoring: str, yes: bool, dry_run: bool) -> None:
    """Show everybody's scores of SCORING to everybody; none changes after that."""
    number = as_number("S", scoring)
    with opened(Power.REVEAL) as library:
        with library.transaction() as session:
            record = scoring_record(find_scoring(session, number))
        said = f"of {', '.join(record['submitted'])}"
        left = f" Drafts stay out: {', '.join(record['drafts'])}." if record["drafts"] else ""
        if dry_run and record["submitted"]:
            output.done(f"Would reveal {record['id']}: the scores {said}.{left}", **record)
            return
        if not yes and record["submitted"]:
            question = f"Reveal the scores {said}?{left} Nobody can change or add any after that."
            click.confirm(question, abort=True, err=True)
        with library.transaction() as session:
            row = find_scoring(session, number)
            if scoring_record(row) != record:
                raise ChangedMeanwhile(
                    f"{row.name} was changed meanwhile, and nothing was revealed. See: "
                    f"mbtg rate reveal {row.name} --dry-run"
                )
            reveal_scoring(session, row)
            record = scoring_record(row)
    output.done(
        f"{record['id']} is revealed.{left} See: mbtg rate show {record['id']}",
        **record,
    )


@command.command()
@click.argument("scoring")
@click.option("--by", "signer", metavar="CODE", required=True, help="Who signs.")
def sign(scoring: str, signer: str) -> None:
    """Sign SCORING with its consensus: nothing of it changes any more."""
    with opened(Power.SIGN) as library, library.transaction() as session:
        row = find_scoring(session, as_number("S", scoring))
        sign_scoring(session, row, signer)
        record = scoring_record(row)
    output.done(f"{record['signed_by']} has signed {record['id']}.", **record)
