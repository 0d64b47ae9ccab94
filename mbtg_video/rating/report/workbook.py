"""The report as a workbook: numbers as numbers, texts that can never become formulas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from mbtg_video.rating.compare import Answer
from mbtg_video.rating.report import curves
from mbtg_video.rating.report.content import Agreement, Index, Report, Study
from mbtg_video.rating.report.figures import component_name, with_raters
from mbtg_video.rating.report.one_sequence import row_name, warnings
from mbtg_video.rating.report.printable import printable
from mbtg_video.rating.report.sections import cautions, summary
from mbtg_video.rating.report.wording import Voice, terms
from mbtg_video.timecode import Timecode

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None
_Rows = Callable[[Report, Voice], Iterable[Sequence[Value]]]
_WIDEST: Final = 60
_LONGEST: Final = 32_000
"""A cell holds 32,767 letters at most."""
_TIME: Final = re.compile(rb">[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z<")


def _put(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = printable(value)[:_LONGEST]
        # A text that starts with = would be kept as a formula, and calculated when opened.
        cell.data_type = "s"
    else:
        cell.value = value


def _fill(
    book: Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Value]]
) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    widths = [len(head) for head in heads]
    for column, head in enumerate(heads, 1):
        _put(sheet, 1, column, head)
        sheet.cell(1, column).font = Font(bold=True)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            _put(sheet, number, column, value)
            shown = f"{value:.3f}" if isinstance(value, float) else str(value or "")
            widths[column - 1] = max(widths[column - 1], len(shown))
            if isinstance(value, float):
                sheet.cell(number, column).number_format = "0.000"
            if len(shown) > _WIDEST:
                sheet.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, _WIDEST) + 2
    sheet.freeze_panes = "A2"


def _overview(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    yield voice.word("scale"), f"{report.scale.title}, {report.scale.id}"
    yield voice.word("scale"), voice.word("version", number=report.scale.version)
    yield voice.word("date"), report.on.isoformat()
    for text in [*summary(report, voice), *cautions(report, voice)]:
        yield voice.heading("short"), text
    for text in voice.method():
        yield voice.heading("method"), text
    for name, means, limit in (voice.term(index) for index in terms().terms):
        yield name, f"{means} {limit}"


def _who(answer: Answer, agreed: Answer | None, voice: Voice) -> str:
    return voice.word("consensus") if answer is agreed else answer.rater


def _scores(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    for part in report.scorings:
        head = (part.name, part.sequence, part.held_on.isoformat(), part.about)
        for row in part.rows:
            for answer in (*row.answers, *([row.agreed] if row.agreed else [])):
                absence = voice.word(answer.absence.value) if answer.absence else None
                numbers = (answer.adherence, answer.quality, answer.value, absence)
                what = (row.item, row_name(row, report.scale))
                yield (*head, _who(answer, row.agreed, voice), *what, *numbers, answer.note)


def _differences(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    for part in report.scorings:
        for row in part.rows:
            split = voice.word("disagreed") if row.split else None
            yield part.name, row.item, row_name(row, report.scale), row.gap, split


def _agreement(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    columns = curves.BY_ITEM + curves.INTRACLASS
    for found in report.agreement:
        score = voice.word(found.score.value)
        for item in found.items:
            for index, of in columns:
                estimate = of(item)
                why = voice.reason(estimate.why) if estimate.why else None
                bounds = (estimate.value, estimate.low, estimate.high)
                counted = (estimate.used, estimate.left_out)
                name = report.scale.name(item.item)
                yield score, item.item, name, voice.term(index)[0], *bounds, *counted, why


def _studies(report: Report) -> Iterable[tuple[Agreement, Study, bool]]:
    for found in report.agreement:
        for study, profile in ((found.study, False), (found.profile, True)):
            if study is not None:
                yield found, study, profile


def _kind(profile: bool, voice: Voice) -> str:
    return voice.term(Index.PROFILE_COMPONENT if profile else Index.COMPONENT)[0]


def _components(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    for found, study, profile in _studies(report):
        score, kind = voice.word(found.score.value), _kind(profile, voice)
        why = study.generalizability.why
        if why is not None:
            yield score, kind, None, None, None, None, None, voice.reason(why)
        for one in study.generalizability.components:
            name = component_name(one.effect, profile=profile, voice=voice)
            yield score, kind, name, one.degrees, one.mean_square, one.raw, one.used, None


def _d_study(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    for found, study, profile in _studies(report):
        score, kind = voice.word(found.score.value), _kind(profile, voice)
        for one in study.generalizability.projections:
            phi, erho2 = one.phi, one.erho2
            numbers = (phi.value, phi.low, phi.high, erho2.value, erho2.low, erho2.high)
            yield score, kind, one.raters, *numbers, with_raters(one, voice, profile=profile)


def _evidence(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    for part in report.scorings:
        for row in part.rows:
            for answer in (*row.answers, *([row.agreed] if row.agreed else [])):
                for moment in answer.evidence:
                    end = None if moment.end_us is None else str(Timecode(moment.end_us))
                    times = (str(Timecode(moment.start_us)), end, moment.tag)
                    who = _who(answer, row.agreed, voice)
                    scores = (answer.adherence, answer.quality)
                    yield part.name, part.recording, row.item, who, *scores, *times, None
        for text in warnings(part, voice):
            yield (part.name, part.recording, *[None] * 7, text)


def _growth(report: Report, voice: Voice) -> Iterable[Sequence[Value]]:
    for point in report.growth.points if report.growth else ():
        source = voice.word("from_consensus" if point.agreed else "from_raters")
        for one in point.measures:
            head = (point.held_on.isoformat(), point.scoring, source, voice.word(one.score.value))
            yield (*head, one.value, one.low, one.high, one.good_enough, one.items)


_SHEETS: Final[tuple[tuple[str, str, _Rows], ...]] = (
    ("short", "index means", _overview),
    ("scores", "scoring sequence session_date about rater item name adherence quality overall "
     "absence note", _scores),
    ("differences", "scoring item name difference split", _differences),
    ("agreement", "scores item name index value low high used left_out reason", _agreement),
    ("components", "scores index effect degrees mean_square estimate counted reason", _components),
    ("d_study", "scores index number_of_raters phi phi_low phi_high erho2 erho2_low erho2_high "
     "in_words", _d_study),
    ("evidence", "scoring recording item rater adherence quality from to tag warning", _evidence),
    ("growth", "date scoring source scores mean low high reached items", _growth),
)  # fmt: skip
"""Sheets with the words of their columns."""


def write_xlsx(report: Report) -> bytes:
    """The workbook; the same report gives the same bytes."""
    from openpyxl.workbook import Workbook

    voice = Voice(report.language)
    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    for key, columns, rows in _SHEETS:
        heads = [voice.word(column) for column in columns.split()]
        _fill(book, voice.word(f"sheet_{key}"), heads, rows(report, voice))
    book.properties.creator = "mbtg-video"
    book.properties.language = report.language.value
    written = io.BytesIO()
    book.save(written)
    return _dated(written.getvalue(), report.on)


def _dated(archive: bytes, day: date) -> bytes:
    """The same archive, made and changed on that day as far as it says."""
    stamp = f">{day.isoformat()}T00:00:00Z<".encode()
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(written, "w") as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _TIME.sub(stamp, content)
            dated = zipfile.ZipInfo(
                entry.filename, (max(1980, day.year), day.month, day.day, 0, 0, 0)
            )
            target.writestr(dated, content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
