"""The sections of numbers: agreement, where differences come from, raters needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mbtg_video.rating.matrix import Score
from mbtg_video.rating.reliability.components import Component, Effect
from mbtg_video.rating.reliability.estimate import Estimate
from mbtg_video.rating.reliability.generalizability import Generalizability, Projection
from mbtg_video.rating.report import curves
from mbtg_video.rating.report.content import (
    Agreement,
    Index,
    Report,
    ScaleHead,
    Study,
)
from mbtg_video.rating.report.document import (
    NOTHING,
    Block,
    Cell,
    Footnotes,
    Heading,
    Paragraph,
    Plot,
    Table,
    glossary,
    numbers_in_short,
)
from mbtg_video.rating.report.wording import Voice

_ITEMS_IN_PLOT = 25


def agreement_sections(report: Report, voice: Voice) -> Iterator[Block]:
    """All that compares raters."""
    yield Heading(voice.heading("agreement"), 2)
    yield from _over_all(report, voice)
    for found in report.agreement:
        yield from _by_item(found, report, voice)
    single = report.single
    terms = [index for index, _ in curves.BY_ITEM]
    if not single:
        for found in report.agreement:
            yield from _intraclass(found, report, voice)
        terms += [index for index, _ in curves.INTRACLASS]
    yield Heading(voice.heading("numbers"), 3)
    yield glossary(voice, Index.PROFILE_AGREEMENT, *terms, Index.INTERVAL)
    if single:
        yield from _profiles(report, voice)
    yield from _studies(report, voice)


def _over_all(report: Report, voice: Voice) -> Iterator[Block]:
    notes = Footnotes(voice)
    rows = tuple(
        (
            Cell(voice.word(found.score.value)),
            notes.cell(found.raw, share=True),
            notes.cell(found.within_one, share=True),
        )
        for found in report.agreement
    )
    name, raw, near = (
        voice.term(i)[0] for i in (Index.PROFILE_AGREEMENT, Index.RAW, Index.WITHIN_ONE)
    )
    yield Table(name, (voice.word("scores"), raw, near), rows, (False, True, True), notes.told)
    found = report.occurrence
    yield Heading(voice.heading("occurrence"), 3)
    yield Paragraph(
        voice.say(
            "occurrence",
            answers=found.answers,
            absent=found.did_not_occur,
            raw=told(found.raw, voice, share=True),
            alpha=told(found.alpha, voice),
        )
    )
    yield glossary(voice, Index.OCCURRENCE_RAW, Index.OCCURRENCE_ALPHA)


def told(estimate: Estimate, voice: Voice, *, share: bool = False) -> str:
    """A number within a sentence, or why there is none."""
    if estimate.value is None:
        why = voice.reason(estimate.why) if estimate.why else ""
        return voice.say("no_number", why=why.rstrip("."))
    return voice.percent(estimate.value) if share else voice.number(estimate.value)


def _item_name(item: str, scale: ScaleHead) -> str:
    return f"{item} {scale.name(item)}" if item.isdecimal() else scale.name(item)


def _table(
    found: Agreement, columns: Sequence[curves.Column], report: Report, voice: Voice, caption: str
) -> Table:
    notes = Footnotes(voice)
    intraclass = columns is curves.INTRACLASS
    rows = []
    for item in found.items:
        counted = item.intraclass.two_single.used if intraclass else item.alpha.used
        cells = [notes.cell(of(item), share=index in curves.SHARES) for index, of in columns]
        rows.append((Cell(_item_name(item.item, report.scale)), Cell(str(counted)), *cells))
    names = (voice.word("item"), f"n ({len(report.scorings)})")
    heads = (*names, *(voice.term(index)[0] for index, _ in columns))
    numeric = (False,) + (True,) * (len(heads) - 1)
    return Table(caption, heads, tuple(rows), numeric, notes.told)


def _none_made(
    found: Agreement, columns: Sequence[curves.Column], voice: Voice
) -> Paragraph | None:
    """One sentence for a table that would hold no number; None when there is one."""
    reasons = {of(item).why: None for item in found.items for _, of in columns}
    if None in reasons:
        return None
    told = " ".join(voice.reason(why) for why in reasons if why is not None)
    return Paragraph(voice.say("none_made", why=told))


def _by_item(found: Agreement, report: Report, voice: Voice) -> Iterator[Block]:
    if not found.items:
        return
    score = voice.word(found.score.value)
    heading = voice.heading("per_item", score=score)
    yield Heading(heading, 3)
    if none := _none_made(found, curves.BY_ITEM, voice):
        yield none
        return
    yield Paragraph(voice.say("per_item"))
    for start in range(0, len(found.items), _ITEMS_IN_PLOT):
        items = found.items[start : start + _ITEMS_IN_PLOT]
        name = f"agreement-{found.score.value}-{start}"
        svg = curves.by_item(found, items, report.scale, voice, name)
        if svg is not None and found.score is not Score.OVERALL:
            caption = voice.say("dots_alone" if report.single else "dots")
            yield Plot(name, svg, voice.say("agreement_alt", score=score), caption)
    yield _table(found, curves.BY_ITEM, report, voice, heading)


def _intraclass(found: Agreement, report: Report, voice: Voice) -> Iterator[Block]:
    if not found.items:
        return
    heading = voice.heading("icc", score=voice.word(found.score.value))
    yield Heading(heading, 3)
    if none := _none_made(found, curves.INTRACLASS, voice):
        yield none
        return
    yield Paragraph(voice.say("icc"))
    yield _table(found, curves.INTRACLASS, report, voice, heading)


def component_name(effect: Effect, *, profile: bool, voice: Voice) -> str:
    """Name of a source of variance; within one sequence items stand for sequences."""
    if profile:
        names = {Effect.SESSION: "item_effect", Effect.RATER: "raters"}
        return voice.word(names.get(effect, "profile_residual"))
    names = {Effect.RATER: "raters", Effect.ITEM: "item_effect"}
    return voice.word(names.get(effect, effect.value))


def _components(
    found: Sequence[Component], score: str, voice: Voice, *, profile: bool
) -> Iterator[Block]:
    total = sum(component.used for component in found)
    rows = tuple(
        (
            Cell(component_name(one.effect, profile=profile, voice=voice)),
            Cell(str(one.degrees)),
            Cell(voice.number(one.mean_square)),
            Cell(voice.number(one.raw, 3)),
            Cell(voice.number(one.used, 3)),
            Cell(voice.percent(one.used / total) if total else NOTHING),
        )
        for one in found
    )
    keys = ("effect", "degrees", "mean_square", "estimate", "counted", "share")
    index = Index.PROFILE_COMPONENT if profile else Index.COMPONENT
    heads = tuple(voice.word(key) for key in keys)
    yield Table(f"{score}: {voice.term(index)[0]}", heads, rows, (False,) + (True,) * 5)
    negative = [one for one in found if one.negative]
    if negative:
        names = (component_name(one.effect, profile=profile, voice=voice) for one in negative)
        yield Paragraph(voice.say("negative", effects=", ".join(names)))


def _projections(
    found: Sequence[Projection], voice: Voice, *, profile: bool, caption: str
) -> Table:
    notes = Footnotes(voice)
    rows = tuple(
        (
            Cell(str(one.raters)),
            notes.cell(one.phi),
            notes.cell(one.erho2),
            Cell(with_raters(one, voice, profile=profile)),
        )
        for one in found
    )
    pair = (Index.PROFILE_PHI, Index.PROFILE_ERHO2) if profile else (Index.PHI, Index.ERHO2)
    names = (voice.term(index)[0] for index in pair)
    heads = (voice.word("number_of_raters"), *names, voice.word("in_words"))
    return Table(caption, heads, rows, (True, True, True, False), notes.told)


def with_raters(one: Projection, voice: Voice, *, profile: bool) -> str:
    """What the mean of so many raters comes to, or why that cannot be told."""
    if one.phi.value is None:
        return voice.reason(one.phi.why) if one.phi.why else ""
    return voice.say(
        "with_raters_profile" if profile else "with_raters",
        raters=voice.raters(one.raters),
        share=voice.percent(one.phi.value),
    )


def needed_sentences(found: Generalizability, voice: Voice) -> list[str]:
    """How many raters each goal would take."""
    texts = []
    for need in found.needed:
        goal = voice.number(need.goal)
        if need.raters is not None:
            texts.append(voice.say("needed", goal=goal, raters=voice.raters(need.raters)))
        elif need.why is not None:
            texts.append(voice.say("needed_none", goal=goal, why=voice.reason(need.why)))
    return texts


def _one_study(study: Study, score: Score, voice: Voice, *, profile: bool) -> Iterator[Block]:
    found = study.generalizability
    name = voice.word(score.value)
    key = "profile_study" if profile else "components"
    yield Heading(voice.heading(key, score=name), 3)
    if profile:
        yield Paragraph(voice.say("profile_study", used=len(study.items)))
    if found.why is not None:
        yield Paragraph(voice.say("none_made", why=voice.reason(found.why)))
        return
    if not profile:
        items = numbers_in_short(tuple(int(item) for item in study.items))
        yield Paragraph(voice.say("study_used", scorings=", ".join(study.scorings), items=items))
    left = [*study.scorings_left_out]
    if study.items_left_out:
        items = numbers_in_short(tuple(int(item) for item in study.items_left_out))
        left.append(f"{voice.word('items').lower()} {items}")
    if left:
        yield Paragraph(voice.say("study_left_out", what=", ".join(left)))
    yield from _components(found.components, name, voice, profile=profile)


def _made(report: Report, *, profile: bool) -> list[tuple[Score, Generalizability]]:
    studies = [(a.score, a.profile if profile else a.study) for a in report.agreement]
    return [
        (score, study.generalizability)
        for score, study in studies
        if study is not None and study.generalizability.why is None
    ]


def _raters_needed(report: Report, voice: Voice, *, profile: bool) -> Iterator[Block]:
    made = _made(report, profile=profile)
    drawn = [(score, found.projections) for score, found in made]
    kind = "profile" if profile else "sequences"
    if drawn:
        name = f"raters-{kind}"
        caption = voice.say("d_study_profile" if profile else "d_study")
        svg = curves.by_raters(drawn, voice, name)
        yield Plot(name, svg, voice.say("d_study_alt"), caption)
    for score, found in made:
        spoken = voice.word(score.value)
        caption = voice.heading("d_study", score=spoken)
        yield Heading(caption, 4)
        yield _projections(found.projections, voice, profile=profile, caption=caption)
        if not profile:
            yield from (Paragraph(text) for text in needed_sentences(found, voice))


def _profiles(report: Report, voice: Voice) -> Iterator[Block]:
    for found in report.agreement:
        if found.profile is not None:
            yield from _one_study(found.profile, found.score, voice, profile=True)
    yield from _raters_needed(report, voice, profile=True)
    if _made(report, profile=True):
        indices = (Index.PROFILE_COMPONENT, Index.PROFILE_PHI, Index.PROFILE_ERHO2)
        yield glossary(voice, *indices)


def _studies(report: Report, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.heading("raters_needed"), 2)
    for found in report.agreement:
        if found.study is not None:
            yield from _one_study(found.study, found.score, voice, profile=False)
    yield from _raters_needed(report, voice, profile=False)
    yield glossary(voice, Index.COMPONENT, Index.PHI, Index.ERHO2, Index.NEEDED)
