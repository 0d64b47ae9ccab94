"""What a playlist takes is added up to the microsecond."""

from datetime import timedelta

from mbtg_video.supervision.fit import Planned, fit


def seconds(count, microseconds=0):
    return timedelta(seconds=count, microseconds=microseconds)


def test_clips_talk_and_steps_are_added_up_exactly():
    planned = [
        Planned(seconds(17, 960_000), 10),
        Planned(seconds(184, 1), None),
        Planned(None, 15),
        Planned(None, None),
    ]
    found = fit(planned, 45)
    assert found.takes == (seconds(617, 960_000), seconds(184, 1), seconds(900), timedelta())
    assert found.total == seconds(1701, 960_001)
    assert found.slot == timedelta(minutes=45)
    assert found.left == seconds(998, 39_999)
    assert found.unplanned == (2, 4)


def test_what_takes_longer_than_its_slot_leaves_less_than_nothing():
    assert fit([Planned(seconds(1), 45)], 45).left == -seconds(1)
    assert fit([Planned(None, 45)], 45).left == timedelta()


def test_without_a_slot_there_is_only_a_total():
    found = fit([Planned(seconds(1), 1)], None)
    assert (found.total, found.slot, found.left) == (seconds(61), None, None)


def test_an_empty_playlist_takes_no_time():
    assert fit([], 10).left == timedelta(minutes=10)
