"""The laws of working days, of an office's own day, and of office names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.booking.rules import last_change_on, may_move_on
from mpaspor.offices import rules

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=30)
ZONES = st.sampled_from(sorted(rules.ZONE_LABELS))


@given(DAYS, st.integers(1, 40), HOLIDAYS)
def test_a_promised_day_is_always_a_working_day(start: date, count: int, holidays: frozenset[date]) -> None:
    assert rules.is_working_day(rules.add_working_days(start, count, holidays), holidays)


@given(DAYS, st.integers(0, 40), HOLIDAYS)
def test_as_many_working_days_lie_behind_as_were_promised(
    start: date, count: int, holidays: frozenset[date]
) -> None:
    end = rules.add_working_days(start, count, holidays)
    assert len(list(rules.working_days(start + timedelta(days=1), end, holidays))) == count


@given(DAYS, st.integers(0, 20), st.integers(0, 20), HOLIDAYS)
def test_counting_on_is_counting_together(start: date, a: int, b: int, holidays: frozenset[date]) -> None:
    once = rules.add_working_days(start, a + b, holidays)
    assert rules.add_working_days(rules.add_working_days(start, a, holidays), b, holidays) == once


@given(DAYS, st.integers(0, 40), HOLIDAYS, DAYS)
def test_another_holiday_never_makes_a_promise_earlier(
    start: date, count: int, holidays: frozenset[date], more: date
) -> None:
    before = rules.add_working_days(start, count, holidays)
    assert rules.add_working_days(start, count, holidays | {more}) >= before


def test_four_working_days_jump_over_the_christmas_of_2026() -> None:
    holidays = {date(2026, 12, 24), date(2026, 12, 25)}
    assert rules.add_working_days(date(2026, 12, 21), 4, holidays) == date(2026, 12, 29)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError):
        rules.add_working_days(date(2026, 1, 1), -1, set())


@given(DAYS, st.times(), ZONES)
def test_a_moment_made_from_an_offices_clock_reads_back_as_it_was(day: date, at: time, zone: str) -> None:
    moment = rules.moment_of(day, at, zone)
    assert (rules.local_date(moment, zone), rules.local_time(moment, zone)) == (day, at)


def test_each_zone_has_its_label() -> None:
    assert [rules.zone_label(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura")] == [
        "WIB",
        "WITA",
        "WIT",
    ]
    with pytest.raises(KeyError):
        rules.zone_label("Europe/Amsterdam")


def test_the_day_before_ends_at_the_offices_own_midnight() -> None:
    late_in_palembang = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # 23.30 WIB, 01.30 WIT the next day
    visit_on = date(2026, 12, 1)
    assert may_move_on(rules.local_date(late_in_palembang, "Asia/Jakarta"), visit_on, 0)
    assert not may_move_on(rules.local_date(late_in_palembang, "Asia/Jayapura"), visit_on, 0)
    assert last_change_on(visit_on) == date(2026, 11, 30)


@given(DAYS, st.times(), ZONES)
def test_nothing_of_today_can_be_claimed_one_day_ahead(day: date, at: time, zone: str) -> None:
    now = rules.moment_of(day, at, zone)
    earliest = rules.earliest_start(now, zone, 1)
    assert rules.local_date(earliest, zone) == day + timedelta(days=1)
    assert rules.local_time(earliest, zone) == time.min


def test_the_hours_of_a_day_come_in_order_as_moments_in_utc() -> None:
    hours = [
        rules.Hour(4, time(13), time(14), 16),
        rules.Hour(4, time(8), time(9), 18),
        rules.Hour(0, time(8), time(9), 16),
    ]
    friday = date(2026, 11, 27)
    slots = rules.slot_starts(friday, hours, "Asia/Makassar")
    assert [slot.capacity for slot in slots] == [18, 16]
    assert slots[0].starts_at == datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
    assert rules.slot_starts(friday + timedelta(days=1), hours, "Asia/Makassar") == []


def test_a_dated_row_holds_on_its_first_and_its_last_day() -> None:
    first, last = date(2019, 5, 1), date(2024, 12, 16)
    assert rules.in_force(first, last, first) and rules.in_force(first, last, last)
    assert not rules.in_force(first, last, last + timedelta(days=1))
    assert rules.in_force(first, None, date(2099, 1, 1))
    assert rules.last_open_day(date(2026, 11, 23), 4) == date(2026, 12, 21)


def test_an_office_is_called_by_what_is_known_of_it() -> None:
    assert rules.full_name("Palembang", "Kelas I", True) == "Kantor Imigrasi Kelas I TPI Palembang"
    assert rules.full_name("Pati", "Kelas I", False) == "Kantor Imigrasi Kelas I Non TPI Pati"
    assert rules.full_name("Blora", rules.UNKNOWN_CLASS, None) == "Kantor Imigrasi Blora"
    assert rules.sort_key("Bagan Siapi-api") == "bagan siapi api"
