"""``mbtg tag compare``."""

from __future__ import annotations

from dataclasses import asdict

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings
from mbtg_video.cli.words import word
from mbtg_video.rating.reliability.estimate import Estimate
from mbtg_video.rating.reliability.tag_agreement import BoundaryError, TagAgreement
from mbtg_video.rating.report.wording import Voice
from mbtg_video.rating.tagging import compare_tags
from mbtg_video.recording.access import find_recording
from mbtg_video.settings import Language
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power

_SENTENCES = {
    "seconds": (
        "Second by second: whether both have a tag of that item in the same seconds. Kappa is 1 "
        "when they always do, 0 when no more than by chance; it says nothing about which of them "
        "is right.",
        "Sekund for sekund: om begge har et merke for det leddet i de samme sekundene. Kappa er 1 "
        "når de alltid har det, 0 når det ikke er mer enn tilfeldig; den sier ikke hvem som har "
        "rett.",
    ),
    "codes": (
        "Events: tags of the two that begin within {tolerance} of each other are one event. Of "
        "{used} such, {share} carry the same item (kappa {kappa}). {unmatched} tags match none.",
        "Hendelser: merker som begynner innen {tolerance} fra hverandre, er samme hendelse. Av "
        "{used} slike har {share} samme ledd (kappa {kappa}). {unmatched} merker passer med ingen.",
    ),
    "strict": (
        "Counting those as disagreements: {share} the same (kappa {kappa}). That is the stricter "
        "number; it also falls when one of them simply tags less.",
        "Regnes de som uenighet: {share} like (kappa {kappa}). Det er det strengere tallet; det "
        "faller også når den ene bare merker sjeldnere.",
    ),
    "start": (
        "Where both tagged the same item, the beginnings lie {median} apart (median), nine of ten "
        "within {ninetieth}.",
        "Der begge merket samme ledd, ligger begynnelsene {median} fra hverandre (median), ni av "
        "ti innen {ninetieth}.",
    ),
    "end": (
        "The ends lie {median} apart (median), nine of ten within {ninetieth}.",
        "Slutten ligger {median} fra hverandre (median), ni av ti innen {ninetieth}.",
    ),
}


def _number(estimate: Estimate, voice: Voice) -> str:
    if estimate.value is None:
        return f"- ({voice.reason(estimate.why)})" if estimate.why else "-"
    return voice.number(estimate.value)


def _share(estimate: Estimate, voice: Voice) -> str:
    return _number(estimate, voice) if estimate.value is None else voice.percent(estimate.value)


def _boundary(key: str, error: BoundaryError, voice: Voice) -> str:
    if error.median_us is None or error.ninetieth_us is None:
        why = voice.reason(error.why) if error.why else "-"
        return f"{word(f'boundary_{key}', voice.language)}: {why}"
    return _SENTENCES[key][voice.language is Language.NB].format(
        median=_seconds(error.median_us, voice), ninetieth=_seconds(error.ninetieth_us, voice)
    )


def _seconds(us: int, voice: Voice) -> str:
    return f"{voice.number(us / 1_000_000)} s"


def _sentences(found: TagAgreement, tolerance: Timecode, voice: Voice) -> list[str]:
    place = voice.language is Language.NB
    events = found.events
    return [
        _SENTENCES["seconds"][place],
        _SENTENCES["codes"][place].format(
            tolerance=_seconds(tolerance.microseconds, voice),
            used=events.raw.used,
            share=_share(events.raw, voice),
            kappa=_number(events.kappa, voice),
            unmatched=events.unmatched,
        ),
        _SENTENCES["strict"][place].format(
            share=_share(events.raw_with_unmatched, voice),
            kappa=_number(events.kappa_with_unmatched, voice),
        ),
        _boundary("start", found.start, voice),
        _boundary("end", found.end, voice),
    ]


@click.command(cls=CommonCommand)
@click.argument("recording")
@click.argument("first")
@click.argument("second")
@click.option(
    "--tolerance", default="2s", show_default=True, metavar="T", help="Begin within T: one event."
)
def compare(recording: str, first: str, second: str, tolerance: str) -> None:
    """Say how FIRST and SECOND, two persons who tagged RECORDING, agree."""
    within = Timecode.parse(tolerance)
    voice = Voice(settings().language, " ")
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording))
        found = compare_tags(session, row, first, second, tolerance_us=within.microseconds)
    if output.wants_json():
        output.done("", recording=row.name, tolerance_us=within.microseconds, **asdict(found))
        return
    records = [
        {
            "code": seconds.code,
            "kappa": _number(seconds.kappa, voice),
            "seconds_alike": _share(seconds.raw, voice),
        }
        for seconds in found.seconds
    ]
    output.table(records, ("code", "kappa", "seconds_alike"))
    for sentence in _sentences(found, within, voice):
        output.say(sentence)
