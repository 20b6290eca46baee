"""How often what is free may be read."""

from __future__ import annotations

from mpaspor.web.calendar_looks import SECONDS_AT_ONCE, Looks

NOON = 1_795_000_000.0


def test_abuse_22_thirty_seconds_in_one_go_and_then_as_time_goes_by() -> None:
    looks = Looks()
    assert [looks.take("a", 2, NOON) for _ in range(2 * SECONDS_AT_ONCE)] == [0.0] * 60
    assert looks.take("a", 2, NOON) == 0.5
    assert looks.take("b", 2, NOON) == 0.0
    assert looks.take("a", 2, NOON + 0.5) == 0.0
    assert looks.take("a", 2, NOON + 0.5) == 0.5


def test_a_refused_look_costs_nothing_and_a_clock_that_is_set_back_gives_nothing() -> None:
    looks = Looks()
    for _ in range(2 * SECONDS_AT_ONCE + 50):
        looks.take("a", 2, NOON)
    assert looks.take("a", 2, NOON - 3600) == 0.5
    assert looks.take("a", 2, NOON + 1) == 0.0


def test_a_crowd_of_addresses_takes_no_more_memory_than_there_is_room_for() -> None:
    looks = Looks(most_callers=3)
    for caller in "abcdefgh":
        looks.take(caller, 1, NOON)
    assert sorted(looks._left) == ["f", "g", "h"]
