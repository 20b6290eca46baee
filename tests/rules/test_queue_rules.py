"""The queue of the house: lanes, numbers, and by which hour somebody is called."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from mpaspor.applications.rules import CaseState
from mpaspor.desk.queue_rules import (
    Lane,
    due_at,
    estimated_wait,
    lane_of,
    prefers_priority,
    ticket_number,
)
from mpaspor.desk.rules import Arrival

TODAY = date(2026, 11, 23)
TEN = datetime.fromisoformat("2026-11-23T10:00:00+07:00")
HALF_PAST_NINE = TEN - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("state", "birth_on", "lane"),
    [
        (CaseState.SCHEDULED, date(1992, 8, 7), Lane.BOOKED),
        (CaseState.SCHEDULED, date(1966, 11, 24), Lane.BOOKED),
        (CaseState.SCHEDULED, date(1966, 11, 23), Lane.PRIORITY),
        (CaseState.MISSED, date(1940, 1, 1), Lane.PRIORITY),
        (CaseState.DOCUMENTS_WANTED, None, Lane.BOOKED),
        (CaseState.READY, date(1992, 8, 7), Lane.PICKUP),
        (CaseState.READY, date(1940, 1, 1), Lane.PICKUP),
    ],
)
def test_sixty_years_are_priority_and_a_passport_is_fetched_in_a_lane_of_its_own(
    state: CaseState, birth_on: date | None, lane: Lane
) -> None:
    assert lane_of(state, birth_on, TODAY) is lane


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (Arrival.ON_TIME, TEN),
        (Arrival.EARLY, TEN),
        (Arrival.LATE, HALF_PAST_NINE),
        (Arrival.WRONG_DAY, HALF_PAST_NINE),
    ],
)
def test_whoever_came_for_their_hour_is_called_by_it_and_anybody_else_by_when_they_came(
    found: Arrival, due: datetime
) -> None:
    assert due_at(found, TEN, HALF_PAST_NINE) == due


def test_a_number_is_the_letter_of_its_lane_and_three_digits() -> None:
    assert [ticket_number(Lane.BOOKED, 7), ticket_number(Lane.PICKUP, 112)] == ["A007", "C112"]


def test_one_of_the_priority_lane_and_then_two_others() -> None:
    a, b = Lane.BOOKED, Lane.PRIORITY
    assert prefers_priority([]) and prefers_priority([a]) and prefers_priority([a, a, b])
    assert not prefers_priority([b]) and not prefers_priority([a, b])


@pytest.mark.parametrize(
    ("ahead", "counters", "lasted", "minutes"),
    [
        (0, 1, [4, 6, 8], 10),
        (3, 2, [4, 6, 8], 15),
        (4, 2, [4, 6, 8], 20),
        (5, 0, [4, 6, 8], None),
        (5, 2, [4, 6], None),
        (0, 3, [1, 1, 1], 5),
    ],
)
def test_the_wait_is_told_by_how_long_the_last_turns_lasted(
    ahead: int, counters: int, lasted: list[int], minutes: int | None
) -> None:
    found = estimated_wait(ahead, counters, [timedelta(minutes=one) for one in lasted])
    assert found == (None if minutes is None else timedelta(minutes=minutes))


def test_only_the_newest_turns_are_measured() -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert estimated_wait(0, 1, [minute] * 12 + [hour] * 50) == timedelta(minutes=5)
