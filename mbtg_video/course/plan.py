"""Fair duties: what is asked, what must hold, and what makes one plan better than another.

What must hold, else `obstacles` says why it cannot:

- every open day has exactly as many of each duty as asked for;
- nobody presents clinical material and is co-therapist on the same day;
- nobody gets a duty on a day when they cannot;
- duties that are kept (set by hand, or on a day before the first open one) stay as they are.

What is best is decided by one `Aim` after another: a later one never costs an earlier one anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from mbtg_video.consent.model import counted
from mbtg_video.course.model import DutyKind, WishKind

MAIN: Final = (DutyKind.CLINICAL, DutyKind.COTHERAPIST)
"""Nobody has both of these on one day."""

DOES: Final[Mapping[DutyKind, str]] = MappingProxyType(
    {
        DutyKind.CLINICAL: "presents clinical material",
        DutyKind.THEORY: "presents theory",
        DutyKind.COTHERAPIST: "is co-therapist",
    }
)
"""What somebody with a duty does, as the end of a sentence."""


class Post(NamedTuple):
    """One duty of one person on one day."""

    day: int
    kind: DutyKind
    person: str


@dataclass(frozen=True, slots=True)
class Want:
    """How a person stands to having any of these duties on a day."""

    person: str
    day: int
    kinds: tuple[DutyKind, ...]
    how: WishKind

    @property
    def posts(self) -> tuple[Post, ...]:
        """The duties it is about."""
        return tuple(Post(self.day, kind, self.person) for kind in self.kinds)

    def met(self, posts: Collection[Post]) -> bool:
        """Whether a plan does as wished."""
        return any(post in posts for post in self.posts) is (self.how is WishKind.GLADLY)


class Aim(StrEnum):
    """What makes one plan better than another, the weightiest first; less of each is better."""

    CLINICAL = "clinical"
    """How often somebody presents clinical material: most less least, over the course."""
    CLINICAL_SHARES = "clinical_shares"
    """How often each presents clinical material, squared and added up: the least is most even."""
    COTHERAPIST = "cotherapist"
    """As `CLINICAL`, of being co-therapist."""
    COTHERAPIST_SHARES = "cotherapist_shares"
    THEORY = "theory"
    """As `CLINICAL`, of theory."""
    THEORY_SHARES = "theory_shares"
    RATHER_NOT = "rather_not"
    """Wishes rather not to have a duty that are not met."""
    GLADLY = "gladly"
    """Wishes to have a duty that are not met."""
    DOUBLED = "doubled"
    """Days on which somebody has theory beside another duty."""
    IN_A_ROW = "in_a_row"
    """Times that somebody has duties on two course days in a row."""
    SAME_PAIR = "same_pair"
    """Times that two are co-therapists together once more."""


SPREADS: Final[Mapping[Aim, DutyKind]] = MappingProxyType(
    {
        Aim.CLINICAL: DutyKind.CLINICAL,
        Aim.COTHERAPIST: DutyKind.COTHERAPIST,
        Aim.THEORY: DutyKind.THEORY,
    }
)

SHARES: Final[Mapping[Aim, Aim]] = MappingProxyType(
    {
        Aim.CLINICAL_SHARES: Aim.CLINICAL,
        Aim.COTHERAPIST_SHARES: Aim.COTHERAPIST,
        Aim.THEORY_SHARES: Aim.THEORY,
    }
)
"""Shares, each with the spread it goes with.

A spread says nothing of those between: where one person is never there, it is the same whether
the others have two each or some three and some one.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be planned; days before `first` stay as `kept` has them."""

    persons: tuple[str, ...]
    days: tuple[int, ...]
    needs: Mapping[DutyKind, int]
    kept: frozenset[Post] = frozenset()
    wants: tuple[Want, ...] = ()
    first: int = 0

    @property
    def open_days(self) -> tuple[int, ...]:
        """Days that are planned, in order."""
        return tuple(day for day in sorted(self.days) if day >= self.first)

    @property
    def ordered(self) -> tuple[str, ...]:
        """Persons as people count them: K2 before K10."""
        return tuple(sorted(self.persons, key=counted))

    def forbidden(self) -> frozenset[Post]:
        """Duties on open days that somebody cannot have."""
        return frozenset(
            post
            for want in self.wants
            if want.how is WishKind.CANNOT and want.day >= self.first
            for post in want.posts
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All duties of the course, how far each aim is reached, and which may not be the best."""

    posts: frozenset[Post]
    figures: Mapping[Aim, int]
    unproven: tuple[Aim, ...] = ()

    def times(self, kind: DutyKind, person: str) -> int:
        """How often a person has a duty over the course."""
        return sum(post.kind is kind and post.person == person for post in self.posts)


def figures(question: Question, posts: Collection[Post]) -> dict[Aim, int]:
    """How far a plan reaches each aim, in their order: the less, the better."""
    found = {}
    for aim, kind in SPREADS.items():
        many = Counter(post.person for post in posts if post.kind is kind)
        times = [many[person] for person in question.persons]
        found[aim] = max(times, default=0) - min(times, default=0)
        shares = next(one for one, spread in SHARES.items() if spread is aim)
        found[shares] = sum(number * number for number in times)
    for aim, how in ((Aim.RATHER_NOT, WishKind.RATHER_NOT), (Aim.GLADLY, WishKind.GLADLY)):
        found[aim] = sum(want.how is how and not want.met(posts) for want in question.wants)
    busy = Counter((post.person, post.day) for post in posts)
    found[Aim.DOUBLED] = sum(many > 1 for many in busy.values())
    found[Aim.IN_A_ROW] = sum(
        (person, day) in busy and (person, following) in busy
        for person in question.persons
        for day, following in pairwise(sorted(question.days))
    )
    together = Counter(
        pair
        for day in question.days
        for pair in combinations(
            sorted(p.person for p in posts if p.day == day and p.kind is DutyKind.COTHERAPIST), 2
        )
    )
    found[Aim.SAME_PAIR] = sum(many - 1 for many in together.values())
    return found


def listed(codes: Iterable[str]) -> str:
    """Codes as people read them; ``nobody`` when there are none."""
    return ", ".join(sorted(codes, key=counted)) or "nobody"


def obstacles(question: Question) -> list[str]:
    """Why no plan can hold what must hold, in sentences; empty when one can.

    No rule binds two days to each other, so each day is looked at by itself. Its two main duties
    can be filled if, and only if, enough persons can have each and enough can have either: the
    theorem of Hall (1935, J. London Math. Soc. 10, 26-30).
    """
    found: dict[str, list[int]] = {}
    for day in sorted(question.days):
        kept = {kind: _kept(question, day, kind) for kind in DutyKind}
        for person in sorted(kept[MAIN[0]] & kept[MAIN[1]], key=counted):
            found.setdefault(f"{person} has both main duties, and nobody may", []).append(day)
        if day >= question.first:
            for reason in _of_day(question, day, kept):
                found.setdefault(reason, []).append(day)
    return [f"{_days(days)}: {reason}." for reason, days in found.items()]


def _kept(question: Question, day: int, kind: DutyKind) -> set[str]:
    return {post.person for post in question.kept if post.day == day and post.kind is kind}


def _days(days: Sequence[int]) -> str:
    return f"Day {days[0]}" if len(days) == 1 else f"Days {', '.join(map(str, days))}"


def _of_day(question: Question, day: int, kept: Mapping[DutyKind, set[str]]) -> Iterable[str]:
    forbidden = question.forbidden()
    able, open_places = {}, {}
    for kind in DutyKind:
        for person in sorted(kept[kind], key=counted):
            if Post(day, kind, person) in forbidden:
                yield f"{person} {DOES[kind]} as set by hand, but cannot"
        others = kept[MAIN[1 - MAIN.index(kind)]] if kind in MAIN else set()
        able[kind] = {
            person
            for person in question.persons
            if Post(day, kind, person) not in forbidden and person not in kept[kind] | others
        }
        open_places[kind] = question.needs[kind] - len(kept[kind])
        if open_places[kind] < 0:
            yield (
                f"{len(kept[kind])} were set by hand for {kind} ({listed(kept[kind])}), but "
                f"{question.needs[kind]} are asked for"
            )
        elif len(able[kind]) < open_places[kind]:
            yield _too_few(question, day, kind, able[kind], open_places[kind], kept)
    either = able[MAIN[0]] | able[MAIN[1]]
    wanted = [open_places[kind] for kind in MAIN]
    enough = all(0 <= open_places[kind] <= len(able[kind]) for kind in MAIN)
    if enough and len(either) < sum(wanted):
        yield (
            f"{wanted[0]} for clinical and {wanted[1]} for cotherapist are needed, "
            f"{sum(wanted)} different persons, but only {listed(either)} can"
        )


def _too_few(
    question: Question,
    day: int,
    kind: DutyKind,
    able: set[str],
    wanted: int,
    kept: Mapping[DutyKind, set[str]],
) -> str:
    cannot = {post.person for post in question.forbidden() if post[:2] == (day, kind)}
    cannot &= set(question.persons)
    busy = set().union(*(kept[other] for other in MAIN if kind in MAIN and other is not kind))
    why = [
        text.format(listed(who))
        for text, who in (
            ("cannot: {}", cannot),
            ("has the other main duty: {}", busy - cannot),
            ("set by hand already: {}", kept[kind] - cannot),
        )
        if who
    ]
    more = " more" if kept[kind] else ""
    told = f"{wanted}{more} for {kind} {'is' if wanted == 1 else 'are'} needed, but "
    told += f"only {listed(able)} can" if able else "nobody can"
    return f"{told} ({'; '.join(why)})" if why else told
