"""Which hours an office should have, out of what is planned: weekly hours, single days, caps, cut-offs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.offices.programme_rules import Cutoffs
from mpaspor.offices.rules import Hour
from mpaspor.offices.supply_rules import (
    Cap,
    SingleHour,
    Supply,
    Version,
    WantedHour,
    WeeklyHour,
    cut,
    hours_between,
    places_by_counters,
    wanted_hours,
)

HALL, MALL = UUID(int=1), UUID(int=2)
REGULAR, FAST, WEEKEND = UUID(int=11), UUID(int=12), UUID(int=13)
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
ALWAYS = date(2020, 1, 1)
_PLAIN = Version(ALWAYS, True, Cutoffs())


def _weekly(
    weekday: int, at: int, capacity: int, programme: UUID = REGULAR, point: UUID = HALL
) -> WeeklyHour:
    return WeeklyHour(point, programme, Hour(weekday, time(at), time(at + 1), capacity), ALWAYS)


def _supply(*weekly: WeeklyHour, **others: object) -> Supply:
    found = Supply(
        weekly=weekly,
        versions={
            REGULAR: [_PLAIN],
            FAST: [Version(ALWAYS, True, Cutoffs(latest_start=time(9), days_ahead_most=7), 2)],
            WEEKEND: [Version(ALWAYS, True, Cutoffs(on_days_off=True))],
        },
        days_off={date(2026, 11, 25)},
        known_years={2026},
    )
    return replace(found, **others)


def _hours(supply: Supply, first: date = MONDAY, days: int = 7) -> list[WantedHour]:
    return wanted_hours(
        supply,
        first,
        first + timedelta(days=days - 1),
        time_zone="Asia/Jakarta",
        notice_of=lambda least: least - 1,
    )


def _short(hours: list[WantedHour]) -> list[tuple[str, int]]:
    zone = timedelta(hours=7)
    return [((hour.starts_at + zone).strftime("%a %H"), hour.capacity) for hour in hours]


def test_a_weekly_hour_is_there_on_each_of_its_days_at_the_offices_hour() -> None:
    (made,) = _hours(_supply(_weekly(0, 8, 16)))
    assert made == WantedHour(
        HALL,
        REGULAR,
        datetime(2026, 11, 23, 1, tzinfo=UTC),
        datetime(2026, 11, 23, 2, tzinfo=UTC),
        16,
    )


@pytest.mark.parametrize(
    ("weekday", "programme", "expected"),
    [
        (1, REGULAR, ["Tue 08"]),
        (2, REGULAR, []),  # a holiday
        (2, WEEKEND, []),  # for all
        (5, REGULAR, []),
        (5, WEEKEND, ["Sat 08"]),
        (6, WEEKEND, ["Sun 08"]),
    ],
)
def test_days_off_are_for_those_programmes_that_run_then(
    weekday: int, programme: UUID, expected: list[str]
) -> None:
    made = _hours(_supply(_weekly(weekday, 8, 4, programme)))
    assert [name for name, _ in _short(made)] == expected


def test_a_single_day_is_opened_whatever_day_it_is_and_wins_over_the_week() -> None:
    on_a_holiday = SingleHour(MALL, REGULAR, date(2026, 11, 25), time(8), time(9), 5)
    instead = SingleHour(HALL, REGULAR, MONDAY, time(8), time(9), 3)
    made = _hours(_supply(_weekly(0, 8, 16), single=[on_a_holiday, instead]))
    assert _short(made) == [("Mon 08", 3), ("Wed 08", 5)]


def test_the_same_hour_at_two_places_and_for_two_programmes_is_each_its_own() -> None:
    made = _hours(_supply(_weekly(0, 8, 1), _weekly(0, 8, 2, point=MALL), _weekly(0, 8, 3, FAST)))
    assert sorted(hour.capacity for hour in made) == [1, 2, 3]


def test_a_visit_begins_in_time_for_its_promise_and_not_too_far_ahead() -> None:
    made = _hours(_supply(_weekly(0, 9, 4, FAST), _weekly(0, 10, 4, FAST)), days=28)
    assert _short(made) == [("Mon 09", 4), ("Mon 09", 4)]  # this Monday and the next; not those after it
    assert {hour.notice_days for hour in made} == {1}  # two days ahead, where others are taken one ahead


def test_a_programme_that_has_ended_or_not_begun_has_no_hours() -> None:
    supply = _supply(_weekly(0, 8, 4), _weekly(1, 8, 4), _weekly(3, 8, 4))
    assert _short(_hours(replace(supply, ends={REGULAR: date(2026, 11, 24)}))) == [
        ("Mon 08", 4),
        ("Tue 08", 4),
    ]
    late = replace(_PLAIN, valid_from=date(2026, 11, 24))
    assert _short(_hours(replace(supply, versions={REGULAR: [late]}))) == [("Tue 08", 4), ("Thu 08", 4)]
    by_request = replace(late, makes_hours=False, valid_from=date(2026, 11, 26))
    assert _short(_hours(replace(supply, versions={REGULAR: [late, by_request]}))) == [("Tue 08", 4)]
    assert _hours(replace(supply, versions={})) == []


def test_a_year_whose_holidays_are_not_decreed_stays_shut_single_days_too() -> None:
    single = SingleHour(HALL, REGULAR, date(2027, 1, 4), time(8), time(9), 5)
    supply = _supply(_weekly(3, 8, 4), single=[single])
    assert _short(_hours(supply, date(2026, 12, 31), 7)) == [("Thu 08", 4)]


def test_a_cap_of_a_programme_cuts_it_alone_and_one_of_the_office_cuts_what_is_left() -> None:
    supply = _supply(_weekly(0, 8, 10), _weekly(0, 9, 10), _weekly(0, 8, 10, FAST))
    fast = Cap(FAST, MONDAY, MONDAY, 5)
    assert sorted(_short(_hours(replace(supply, caps=[fast])))) == [
        ("Mon 08", 5),
        ("Mon 08", 10),
        ("Mon 09", 10),
    ]
    both = replace(supply, caps=[Cap(None, MONDAY, None, 10), fast])
    assert sum(hour.capacity for hour in _hours(both)) == 10
    assert _hours(replace(supply, caps=[Cap(None, ALWAYS, None, 0)])) == []
    over = Cap(None, ALWAYS, date(2026, 11, 22), 0)
    assert len(_hours(replace(supply, caps=[over]))) == 3


@pytest.mark.parametrize(
    ("capacities", "most", "expected"),
    [
        ([16, 16, 12], 100, [16, 16, 12]),
        ([16, 16, 12], 22, [8, 8, 6]),
        ([5, 5, 5], 7, [3, 2, 2]),
        ([1, 9], 5, [1, 4]),
        ([4], 0, [0]),
        ([], 3, []),
    ],
)
def test_a_day_is_cut_in_proportion(capacities: list[int], most: int, expected: list[int]) -> None:
    assert cut(capacities, most) == expected


@given(st.lists(st.integers(1, 60), max_size=12), st.integers(0, 400))
def test_a_cut_day_holds_exactly_what_it_may_and_no_hour_gains(capacities: list[int], most: int) -> None:
    left = cut(capacities, most)
    assert sum(left) == min(most, sum(capacities))
    assert all(0 <= now <= before for now, before in zip(left, capacities, strict=True))


def test_places_come_from_counters_and_minutes() -> None:
    assert places_by_counters(4, 15, time(8), time(9)) == 16
    assert places_by_counters(3, 25, time(8), time(9)) == 6
    assert places_by_counters(3, 25, time(8, 30), time(10)) == 9


def test_the_hours_of_a_day_step_around_the_pause() -> None:
    friday = hours_between(time(8), time(15), pause=(time(11, 30), time(13)))
    assert [f"{begins:%H%M}" for begins, _ends in friday] == ["0800", "0900", "1000", "1300", "1400"]
    assert hours_between(time(8), time(9, 30), minutes=30)[-1] == (time(9), time(9, 30))
    assert hours_between(time(8), time(8, 30)) == []
