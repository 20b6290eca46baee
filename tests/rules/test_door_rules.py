"""When somebody came, by a device whose clock may be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mpaspor.desk.door_rules import SETTLED, Told, Why, came_at

LIST = datetime(2026, 11, 23, 0, 55, tzinfo=UTC)
NOW = LIST + timedelta(hours=3)


def test_a_moment_while_the_door_had_the_list_is_believed() -> None:
    at = LIST + timedelta(minutes=15)
    assert came_at(at, LIST, NOW) == at


def test_a_clock_that_is_slow_or_fast_is_held_to_the_list_and_to_now() -> None:
    assert came_at(LIST - timedelta(days=1), LIST, NOW) == LIST
    assert came_at(NOW + timedelta(minutes=7), LIST, NOW) == NOW


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**5))
def test_no_clock_leads_out_of_the_day(minutes: int, later: int) -> None:
    now = LIST + timedelta(seconds=later)
    assert LIST <= came_at(LIST + timedelta(minutes=minutes), LIST, now) <= now


def test_whatever_is_not_settled_is_something_to_decide() -> None:
    assert {str(told) for told in Told if told not in SETTLED} == {str(why) for why in Why} - {Why.ASKED}
