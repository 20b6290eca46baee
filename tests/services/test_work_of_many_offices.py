"""With all offices open no piece of timed work keeps the others waiting."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import Slot
from mpaspor.desk.presence import close_days
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.seed import DATA, hours_from, open_office
from mpaspor.worker import timed_work
from tests.counted import counted


@pytest.fixture
def offices(app: Flask, palembang: Office, now: datetime) -> int:
    """How many are open: Palembang and three others."""
    closed = select(Office.code).where(Office.in_service.is_(False)).order_by(Office.code).limit(3)
    for code in list(db.session.scalars(closed)):
        open_office(
            code, hours=hours_from(DATA / "palembang_hours.csv"), valid_from=date(2026, 1, 1), now=now
        )
    db.session.execute(delete(Slot))
    db.session.commit()
    db.session.remove()
    return 4


def opened() -> int:
    found = db.session.scalar(select(func.count(Slot.office_id.distinct())))
    db.session.remove()
    return found or 0


def test_calendars_are_filled_some_offices_at_a_time(
    offices: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed_work, "_OFFICES", 2)
    fill = timed_work.OpenPlaces()
    soon = [now + timedelta(seconds=30 * number) for number in range(4)]
    assert fill(soon[0]) > 0 and opened() == 2
    assert fill(soon[1]) > 0 and opened() == offices
    with counted() as found:
        assert (fill(soon[2]), fill(soon[3])) == (0, 0)
    assert not [one for one in found if "slot" in one], "each was looked at a moment ago"
    tomorrow = now + timedelta(days=1)
    assert fill(tomorrow) > 0 and fill(tomorrow) > 0 and fill(tomorrow) == 0
    before = now - timedelta(hours=1)  # a clock set back silences nothing
    with counted() as found:
        fill(before)
    assert [one for one in found if "slot" in one]


def test_a_calendar_that_is_full_is_only_read(offices: int, palembang: Office, now: datetime) -> None:
    assert top_up(palembang.id, now=now) > 0
    with counted() as found:
        assert top_up(palembang.id, now=now) == 0
    assert [statement for statement in found if not statement.startswith("SELECT")] == []


def test_ended_days_of_all_offices_are_found_by_one_statement(offices: int, now: datetime) -> None:
    with counted() as found:
        assert close_days(now=now) == 0
    assert len(found) == 1
