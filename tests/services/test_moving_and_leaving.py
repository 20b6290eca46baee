"""After paying: move once until the day before, withdraw, take another hour, or miss the day."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.billing import queries as billing
from mpaspor.billing.check_out import check_out
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.take_place import take_place
from mpaspor.billing.withdraw import withdraw
from mpaspor.booking import queries as booking
from mpaspor.booking.mark_missed import mark_missed
from mpaspor.booking.models import Slot
from mpaspor.booking.move_booking import AlreadyMoved, SameDay, TooLateToMove, move_booking
from mpaspor.booking.transitions import SlotFull
from mpaspor.demo import messages
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.offices.models import Office
from mpaspor.worker.loop import make_worker
from tests.stage.cast import BUDI_NIK, RATNA_NIK, Person
from tests.stage.drafts import ready_draft


@pytest.fixture
def slots(palembang: Office, now: datetime) -> list[Slot]:
    """The first hour of each of the next working days, from Tuesday on."""
    found = db.session.scalars(select(Slot).where(Slot.starts_at > now).order_by(Slot.starts_at)).all()
    db.session.remove()
    firsts: dict[object, Slot] = {}
    for slot in found:
        firsts.setdefault(slot.starts_at.date(), slot)
    return list(firsts.values())[1:]


def scheduled(owner: Person, office: Office, nik: str, slot: Slot, now: datetime) -> Application:
    """A paid case with its hour, put together from rows: the money itself is another story's."""
    draft = ready_draft(owner, office, nik, now)
    check_out(owner.id, [(draft.code, slot.id)], now=now)
    bill = billing.newest_bill(draft.id)
    record_billing_code(bill.id, f"8{uuid.uuid4().int % 10**14:014d}", now, now=now)
    db.session.query(Bill).filter(Bill.id == bill.id).update({"state": "paid", "paid_at": now})
    db.session.query(Application).filter(Application.id == draft.id).update({"state": "scheduled"})
    db.session.execute(
        db.text("UPDATE booking SET state = 'confirmed', confirmed_at = :now WHERE application_id = :id"),
        {"now": now, "id": draft.id},
    )
    db.session.commit()
    db.session.remove()
    return draft


def taken(scalar, slot: Slot) -> object:
    return scalar("SELECT taken FROM slot WHERE id = :id", id=slot.id)


def test_a_visit_moves_with_both_counters_and_a_new_letter(ratna, palembang, slots, now, scalar):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    move_booking(ratna.id, case.code, slots[1].id, now=now)
    assert (taken(scalar, slots[0]), taken(scalar, slots[1])) == (0, 1)
    assert booking.visit(case.id).was_moved
    assert scalar("SELECT count(*) FROM letter WHERE kind = 'visit_letter'") == 1
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'moved'") == 1


def test_only_once(ratna, palembang, slots, now, scalar):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    move_booking(ratna.id, case.code, slots[1].id, now=now)
    with pytest.raises(AlreadyMoved):
        move_booking(ratna.id, case.code, slots[2].id, now=now)
    assert (taken(scalar, slots[1]), taken(scalar, slots[2])) == (1, 0)


def test_until_the_last_minute_of_the_day_before_and_not_after(ratna, palembang, slots, now):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    midnight = slots[0].starts_at.replace(hour=17, minute=0) - timedelta(days=1)  # 00.00 WIB of the day
    with pytest.raises(TooLateToMove):
        move_booking(ratna.id, case.code, slots[2].id, now=midnight)
    move_booking(ratna.id, case.code, slots[2].id, now=midnight - timedelta(minutes=1))


def test_not_to_another_hour_of_the_same_day(ratna, palembang, slots, now):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    same_day = db.session.scalars(
        select(Slot).where(Slot.starts_at == slots[0].starts_at + timedelta(hours=1))
    ).one()
    with pytest.raises(SameDay):
        move_booking(ratna.id, case.code, same_day.id, now=now)


def test_a_full_hour_leaves_everything_as_it_was(ratna, palembang, slots, now, scalar):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    db.session.query(Slot).filter(Slot.id == slots[1].id).update({"released": 0})
    db.session.commit()
    with pytest.raises(SlotFull):
        move_booking(ratna.id, case.code, slots[1].id, now=now)
    assert taken(scalar, slots[0]) == 1
    assert scalar("SELECT count(*) FROM booking_move") == 0


def test_two_people_swapping_hours_do_not_deadlock(app: Flask, ratna, palembang, slots, budi, now, scalar):
    one = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    two = scheduled(budi, palembang, BUDI_NIK, slots[1], now)

    def go(person: Person, case: Application, slot: Slot) -> None:
        with app.app_context():
            move_booking(person.id, case.code, slot.id, now=now)

    threads = [
        threading.Thread(target=go, args=(ratna, one, slots[1])),
        threading.Thread(target=go, args=(budi, two, slots[0])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (taken(scalar, slots[0]), taken(scalar, slots[1])) == (1, 1)
    assert scalar("SELECT count(*) FROM booking_move") == 2


def test_a_stranger_moves_nothing(app: Flask, ratna, palembang, slots, budi, now):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    with pytest.raises(NotFound):
        move_booking(budi.id, case.code, slots[1].id, now=now)
    with pytest.raises(NotFound):
        withdraw(budi.id, case.code, now=now)


def test_withdrawing_gives_the_place_back_and_keeps_the_bill_paid(ratna, palembang, slots, now, scalar):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    withdraw(ratna.id, case.code, now=now)
    assert taken(scalar, slots[0]) == 0
    assert scalar("SELECT state FROM application") == "withdrawn"
    assert scalar("SELECT state FROM bill") == "paid"
    with pytest.raises(StateChanged):
        withdraw(ratna.id, case.code, now=now)


@pytest.mark.parametrize("has_place", [True, False])
def test_the_mail_after_withdrawing_speaks_of_a_quota_only_where_there_was_a_place(
    app: Flask, ratna, palembang, slots, now, has_place
):
    case = (
        scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
        if has_place
        else ready_draft(ratna, palembang, RATNA_NIK, now, state="awaiting_place", number="1234567890123452")
    )
    withdraw(ratna.id, case.code, now=now)
    make_worker(app).once()
    message = next(m for m in messages.newest("ratna@warga") if "dibatalkan" in m.subject)
    assert ("Kuotanya tidak langsung kembali" in message.body) is has_place


def test_a_paid_case_without_a_place_takes_one_and_pays_nothing(ratna, palembang, slots, now, scalar):
    case = scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    db.session.execute(db.text("UPDATE application SET state = 'awaiting_place'"))
    db.session.execute(db.text("UPDATE booking SET state = 'cancelled'"))
    db.session.execute(db.text("UPDATE slot SET taken = 0"))
    db.session.commit()
    take_place(ratna.id, case.code, slots[1].id, now=now)
    assert booking.visit(case.id).slot_id == slots[1].id
    assert scalar("SELECT state FROM booking WHERE slot_id = :id", id=slots[1].id) == "confirmed"
    assert scalar("SELECT count(*) FROM bill") == 1


def test_who_did_not_come_is_missed_the_day_after_and_only_then(ratna, palembang, slots, now, scalar):
    scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    assert mark_missed(now=slots[0].starts_at + timedelta(hours=9)) == 0
    assert mark_missed(now=slots[0].starts_at + timedelta(hours=20)) == 1
    assert mark_missed(now=slots[0].starts_at + timedelta(hours=20)) == 0
    assert scalar("SELECT state FROM application") == "missed"
    assert scalar("SELECT state FROM booking") == "missed"
    assert taken(scalar, slots[0]) == 1


def test_nobody_is_missed_on_a_day_that_the_office_was_shut(ratna, palembang, slots, now, scalar):
    scheduled(ratna, palembang, RATNA_NIK, slots[0], now)
    db.session.query(Slot).filter(Slot.id == slots[0].id).update({"closed_at": now})
    db.session.commit()
    assert mark_missed(now=slots[0].starts_at + timedelta(hours=20)) == 0
