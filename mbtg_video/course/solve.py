"""The best plan of a course's duties, and what stood in the way of a wish.

One aim is solved after the other, each to the end, and held from there on. What is left open by
all of them is decided by the codes: on the earliest day the earliest code first. So the same
question always has the same answer, in whatever order it is put. Only the last three aims have a
limit, of steps and never of time; where it is reached the plan says that it may not be the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from mbtg_video.course.model import DutyKind, WishKind
from mbtg_video.course.plan import (
    MAIN,
    SHARES,
    SPREADS,
    Aim,
    Plan,
    Post,
    Question,
    Want,
    figures,
    obstacles,
)
from mbtg_video.course.solver import ENDLESS, HALF, Model, Terms
from mbtg_video.errors import BadInput, MbtgError

_MOST_NODES: Final = 2000
_MAY_STOP: Final = frozenset({Aim.DOUBLED, Aim.IN_A_ROW, Aim.SAME_PAIR})
_AT_ONCE: Final = 16  # powers of two that the solver tells apart safely


class Duties:
    """A question as the solver takes it: a number for each post, and a sum for each aim."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.model = Model()
        self.days = tuple(sorted(question.days))
        self.persons = question.ordered
        self.at = {
            Post(day, kind, person): self.model.number(0, 1)
            for day in self.days
            for kind in DutyKind
            for person in self.persons
        }
        self._rules()
        aims: dict[Aim, Terms] = {aim: self._spread(kind) for aim, kind in SPREADS.items()}
        aims |= {aim: self._shares(SPREADS[spread]) for aim, spread in SHARES.items()}
        aims[Aim.RATHER_NOT] = self._rather_not()
        aims[Aim.GLADLY] = self._gladly()
        aims[Aim.DOUBLED], aims[Aim.IN_A_ROW] = self._load()
        aims[Aim.SAME_PAIR] = self._same_pair()
        self.aims = {aim: aims[aim] for aim in Aim}
        self.reached: dict[Aim, int] = {}

    def _rules(self) -> None:
        asked, forbidden = self.question, self.question.forbidden()
        for post, place in self.at.items():
            if post in asked.kept:
                self.model.bound(place, 1, 1)
            elif post.day < asked.first or post in forbidden:
                self.model.bound(place, 0, 0)
        for day in self.question.open_days:
            for kind in DutyKind:
                places = [(self.at[Post(day, kind, person)], 1) for person in self.persons]
                self.model.hold(places, asked.needs[kind], asked.needs[kind])
        for day in self.days:
            for person in self.persons:
                self.model.hold([(self.at[Post(day, kind, person)], 1) for kind in MAIN], 0, 1)

    def _spread(self, kind: DutyKind) -> Terms:
        least = self.model.number(0, len(self.days))
        most = self.model.number(0, len(self.days))
        for person in self.persons:
            times = [(self.at[Post(day, kind, person)], 1) for day in self.days]
            self.model.hold([*times, (most, -1)], -ENDLESS, 0)
            self.model.hold([*times, (least, -1)], 0, ENDLESS)
        return [(most, 1), (least, -1)]

    def _shares(self, kind: DutyKind) -> Terms:
        """The squares of how often each has a duty: the first time costs 1, the next 3, then 5."""
        squares = []
        for person in self.persons:
            steps = [(self.model.number(0, 1), 2 * n + 1) for n in range(len(self.days))]
            times = [(self.at[Post(day, kind, person)], 1) for day in self.days]
            self.model.hold([*times, *((step, -1) for step, _ in steps)], 0, 0)
            squares += steps
        return squares

    def _rather_not(self) -> Terms:
        broken = []
        for want in self.question.wants:
            if want.how is WishKind.RATHER_NOT:
                one = self.model.number(0, 1)
                for post in want.posts:
                    self.model.hold([(self.at[post], 1), (one, -1)], -1, 0)
                broken.append((one, 1))
        return broken

    def _gladly(self) -> Terms:
        missed = []
        for want in self.question.wants:
            if want.how is WishKind.GLADLY:
                one = self.model.number(0, 1)
                having = [(self.at[post], 1) for post in want.posts]
                self.model.hold([*having, (one, 1)], 1, ENDLESS)
                missed.append((one, 1))
        return missed

    def _load(self) -> tuple[Terms, Terms]:
        doubled, in_a_row = [], []
        for person in self.persons:
            busy = {}
            for day in self.days:
                main = [(self.at[Post(day, kind, person)], 1) for kind in MAIN]
                theory = [(self.at[Post(day, DutyKind.THEORY, person)], 1)]
                busy[day], both = self.model.number(0, 1), self.model.number(0, 1)
                self.model.hold([*main, *theory, (busy[day], -1), (both, -1)], 0, 0)
                self.model.hold([*main, (both, -1)], 0, ENDLESS)
                self.model.hold([*theory, (both, -1)], 0, ENDLESS)
                doubled.append((both, 1))
            for day, following in pairwise(self.days):
                one = self.model.number(0, 1)
                self.model.hold([(busy[day], 1), (busy[following], 1), (one, -1)], -ENDLESS, 1)
                in_a_row.append((one, 1))
        return doubled, in_a_row

    def _same_pair(self) -> Terms:
        again = []
        for first, second in combinations(self.persons, 2):
            together = []
            for day in self.days:
                pair = [Post(day, DutyKind.COTHERAPIST, person) for person in (first, second)]
                one = self.model.number(0, 1)
                self.model.hold([*((self.at[post], 1) for post in pair), (one, -1)], -ENDLESS, 1)
                together.append((one, 1))
            repeated = self.model.number(0, len(self.days))
            self.model.hold([*together, (repeated, -1)], -ENDLESS, 1)
            again.append((repeated, 1))
        return again

    def posts(self) -> frozenset[Post]:
        """The duties found last."""
        return frozenset(post for post, place in self.at.items() if self.model.value(place))

    def reach(self) -> tuple[Aim, ...]:
        """Reach every aim and hold it; those that may be reached better."""
        unproven = []
        for aim, terms in self.aims.items():
            if _implied(aim, self.reached):
                continue
            found = self.model.least(terms, _MOST_NODES if aim in _MAY_STOP else None)
            if found is None:
                raise MbtgError(f"The solver found no duties at all, at {aim}")
            if not found.proven:
                unproven.append(aim)
            self.reached[aim] = found.value
            if terms:
                self.model.hold(terms, -ENDLESS, found.value + HALF)
        return tuple(unproven)

    def grant(self, want: Want) -> bool:
        """Let a wish be met; False when what must hold forbids it at once."""
        if want.how is WishKind.GLADLY:
            self.model.hold([(self.at[post], 1) for post in want.posts], 1, ENDLESS)
            return True
        for post in want.posts:
            if post in self.question.kept:
                return False
            self.model.bound(self.at[post], 0, 0)
        return True

    def decide(self) -> None:
        """Settle what all aims leave open: day by day the earliest codes first."""
        for day in self.question.open_days:
            for kind in DutyKind:
                row = [self.at[Post(day, kind, person)] for person in self.persons]
                for start in range(0, len(row), _AT_ONCE):
                    part = row[start : start + _AT_ONCE]
                    worth = [(place, -(2.0 ** (len(part) - n))) for n, place in enumerate(part, 1)]
                    if self.model.least(worth, _MOST_NODES) is None:
                        raise MbtgError(f"The solver lost the duties of day {day}")
                    for place in part:
                        value = self.model.value(place)
                        self.model.bound(place, value, value)


def _implied(aim: Aim, reached: Mapping[Aim, int]) -> bool:
    """Whether an aim is reached with an earlier one: nothing is evener than a spread of one."""
    return aim in SHARES and reached[SHARES[aim]] <= 1


def best(question: Question) -> Plan:
    """The best plan; raises `BadInput` that says why there is none."""
    why = obstacles(question)
    if why:
        raise BadInput("\n".join(["There is no such plan.", *why]))
    asked = Duties(question)
    unproven = asked.reach()
    asked.decide()
    posts = asked.posts()
    measured = figures(question, posts)
    if any(
        measured[aim] > figure or (measured[aim] < figure and aim not in unproven)
        for aim, figure in asked.reached.items()
    ):
        raise MbtgError("The solver's plan is not what it claims to be. Nothing was changed.")
    return Plan(posts, measured, unproven)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that the best plan does not meet, and what meeting it would cost.

    Meeting it makes `aim` worse, `figure` instead of the plan's; None where the search was stopped
    before that was settled. Or it leaves no plan at all, when `aim` is None and it is no `draw`; or
    it is a `draw`: it would cost no more than another wish of the same kind.
    """

    want: Want
    aim: Aim | None
    figure: int | None
    draw: bool


def unmet(question: Question, plan: Plan) -> list[Unmet]:
    """Each wish that the best plan does not meet, with the first aim that speaks against it."""
    return [
        _price(question, plan, want)
        for want in question.wants
        if want.day >= question.first
        and want.how is not WishKind.CANNOT
        and not want.met(plan.posts)
    ]


def _price(question: Question, plan: Plan, want: Want) -> Unmet:
    asked = Duties(question)
    if not asked.grant(want):
        return Unmet(want, None, None, draw=False)
    for aim, terms in asked.aims.items():
        if _implied(aim, plan.figures):
            continue
        if aim in plan.unproven:
            return Unmet(want, aim, None, draw=False)
        found = asked.model.least(terms, _MOST_NODES if aim in _MAY_STOP else None)
        if found is None:
            return Unmet(want, None, None, draw=False)
        if found.value > plan.figures[aim]:
            return Unmet(want, aim, found.value if found.proven else None, draw=False)
        if terms:
            asked.model.hold(terms, -ENDLESS, plan.figures[aim] + HALF)
    return Unmet(want, None, None, draw=True)
