"""Which hours can be had is one rule: what the pages show as free is what a claim and a move get."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mpaspor.applications.models import Application
from mpaspor.billing.check_out import check_out
from mpaspor.booking import queries
from mpaspor.booking.bookable import can_be_had, first_day
from mpaspor.booking.models import Slot
from mpaspor.booking.move_booking import move_booking
from mpaspor.booking.next_free import next_free_days
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, Programme
from mpaspor.offices.rules import local_date
from tests.stage.cast import BUDI_NIK, RATNA_NIK, Person
from tests.stage.drafts import ready_draft

Change = Callable[[Slot, datetime], None]


def _full(slot: Slot, now: datetime) -> None:
    slot.taken = slot.released


def _not_released(slot: Slot, now: datetime) -> None:
    slot.released = 0


def _closed(slot: Slot, now: datetime) -> None:
    slot.closed_at = now


def _today(slot: Slot, now: datetime) -> None:
    slot.starts_at, slot.ends_at = now + timedelta(hours=9), now + timedelta(hours=10)


def _other_programme(slot: Slot, now: datetime) -> None:
    other = Programme(code="same-day", name="Same day")
    db.session.add(other)
    db.session.flush()
    slot.programme_id = other.id


def _other_office(slot: Slot, now: datetime) -> None:
    slot.office_id = db.session.scalars(db.select(Office.id).where(Office.code != "palembang").limit(1)).one()


def _free(slot: Slot, now: datetime) -> None:
    slot.taken = slot.released - 1


KINDS: dict[str, tuple[Change, bool]] = {
    "free": (_free, True),
    "full": (_full, False),
    "not released": (_not_released, False),
    "closed": (_closed, False),
    "today": (_today, False),
    "other programme": (_other_programme, False),
    "other office": (_other_office, False),
}


@pytest.fixture
def hours(palembang: Office, now: datetime) -> list[uuid.UUID]:
    """The first hours of Wednesday and of Thursday."""
    first = db.select(Slot.id).order_by(Slot.starts_at).limit(1)
    return [
        db.session.scalars(first.where(Slot.starts_at > now + timedelta(hours=h))).one() for h in (44, 68)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_as_free_is_what_a_claim_gets(
    app: Flask, palembang: Office, hours: list[uuid.UUID], budi: Person, now: datetime, kind: str
) -> None:
    change, is_free = KINDS[kind]
    draft = ready_draft(budi, palembang, BUDI_NIK, now)
    _prepare(change, hours[1], now)
    assert _shown(palembang, draft, hours[1], now) == [is_free] * 3

    def claim() -> object:
        return check_out(budi.id, [(draft.code, hours[1])], now=now)

    _gets(claim, is_free)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shown_as_free_is_where_a_visit_may_move(
    app: Flask, palembang: Office, hours: list[uuid.UUID], ratna: Person, now: datetime, kind: str
) -> None:
    change, is_free = KINDS[kind]
    case = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(case.code, hours[0])], now=now)
    db.session.execute(db.text("UPDATE application SET state = 'scheduled'"))
    db.session.execute(db.text("UPDATE booking SET state = 'confirmed', confirmed_at = created_at"))
    _prepare(change, hours[1], now)
    assert _shown(palembang, case, hours[1], now) == [is_free] * 3
    # Whoever moves has an hour that is not closed: of a closed one another is proposed.
    db.session.execute(db.update(Slot).where(Slot.id == hours[0]).values(closed_at=None))
    db.session.commit()
    _gets(lambda: move_booking(ratna.id, case.code, hours[1], now=now), is_free)


def test_the_first_day_is_tomorrow_on_the_offices_own_calendar(palembang: Office) -> None:
    assert str(first_day(palembang, datetime(2026, 11, 23, 16, 59, tzinfo=UTC))) == "2026-11-24"
    assert str(first_day(palembang, datetime(2026, 11, 23, 17, 0, tzinfo=UTC))) == "2026-11-25"


def _prepare(change: Change, slot_id: uuid.UUID, now: datetime) -> None:
    """Make the hour one of its kind, and the only one that could be had at all."""
    change(db.session.get_one(Slot, slot_id), now)
    db.session.query(Slot).filter(Slot.id != slot_id).update({"closed_at": now})
    db.session.commit()


def _shown(office: Office, case: Application, slot_id: uuid.UUID, now: datetime) -> list[bool]:
    """What three readers say: the list of the day, the list of offices, the question for this hour."""
    slot, programme_id = db.session.get_one(Slot, slot_id), case.programme_id
    on = local_date(slot.starts_at, office.time_zone)
    listed = queries.hours(office, programme_id, on, now=now)
    answers = [
        any(hour.left > 0 for hour in listed if hour.slot_id == slot_id),
        office.id in next_free_days([office], programme_id, now=now),
        can_be_had(slot_id, office=office, programme_id=programme_id, now=now),
    ]
    db.session.remove()
    return answers


def _gets(act: Callable[[], object], is_free: bool) -> None:
    if is_free:
        assert act()
        return
    with pytest.raises(SlotFull):
        act()
