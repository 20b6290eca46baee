"""Check-out: the hour and the bill in one act, or nothing at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mpaspor.applications.models import Application
from mpaspor.billing import queries as billing
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import NikInUse, NotDeclared, check_out
from mpaspor.billing.due import beat, lapse_due
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.unpaid import BillStillOpen, PhoneHeldTooOften, TooManyUnpaid
from mpaspor.booking import queries as booking
from mpaspor.booking.models import Slot
from mpaspor.booking.returns import return_due
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.refusals import KeyReused, NotFound, StateChanged
from mpaspor.offices.models import Office
from tests.stage.cast import BUDI_NIK, RATNA_NIK, applicant
from tests.stage.drafts import ready_draft


@pytest.fixture
def hour(palembang: Office, now: datetime) -> Slot:
    """Tuesday's first hour: 16 places."""
    slot = (
        db.session.query(Slot)
        .filter(Slot.starts_at > now + timedelta(hours=20))
        .order_by(Slot.starts_at)
        .first()
    )
    db.session.remove()
    return slot


def key(name: str, body: bytes = b"x" * 32) -> OneTimeKey:
    return OneTimeKey("somebody", "/jadwal", name, body, datetime(2026, 11, 23, tzinfo=UTC))


def leave_places(slot: Slot, left: int) -> None:
    db.session.query(Slot).filter(Slot.id == slot.id).update({"released": left})
    db.session.commit()


def test_it_holds_the_hour_and_asks_for_a_billing_code(ratna, hour, palembang, now, scalar):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    assert check_out(ratna.id, [(draft.code, hour.id)], now=now) == [draft.code]
    bill = billing.newest_bill(draft.id)
    assert bill is not None and (bill.state, bill.amount_rp) == ("requested", 650_000)
    assert booking.visit(draft.id).slot_id == hour.id
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 1
    assert scalar("SELECT state FROM application") == "awaiting_payment"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'request_billing_code'") == 1
    assert scalar("SELECT count(*) FROM event WHERE to_state = 'awaiting_payment'") == 1


def test_the_same_submit_twice_gives_the_first_answer_and_one_bill(ratna, hour, palembang, now, scalar):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    first = check_out.once(key("tap"), ratna.id, [(draft.code, hour.id)], now=now)
    again = check_out.once(key("tap"), ratna.id, [(draft.code, hour.id)], now=now)
    assert first == again
    assert scalar("SELECT count(*) FROM bill") == 1


def test_another_body_under_the_same_key_is_refused_with_what_the_first_did(ratna, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out.once(key("tap"), ratna.id, [(draft.code, hour.id)], now=now)
    with pytest.raises(KeyReused) as refused:
        check_out.once(key("tap", b"y" * 32), ratna.id, [(draft.code, hour.id)], now=now)
    assert refused.value.facts["answer"] == [draft.code]


def test_a_refusal_uses_up_no_key_and_leaves_the_draft_alone(ratna, hour, palembang, now, scalar):
    leave_places(hour, 0)
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    with pytest.raises(SlotFull):
        check_out.once(key("tap"), ratna.id, [(draft.code, hour.id)], now=now)
    assert scalar("SELECT state FROM application") == "draft"
    assert scalar("SELECT count(*) FROM bill") == 0
    leave_places(hour, 1)
    assert check_out.once(key("tap"), ratna.id, [(draft.code, hour.id)], now=now) == [draft.code]


def test_an_undeclared_draft_gets_no_place(ratna, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now, declared_at=None)
    with pytest.raises(NotDeclared):
        check_out(ratna.id, [(draft.code, hour.id)], now=now)


def test_todays_hours_cannot_be_taken(ratna, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    today = db.session.query(Slot).order_by(Slot.starts_at).first()
    assert today.starts_at - now < timedelta(hours=10)
    with pytest.raises(SlotFull):
        check_out(ratna.id, [(draft.code, today.id)], now=now)


def test_abuse_11_a_stranger_cannot_check_out_somebody_elses_draft(ratna, budi, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    with pytest.raises(NotFound):
        check_out(budi.id, [(draft.code, hour.id)], now=now)


def test_abuse_17_one_nik_has_one_live_case_whatever_the_account(ratna, budi, hour, palembang, now, scalar):
    first = ready_draft(ratna, palembang, RATNA_NIK, now)
    second = ready_draft(budi, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(first.code, hour.id)], now=now)
    with pytest.raises(NikInUse):
        check_out(budi.id, [(second.code, hour.id)], now=now)
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 1


def test_abuse_18_two_bills_lapsed_unpaid_then_a_wait(ratna, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    moment = now
    for number in range(2):
        check_out(ratna.id, [(draft.code, hour.id)], now=moment)
        bill = billing.newest_bill(draft.id)
        record_billing_code(bill.id, f"82026112300000{number}", moment, now=moment)
        moment += timedelta(hours=2, minutes=16)
        assert lapse_due(now=moment) == 1
    with pytest.raises(TooManyUnpaid):
        check_out(ratna.id, [(draft.code, hour.id)], now=moment)


def test_abuse_18_one_account_holds_one_unpaid_hour_at_a_time(ratna, hour, palembang, now, scalar):
    first, second = (ready_draft(ratna, palembang, nik, now) for nik in (RATNA_NIK, BUDI_NIK))
    check_out(ratna.id, [(first.code, hour.id)], now=now)
    with pytest.raises(BillStillOpen) as refused:
        check_out(ratna.id, [(second.code, hour.id)], now=now)
    assert refused.value.facts["code"] == first.code
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 1
    cancel_check_out(ratna.id, first.code, now=now)
    assert check_out(ratna.id, [(second.code, hour.id)], now=now)


def test_abuse_18_two_drafts_checked_out_at_once_hold_one_hour(app, ratna, hour, palembang, now, scalar):
    drafts = [ready_draft(ratna, palembang, nik, now).code for nik in (RATNA_NIK, BUDI_NIK)]
    start = threading.Barrier(2)
    said = []

    def take(code: str) -> None:
        with app.app_context():
            start.wait()
            try:
                said.append(check_out(ratna.id, [(code, hour.id)], now=now))
            except BillStillOpen as refusal:
                said.append(refusal)

    threads = [threading.Thread(target=take, args=(code,)) for code in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, list) for answer in said) == 1 and len(said) == 2
    assert (
        scalar("SELECT count(*) FROM bill")
        == scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id)
        == 1
    )


def test_abuse_18_hours_given_back_at_once_count_too_and_say_until_when(ratna, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    for minutes in (0, 10):
        check_out(ratna.id, [(draft.code, hour.id)], now=now + timedelta(minutes=minutes))
        cancel_check_out(ratna.id, draft.code, now=now + timedelta(minutes=minutes + 1))
    later = now + timedelta(hours=1)
    with pytest.raises(TooManyUnpaid) as refused:
        check_out(ratna.id, [(draft.code, hour.id)], now=later)
    assert refused.value.facts == {"until": now + timedelta(hours=24), "count": 2}
    days_later = db.session.query(Slot).filter(Slot.starts_at > now + timedelta(days=3)).first()
    assert check_out(ratna.id, [(draft.code, days_later.id)], now=now + timedelta(hours=24))


def test_abuse_18_strangers_who_write_my_number_do_not_spend_my_two(ratna, hour, palembang, now):
    shared = {"phone": "+6281200000009"}

    def holds_and_gives_back(number: int) -> None:
        stranger = applicant(f"Orang {number}", f"orang{number}@contoh.example", now)
        theirs = ready_draft(stranger, palembang, f"16710655070{number:05d}", now, **shared)
        check_out(stranger.id, [(theirs.code, hour.id)], now=now)
        cancel_check_out(stranger.id, theirs.code, now=now)

    for number in range(5):
        holds_and_gives_back(number)
    draft = ready_draft(ratna, palembang, RATNA_NIK, now, **shared)
    assert check_out(ratna.id, [(draft.code, hour.id)], now=now)
    cancel_check_out(ratna.id, draft.code, now=now)
    with pytest.raises(PhoneHeldTooOften):
        holds_and_gives_back(6)


def test_abuse_18_a_bill_that_never_got_its_code_is_held_against_nobody(ratna, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    moment = now
    for _ in range(3):
        check_out(ratna.id, [(draft.code, hour.id)], now=moment)
        moment += timedelta(minutes=31)
        assert lapse_due(now=moment) == 1


def test_abuse_14_a_case_past_check_out_cannot_be_checked_out_again(ratna, hour, palembang, now):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(draft.code, hour.id)], now=now)
    with pytest.raises(StateChanged):
        check_out(ratna.id, [(draft.code, hour.id)], now=now)


def test_abuse_21_forty_people_on_three_places(app: Flask, hour, palembang, now, scalar):
    leave_places(hour, 3)
    people = [applicant(f"Orang {n}", f"o{n}@contoh.example", now, phone=f"+62813{n:08d}") for n in range(40)]
    drafts = [ready_draft(p, palembang, f"16710117089{n:05d}", now) for n, p in enumerate(people)]
    answers: list[str] = []

    def go(number: int) -> None:
        with app.app_context():
            try:
                check_out(people[number].id, [(drafts[number].code, hour.id)], now=now)
                answers.append("held")
            except SlotFull:
                answers.append("full")

    threads = [threading.Thread(target=go, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["full"] * 37 + ["held"] * 3
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 3


def test_abuse_20_a_full_hour_with_a_hold_that_is_overdue_stays_full_until_its_place_comes_back(
    ratna, budi, hour, palembang, now, scalar
):
    leave_places(hour, 1)
    first = ready_draft(ratna, palembang, RATNA_NIK, now)
    second = ready_draft(budi, palembang, BUDI_NIK, now)
    check_out(ratna.id, [(first.code, hour.id)], now=now)
    later = now + timedelta(minutes=31)
    with pytest.raises(SlotFull):
        check_out(budi.id, [(second.code, hour.id)], now=later)
    assert lapse_due(now=later) == 1
    with pytest.raises(SlotFull):
        check_out(budi.id, [(second.code, hour.id)], now=later)
    back = later + timedelta(minutes=30)
    assert return_due(now=back) == 1
    assert check_out(budi.id, [(second.code, hour.id)], now=back) == [second.code]
    assert scalar("SELECT state FROM application WHERE id = :id", id=first.id) == "draft"
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 1


def test_the_payment_clock_starts_with_the_code_and_lapses_after_the_grace(
    ratna, hour, palembang, now, scalar
):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(draft.code, hour.id)], now=now)
    bill = billing.newest_bill(draft.id)
    later = now + timedelta(minutes=3)
    assert record_billing_code(bill.id, "820261123000017", later, now=later)
    assert not record_billing_code(bill.id, "820261123000017", later, now=later)
    db.session.remove()
    bill = billing.newest_bill(draft.id)
    assert bill.pay_until == later + timedelta(hours=2)
    assert lapse_due(now=later + timedelta(hours=2, minutes=14)) == 0
    assert lapse_due(now=later + timedelta(hours=2, minutes=15)) == 1
    assert scalar("SELECT state FROM application") == "draft"
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 0
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'bill_lapsed'") == 1


def test_a_code_for_a_closed_bill_is_kept_and_cancelled(ratna, hour, palembang, now, scalar):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(draft.code, hour.id)], now=now)
    bill = billing.newest_bill(draft.id)
    cancel_check_out(ratna.id, draft.code, now=now)
    assert not record_billing_code(bill.id, "820261123000017", now, now=now)
    assert scalar("SELECT billing_code FROM bill") == "820261123000017"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'cancel_billing_code'") == 1


def test_after_an_outage_its_gap_is_added_before_anything_lapses(ratna, hour, palembang, now, scalar):
    beat(now=now)
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(draft.code, hour.id)], now=now)
    back = now + timedelta(hours=3)
    assert lapse_due(now=back) == 0
    assert beat(now=back) == timedelta(hours=3)
    assert lapse_due(now=back + timedelta(minutes=29)) == 0
    beat(now=back + timedelta(minutes=30))
    assert scalar("SELECT count(*) FROM event WHERE kind = 'outage'") == 2
    assert lapse_due(now=back + timedelta(hours=1, minutes=1)) == 0


def test_a_cancelled_check_out_gives_the_hour_back_and_costs_nothing(ratna, hour, palembang, now, scalar):
    draft = ready_draft(ratna, palembang, RATNA_NIK, now)
    check_out(ratna.id, [(draft.code, hour.id)], now=now)
    cancel_check_out(ratna.id, draft.code, now=now)
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=hour.id) == 0
    assert scalar("SELECT state FROM bill") == "cancelled"
    assert isinstance(db.session.get(Application, draft.id), Application)
