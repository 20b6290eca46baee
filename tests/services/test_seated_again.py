"""Whoever had an hour that was closed: another is held, and taken, exchanged, paid for or left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from mpaspor.applications.models import Application
from mpaspor.billing.accept_offer import OfferOver, accept_offer, choose_again
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.due import beat
from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.lapse_offer import lapse_offers
from mpaspor.billing.reseat import reseat
from mpaspor.billing.snap.rules import Service
from mpaspor.billing.take_place import take_place
from mpaspor.billing.withdraw import withdraw
from mpaspor.booking.models import Slot
from mpaspor.booking.returns import return_due
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import StateChanged
from tests.stage import bills
from tests.stage.banks import TestBank, payment_fields
from tests.stage.closing import Closing, booking_of, broken, owner_of, reseatings_of, starts_at, told

Scalar = Callable[..., Any]
DAY = timedelta(days=1)

# Whoever had it.


def test_who_has_paid_gets_another_hour_proposed(closing: Closing, scalar: Scalar, now: datetime) -> None:
    code = closing.paid()
    old = booking_of(code)
    closing.closes()
    assert closing.house.state_of(code) == "scheduled"  # until the worker comes by
    closing.works()
    offer = booking_of(code)
    assert closing.house.state_of(code) == "awaiting_place"
    assert (offer.state, offer.is_offer, offer.held_until) == ("held", True, now + DAY)
    assert starts_at(offer.slot_id) > starts_at(old.slot_id)
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=old.slot_id) == 0
    assert told(scalar, "hour_closed") == 1
    assert broken(now) == []


def test_a_proposal_leaves_its_whole_term_to_answer(closing: Closing, now: datetime) -> None:
    """Tomorrow's hour is closed this evening: the first hour that leaves a whole day is Wednesday's."""
    code = closing.paid(hours=24)
    tonight = now + timedelta(hours=12)
    tuesday = date(2026, 11, 24)
    with clock.at(tonight):
        closing.closes(first=tuesday, last=tuesday, at=tonight)
        closing.works(tonight)
    assert starts_at(booking_of(code).slot_id).date() == date(2026, 11, 25)


def test_yes_makes_it_theirs(closing: Closing, scalar: Scalar, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    offered = booking_of(code).slot_id
    accept_offer(owner_of(code), code, offered, now=now)
    mine = booking_of(code)
    assert (mine.state, mine.slot_id, mine.is_offer) == ("confirmed", offered, False)
    assert closing.house.state_of(code) == "scheduled"
    assert reseatings_of(code)[0].ended_as == "accepted"
    assert told(scalar, "visit_letter") == 1
    assert broken(now) == []


def test_yes_to_another_hour_than_the_one_that_is_held_is_none(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    with pytest.raises(OfferOver):
        accept_offer(owner_of(code), code, closing.hour(24 * 7), now=now)


def test_choosing_freely_gives_the_proposed_hour_back(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    offered, wanted = booking_of(code).slot_id, closing.hour(24 * 9)
    take_place(owner_of(code), code, wanted, now=now)
    assert booking_of(code).slot_id == wanted
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=offered) == 0
    assert scalar("SELECT count(*) FROM place_return WHERE slot_id = :id", id=offered) == 1
    assert reseatings_of(code)[0].ended_as == "chosen"
    assert broken(now) == []


def test_choosing_a_full_hour_keeps_the_proposal(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    offered, wanted = booking_of(code).slot_id, closing.hour(24 * 9)
    bills.fill_slot(wanted)
    with pytest.raises(SlotFull):
        take_place(owner_of(code), code, wanted, now=now)
    assert (booking_of(code).slot_id, booking_of(code).is_offer) == (offered, True)
    assert broken(now) == []


def test_silence_frees_the_hour_and_the_case_keeps_waiting(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    offered = booking_of(code).slot_id
    assert lapse_offers(now=now + DAY - timedelta(seconds=1)) == 0
    assert lapse_offers(now=now + DAY) == 1
    assert booking_of(code) is None
    assert closing.house.state_of(code) == "awaiting_place"
    assert told(scalar, "offer_lapsed") == 1
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=offered) == 0
    with pytest.raises(OfferOver):
        accept_offer(owner_of(code), code, offered, now=now + DAY)
    closing.works(now + DAY)
    assert told(scalar, "place_offered") == 0  # asked once; from here on they choose when they like
    take_place(owner_of(code), code, closing.hour(24 * 9), now=now + DAY)
    assert closing.house.state_of(code) == "scheduled"


def test_no_proposal_ends_while_nobody_watched(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    beat(now=now)
    back = now + DAY + timedelta(hours=1)
    assert lapse_offers(now=back) == 0
    beat(now=back)
    assert lapse_offers(now=back) == 0
    assert booking_of(code).held_until == now + 2 * DAY + timedelta(hours=1)


def test_withdrawing_frees_the_proposed_hour(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    withdraw(owner_of(code), code, now=now)
    closing.works()
    assert (closing.house.state_of(code), booking_of(code)) == ("withdrawn", None)
    assert reseatings_of(code)[0].ended_as == "moot"
    assert broken(now) == []


# Unpaid.


def test_who_owes_keeps_bill_and_clock_and_gets_an_hour_proposed(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    owed = closing.unpaid()
    lapse_at = scalar("SELECT lapse_at FROM bill")
    closing.closes()
    closing.works()
    offer = booking_of(owed.application_code)
    assert (offer.is_offer, offer.held_until) == (True, lapse_at)
    assert scalar("SELECT state FROM bill") == "payable"
    assert closing.house.state_of(owed.application_code) == "awaiting_payment"
    accept_offer(owed.account_id, owed.application_code, offer.slot_id, now=now)
    mine = booking_of(owed.application_code)
    assert (mine.state, mine.is_offer, mine.held_until) == ("held", False, lapse_at)
    assert scalar("SELECT slot_id FROM bill") == offer.slot_id
    assert broken(now) == []


def test_paying_an_accepted_hour_confirms_it(closing: Closing, bank: TestBank, now: datetime) -> None:
    owed = closing.unpaid()
    closing.closes()
    closing.works()
    offered = booking_of(owed.application_code).slot_id
    accept_offer(owed.account_id, owed.application_code, offered, now=now)
    bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
    assert closing.house.state_of(owed.application_code) == "scheduled"
    assert booking_of(owed.application_code).slot_id == offered
    assert broken(now) == []


def test_money_says_no_yes(closing: Closing, bank: TestBank, scalar: Scalar, now: datetime) -> None:
    """Paid before the new hour was agreed to: nobody is scheduled where they did not choose to be."""
    owed = closing.unpaid()
    closing.closes()
    closing.works()
    bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
    offer = booking_of(owed.application_code)
    assert closing.house.state_of(owed.application_code) == "awaiting_place"
    assert offer.is_offer and offer.held_until >= now + DAY
    accept_offer(owed.account_id, owed.application_code, offer.slot_id, now=now)
    assert closing.house.state_of(owed.application_code) == "scheduled"
    assert broken(now) == []


def test_money_between_closing_and_the_worker_is_seated_by_the_worker(
    closing: Closing, bank: TestBank, now: datetime
) -> None:
    owed = closing.unpaid()
    closing.closes()
    bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
    assert closing.house.state_of(owed.application_code) == "scheduled"
    closing.works()
    assert closing.house.state_of(owed.application_code) == "awaiting_place"
    assert booking_of(owed.application_code).is_offer
    assert broken(now) == []


def test_who_owes_may_choose_another_hour_under_the_same_bill(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    owed = closing.unpaid()
    closing.closes()
    closing.works()
    wanted = closing.hour(24 * 9)
    choose_again(owed.account_id, owed.application_code, wanted, now=now)
    assert booking_of(owed.application_code).slot_id == wanted
    assert scalar("SELECT slot_id FROM bill") == wanted
    assert scalar("SELECT count(*) FROM bill") == 1
    with pytest.raises(StateChanged):  # their own hour was not closed
        choose_again(owed.account_id, owed.application_code, closing.hour(24 * 8), now=now)
    assert broken(now) == []


def test_a_bill_that_lapses_or_is_given_up_takes_the_proposal_along(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    lapsing, leaving = closing.unpaid(), closing.unpaid()
    closing.closes()
    closing.works()
    cancel_check_out(leaving.account_id, leaving.application_code, now=now)
    late = now + timedelta(hours=3)
    with clock.at(late):
        assert lapse_bill(lapsing.bill_id, now=late)
        closing.works(late)
        return_due(now=late)
    assert booking_of(lapsing.application_code) is booking_of(leaving.application_code) is None
    assert scalar("SELECT count(*) FROM reseating WHERE ended_as = 'moot'") == 2
    assert broken(late) == []


def test_late_money_finds_the_proposal_of_a_younger_bill(
    closing: Closing, bank: TestBank, now: datetime
) -> None:
    owed = closing.unpaid()
    late = now + timedelta(hours=3)
    with clock.at(late):
        lapse_bill(owed.bill_id, now=late)
        bills.check_out_again(
            owed.account_id, owed.application_id, owed.application_code, closing.hour(), late
        )
        closing.closes(at=late)
        closing.works(late)
        return_due(now=late)
        late_bank = TestBank(bank.client, late, partner_id=bank.partner_id).sign_in()
        late_bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
        assert closing.house.state_of(owed.application_code) == "awaiting_place"
        assert booking_of(owed.application_code).is_offer
        assert broken(late) == []


# Who first, and where nothing is left.


def test_priority_is_seated_first_then_by_hour(closing: Closing, now: datetime) -> None:
    later, sooner, old = closing.paid(24 * 4 + 1), closing.paid(), closing.paid(24 * 4 + 2)
    db.session.execute(update(Application).where(Application.code == old).values(birth_on=date(1950, 1, 1)))
    db.session.commit()
    monday = closing.hour(24 * 7)
    db.session.execute(update(Slot).where(Slot.id != monday).values(released=Slot.taken))
    db.session.execute(update(Slot).where(Slot.id == monday).values(released=1))
    db.session.commit()
    closing.closes()
    closing.works()
    assert booking_of(old).slot_id == monday
    assert booking_of(sooner) is booking_of(later) is None
    db.session.execute(update(Slot).where(Slot.id == monday).values(released=2))
    db.session.commit()
    closing.works()
    assert booking_of(sooner).slot_id == monday and booking_of(later) is None


def test_where_no_place_is_left_people_wait_and_are_asked_when_one_opens(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    code = closing.paid()
    db.session.execute(update(Slot).values(released=Slot.taken))
    db.session.commit()
    closing.closes()
    closing.works()
    assert closing.house.state_of(code) == "awaiting_place"
    assert booking_of(code) is None and reseatings_of(code)[0].ended_at is None
    assert told(scalar, "hour_closed") == 1
    db.session.execute(update(Slot).where(Slot.id == closing.hour(24 * 8)).values(released=1))
    db.session.commit()
    closing.works()
    assert booking_of(code).is_offer
    assert told(scalar, "place_offered") == 1
    assert broken(now) == []


def test_a_proposed_hour_that_is_closed_too_is_replaced(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    first = booking_of(code)
    day = starts_at(first.slot_id).date()
    closing.closes(first=day, last=day)
    closing.works()
    second = booking_of(code)
    assert second.slot_id != first.slot_id and second.is_offer
    assert [found.ended_as for found in reseatings_of(code)] == ["moot", None]
    assert broken(now) == []


def test_seating_again_twice_changes_nothing(closing: Closing, scalar: Scalar, now: datetime) -> None:
    code = closing.paid()
    old = booking_of(code)
    closing.closes()
    closing.works()
    assert not reseat(old.id, now=now)
    assert told(scalar, "hour_closed") == 1


def test_forty_people_of_a_morning_are_seated_at_once(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    for number in range(40):
        closing.paid(24 * 4 + number % 4)
    closing.closes()
    closing.works()
    assert scalar("SELECT count(*) FROM booking WHERE is_offer AND state = 'held'") == 40
    assert scalar("SELECT count(*) FROM application WHERE state = 'awaiting_place'") == 40
    assert broken(now) == []
