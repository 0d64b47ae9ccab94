"""The solver as the planners use it: silent, and never an answer that time decided."""

import pytest

from mbtg_video.course.solver import ENDLESS, Model
from mbtg_video.errors import MbtgError


def test_the_solver_says_nothing_where_json_may_be_waited_for(capfd):
    model = Model()
    first, second = model.number(0, 5), model.number(0, 5)
    model.hold([(first, 2), (second, 1)], 7, ENDLESS)
    found = model.least([(first, 1), (second, 1)])
    assert (found.value, found.proven) == (4, True)
    assert capfd.readouterr() == ("", "")


def test_a_search_that_takes_too_long_gives_no_answer_at_all():
    model = Model(most_seconds=0.0)
    places = [model.number(0, 1) for _ in range(40)]
    model.hold([(place, 7 * n + 3) for n, place in enumerate(places)], 1001, 1001)
    with pytest.raises(MbtgError, match="ended without an answer"):
        model.least([(place, 5 * n + 2) for n, place in enumerate(places)])
