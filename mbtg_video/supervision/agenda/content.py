"""What an agenda holds, and its fixed words in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from mbtg_video.settings import Language

_WORDS: Final = {
    # key: (Norwegian, English)
    "agenda": ("Plan for dagen", "Agenda"),
    "day": ("Kursdag", "Course day"),
    "place": ("Sted", "Place"),
    "theme": ("Tema", "Theme"),
    "roleplay": ("Rollespill", "Role-play"),
    "psychoeducational": ("psykoedukativ gruppe", "psychoeducational group"),
    "dynamic": ("dynamisk gruppe", "dynamic group"),
    "scoring": ("Skåring", "Scoring"),
    "scored": ("En videosekvens skåres sammen.", "A video sequence is scored together."),
    "duties": ("Oppgaver", "Duties"),
    "clinical": ("Presenterer klinisk materiale", "Presents clinical material"),
    "cotherapist": ("Koterapeuter i rollespillet", "Co-therapists in the role-play"),
    "theory": ("Presenterer teori", "Presents theory"),
    "characters": ("Pasienter i rollespillet", "Patients in the role-play"),
    "times": ("Tider", "Times"),
    "focus": ("Ledd i fokus", "Items in focus"),
    "notes": ("Notater", "Notes"),
    "session": ("Veiledning", "Supervision"),
    "minutes_text": ("Referat", "Minutes of a session"),
    "discussion": ("Diskusjon", "Discussion"),
    "theory_step": ("Teori", "Theory"),
    "item": ("Ledd", "Item"),
    "question": ("Spørsmål", "Question"),
    "takes": ("Tar", "Takes"),
    "of": ("av", "of"),
    "minutes": ("min", "min"),
    "talk": ("samtale", "to talk"),
    "barred": (
        "Kan ikke vises denne dagen: et samtykke mangler, et navn blir sagt, eller utdraget er "
        "slettet da.",
        "May not be shown on this day: a consent is missing, a name is said, or it is deleted by "
        "then.",
    ),
    "judged": (
        "Samtykkene er vurdert for denne dagen.",
        "Consents have been judged for this day.",
    ),
    "private": (
        "Fortrolig: lever arket tilbake etter timen.",
        "Confidential: give this sheet back after the session.",
    ),
    "nothing": ("Ingen utdrag er satt opp ennå.", "No excerpts are planned yet."),
}
_WEEKDAYS: Final = (
    ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
_MONTHS: Final = (
    ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september",
     "oktober", "november", "desember"),
    ("January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"),
)  # fmt: skip


def agenda_word(key: str, language: Language) -> str:
    """A fixed word in one language."""
    norwegian, english = _WORDS[key]
    return norwegian if language is Language.NB else english


def long_date(day: date, language: Language) -> str:
    """A date as people write it."""
    place = 0 if language is Language.NB else 1
    weekday, month = _WEEKDAYS[place][day.weekday()], _MONTHS[place][day.month - 1]
    dot = "." if language is Language.NB else ""
    return f"{weekday} {day.day}{dot} {month} {day.year}"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a session.

    `name` is an excerpt's id or the kind of a step; `takes` its length and the minutes to talk.
    `texts` are title and question, there only when they were asked for. `barred` says why it may
    not be shown.
    """

    position: int
    name: str
    takes: str
    presenter: str
    items: tuple[int, ...]
    texts: tuple[str, ...]
    barred: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A playlist that is held: its id, its own title only when that was asked for."""

    name: str
    title: str
    takes: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Slotted:
    """A slot of the day at its settled time, with what is held in it."""

    start: str
    end: str
    name: str
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """A handout: `facts` and `duties` are pairs of a word and what it says."""

    language: Language
    title: str
    subtitle: str
    on: date
    facts: tuple[tuple[str, str], ...]
    duties: tuple[tuple[str, str], ...]
    characters: tuple[tuple[str, str], ...]
    focus: tuple[tuple[int, str], ...]
    slots: tuple[Slotted, ...]
    warnings: tuple[str, ...]
    """What may not be shown and why, for whoever makes the agenda; it stands on no sheet."""

    def word(self, key: str) -> str:
        """A fixed word in the agenda's language."""
        return agenda_word(key, self.language)

    @property
    def playlists(self) -> tuple[str, ...]:
        """Ids of the playlists in it."""
        return tuple(sitting.name for slot in self.slots for sitting in slot.sittings)
