"""Long work is done once, breaks off when nobody wants it, and is asked about from many sides."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from mbtg_video.studio.jobs import Jobs, State


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.stop()


@contextmanager
def quick_turns():
    """Threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def test_work_is_begun_and_looked_at_from_many_threads_at_once(jobs):
    failures = []

    def begin(own):
        try:
            for place in range(300):
                jobs.start("poster", f"R{own}-{place}", lambda _: {}, behind=True)
                assert jobs.busy in (True, False)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=begin, args=(own,)) for own in range(6)]
    with quick_turns():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert len(jobs.all()) == 6 * 300


def test_the_same_is_not_made_twice_behind_unless_it_was_broken_off(jobs):
    begun, goes_on = Event(), Event()

    def work(progress):
        begun.set()
        goes_on.wait()
        progress(0.5)
        return {}

    first = jobs.start("poster", "R1", work, behind=True)
    assert jobs.start("poster", "R1", work, behind=True) is first
    begun.wait()
    first.cancel()
    second = jobs.start("poster", "R1", work, behind=True)
    assert second is not first
    goes_on.set()
    jobs.wait(second.id)
    assert (first.state, second.state) == (State.CANCELLED, State.DONE)
