"""Reference data in the database, and the hours made out of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from mpaspor.booking.days import DayState, calendar
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import Slot
from mpaspor.booking.next_free import next_free_days
from mpaspor.booking.releases import release_places
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices import queries, seed
from mpaspor.offices.models import Holiday, Office
from mpaspor.offices.rules import add_working_days, local_date
from mpaspor.web.slot_page import words_for
from tests.conftest import MONDAY


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_planting_twice_plants_once(app: Flask) -> None:
    before = {
        table: _count(table) for table in (Office, Holiday, seed.Fee, seed.OpeningHour, seed.OfferedKind)
    }
    seed.plant_reference_data(now=MONDAY)
    seed.plant_palembang(now=MONDAY)
    assert before == {table: _count(table) for table in before}
    assert before[Office] == 151


def test_a_correction_by_hand_survives_the_next_start(app: Flask) -> None:
    office = queries.office_by_code("blora")
    assert office is not None
    seed.plant_reference_data(now=MONDAY)
    db.session.execute(update(Office).where(Office.id == office.id).values(class_name="Kelas III"))
    db.session.commit()
    try:
        seed.plant_reference_data(now=MONDAY)
        found = queries.office_by_code("blora")
        assert found is not None and found.class_name == "Kelas III"
    finally:
        db.session.execute(update(Office).where(Office.id == office.id).values(class_name="unknown"))
        db.session.commit()


def test_only_palembang_is_in_service_and_offers_two_kinds(app: Flask) -> None:
    served = queries.offices_in_service()
    assert [office.code for office in served] == ["palembang"]
    kinds = queries.kinds_offered(served[0].id, date(2026, 11, 23))
    assert [(kind.kind, kind.validity_years) for kind in kinds] == [
        ("electronic_laminated", 5),
        ("electronic_laminated", 10),
    ]
    assert len(queries.service_points(served[0].id)) == 1


def test_opening_an_unknown_office_is_refused(app: Flask) -> None:
    with pytest.raises(NotFound):
        seed.open_office("atlantis", hours=[], valid_from=date(2026, 1, 1), now=MONDAY)


def test_offices_are_found_by_every_word_of_name_or_province(app: Flask) -> None:
    assert [office.code for office in queries.offices_matching("PALEMBANG")] == ["palembang"]
    assert {office.code for office in queries.offices_matching("sumatera selatan")} == {
        "palembang",
        "muara-enim",
        "lubuklinggau",
    }
    assert len(queries.offices_matching("")) == 151
    assert queries.offices_matching("")[0].code == "palembang"
    assert queries.offices_matching("tidak ada") == []


def test_fees_and_holidays_are_read_by_day(app: Flask) -> None:
    fee = queries.fee_on("electronic_laminated", 10, date(2026, 11, 23))
    assert fee is not None and (fee.amount_rp, fee.regulation) == (950_000, "PP 45/2024")
    old = queries.fee_on("electronic_laminated", 10, date(2024, 12, 16))
    assert old is not None and old.amount_rp == 650_000
    charge = queries.fee_on("charge_lost", None, date(2026, 11, 23))
    assert charge is not None and charge.amount_rp == 1_000_000
    days = queries.holidays_between(date(2026, 12, 20), date(2026, 12, 31))
    assert {day: holiday.is_joint_leave for day, holiday in days.items()} == {
        date(2026, 12, 24): True,
        date(2026, 12, 25): False,
    }


def test_topping_up_makes_four_weeks_of_a_hundred_places(palembang: Office) -> None:
    per_day: dict[date, int] = {}
    for slot in db.session.scalars(select(Slot)):
        day = local_date(slot.starts_at, palembang.time_zone)
        per_day[day] = per_day.get(day, 0) + slot.released
    assert set(per_day.values()) == {100}
    assert min(per_day) == date(2026, 11, 23) and max(per_day) == date(2026, 12, 21)
    assert len(per_day) == 21


def test_topping_up_again_adds_only_what_is_missing(palembang: Office) -> None:
    assert top_up(palembang.id, now=MONDAY) == 0
    # A day later the horizon has moved by a Tuesday of seven hours.
    assert top_up(palembang.id, now=MONDAY + timedelta(days=1)) == 7


def test_holidays_and_the_offices_own_days_off_get_no_hours(app: Flask) -> None:
    office = queries.office_by_code("palembang")
    assert office is not None
    own = Holiday(id=uuid7(), on_date=date(2026, 12, 28), office_id=office.id, name="Pindah gedung")
    db.session.add(own)
    db.session.commit()
    try:
        top_up(office.id, now=datetime(2026, 12, 21, 1, tzinfo=UTC))
        days = {local_date(starts, office.time_zone) for starts in db.session.scalars(select(Slot.starts_at))}
        assert not days & {date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
        assert {date(2026, 12, 23), date(2026, 12, 29)} <= days
    finally:
        db.session.delete(own)
        db.session.commit()


def test_a_day_of_an_undecreed_year_is_not_open_and_says_why(app: Flask) -> None:
    """A real installation plants no holidays of its own making."""
    office, programme = queries.office_by_code("palembang"), queries.programme_by_code()
    assert office is not None and programme is not None
    now = datetime(2027, 12, 20, 1, tzinfo=UTC)
    top_up(office.id, now=now)
    days = calendar(office, programme.id, date(2027, 12, 30), date(2028, 1, 4), now=now)
    assert [day.state for day in days] == [
        *(DayState.OPEN, DayState.OPEN, DayState.WEEKEND),
        *(DayState.WEEKEND, DayState.NOT_OPENED, DayState.NOT_OPENED),
    ]
    with app.test_request_context():
        assert words_for(days[-1]) == "Belum dibuka: hari libur tahun 2028 belum ditetapkan pemerintah."


@pytest.mark.parametrize(
    "moment",
    ["2023-06-01", "2024-02-29", "2025-12-31", "2026-11-23", "2027-12-31", "2028-02-29", "2030-08-17"],
)
def test_a_demo_has_open_days_on_any_date(app: Flask, moment: str) -> None:
    """At a minute to midnight, since then the office's day and the day in UTC differ as long as they may."""
    now = datetime.fromisoformat(f"{moment}T23:59:00+07:00").astimezone(UTC)
    office, programme = queries.office_by_code("palembang"), queries.programme_by_code()
    assert office is not None and programme is not None
    seed.plant_fixed_holidays(now=now)
    top_up(office.id, now=now)
    today = local_date(now, office.time_zone)
    days = calendar(office, programme.id, today, today + timedelta(weeks=4), now=now)
    open_days = [day for day in days if day.state is DayState.OPEN]
    assert 15 <= len(open_days) <= 20 and {day.left for day in open_days} == {100}
    assert not [day for day in open_days if (day.on.month, day.on.day) in {(1, 1), (6, 1), (8, 17), (12, 25)}]
    assert queries.kinds_offered(office.id, today) and queries.fee_on("electronic_laminated", 10, today)


def test_a_demo_keeps_the_decree_of_a_decreed_year(app: Flask) -> None:
    before = _count(Holiday)
    assert seed.plant_fixed_holidays(now=MONDAY) == [] and _count(Holiday) == before
    assert seed.plant_fixed_holidays(now=MONDAY + timedelta(days=365)) == [2028]


def test_an_unknown_office_has_no_hours_to_make(app: Flask) -> None:
    with pytest.raises(NotFound):
        top_up(uuid7(), now=MONDAY)


def test_a_share_of_the_places_can_be_opened_first_and_the_rest_later(app: Flask) -> None:
    office = queries.office_by_code("palembang")
    assert office is not None
    top_up(office.id, now=MONDAY, released_percent=50)
    first, last = date(2026, 11, 24), date(2026, 11, 24)
    assert release_places(office.id, first=first, last=last, percent=75, now=MONDAY) == 7
    assert release_places(office.id, first=first, last=last, percent=75, now=MONDAY) == 0
    assert release_places(office.id, first=first, last=last, percent=10, now=MONDAY) == 0
    released = {
        local_date(slot.starts_at, office.time_zone): slot.released
        for slot in db.session.scalars(select(Slot).order_by(Slot.starts_at.desc()))
    }
    assert (released[date(2026, 11, 24)], released[date(2026, 11, 25)]) == (12, 8)
    with pytest.raises(ValueError):
        release_places(office.id, first=first, last=last, percent=101, now=MONDAY)


def test_a_long_promise_counts_the_days_off_of_the_whole_way(palembang: Office) -> None:
    """Fifty working days reach past the sixty days that were once looked at, into a year without a decree."""
    palembang.service_days = 50
    begun_on = date(2028, 10, 30)
    christmas_and_new_year = {date(2028, 12, 25), date(2029, 1, 1)}
    assert queries.promised_on(palembang, begun_on) == add_working_days(begun_on, 50, christmas_and_new_year)


def test_the_next_free_day_is_tomorrow_until_tomorrow_is_full(palembang: Office) -> None:
    programme = queries.programme_by_code()
    assert programme is not None

    def free() -> dict:
        return next_free_days([palembang], programme.id, now=MONDAY)

    assert free() == {palembang.id: date(2026, 11, 24)}
    end = datetime(2026, 11, 24, 17, tzinfo=UTC)
    db.session.execute(update(Slot).where(Slot.starts_at < end).values(taken=Slot.released))
    db.session.commit()
    assert free() == {palembang.id: date(2026, 11, 25)}
    assert next_free_days([], programme.id, now=MONDAY) == {}


def test_priority_has_a_programme_beside_the_regular_one(app: Flask) -> None:
    names = {code: queries.programme_by_code(code) for code in (queries.REGULAR, queries.PRIORITY)}
    assert {code: found.name for code, found in names.items() if found is not None} == {
        "regular": "Reguler",
        "priority": "Prioritas",
    }
