"""Money from a bank: what it changes, what it never changes, and what happens to it when it is late."""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.snap import accept as module
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.billing.snap.replies import Reply
from mpaspor.billing.snap.rules import Outcome, Refused
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.stage import banks, bills
from tests.stage.banks import TestBank
from tests.stage.bills import Owing

Scalar = Callable[..., Any]
AFTER_GRACE = timedelta(hours=3)


def pay(bank: TestBank, owed: Owing, now: datetime, **changed: Any) -> Reply:
    call = {"billing_code": owed.code, "amount_rp": owed.amount_rp, **changed}
    return accept_payment(banks.payment_call(bank.partner_id, now=now, **call))


def code_of(reply: Reply) -> str:
    return str(json.loads(reply.body)["responseCode"])


def state_of(scalar: Scalar, owed: Owing) -> tuple[Any, Any, Any]:
    return (
        scalar("SELECT state FROM bill WHERE id = :id", id=owed.bill_id),
        scalar("SELECT state FROM application WHERE id = :id", id=owed.application_id),
        scalar("SELECT count(*) FROM payment WHERE billing_code = :code", code=owed.code),
    )


def live_slot(scalar: Scalar, owed: Owing) -> Any:
    return scalar(
        "SELECT slot_id FROM booking WHERE application_id = :id AND state = 'confirmed'",
        id=owed.application_id,
    )


def lapse(owed: Owing, now: datetime) -> datetime:
    later = now + AFTER_GRACE
    assert lapse_bill(owed.bill_id, now=later)
    return later


def test_a_payment_confirms_bill_place_and_case_together(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    reply = pay(bank, owed, now)
    assert (reply.http_status, code_of(reply)) == (200, "2002500")
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)
    assert live_slot(scalar, owed) == owed.slot_id
    queued = {"ask_ntpn", "visit_letter"}
    for kind in queued:
        assert scalar("SELECT count(*) FROM outbox WHERE kind = :kind", kind=kind) == 1
    assert scalar("SELECT count(*) FROM letter WHERE kind = 'visit_letter'") == 1
    assert (
        scalar("SELECT count(*) FROM event WHERE actor_kind = 'bank' AND actor_id = :id", id=bank.partner_id)
        == 3
    )


def test_the_same_call_gets_the_same_bytes(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    call = {"external_id": "77001", "request_id": "req-a", "ntb": "123"}
    first = pay(bank, owed, now, **call)
    assert pay(bank, owed, now + timedelta(minutes=1), **call) == first
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)


def test_the_same_external_id_with_another_body_is_a_conflict(
    bank: TestBank, owed: Owing, now: datetime
) -> None:
    pay(bank, owed, now, external_id="77002")
    with pytest.raises(Refused) as refused:
        pay(bank, owed, now, external_id="77002", body_hash=b"b" * 32)
    assert refused.value.outcome is Outcome.CONFLICT


def test_another_bank_may_use_the_same_external_id(bank: TestBank, palembang: Office, now: datetime) -> None:
    other = TestBank(bank.client, now, code="BANKLAIN").register()
    for each in (bank, other):
        assert code_of(pay(each, bills.owing(palembang, now), now, external_id="77003")) == "2002500"


def test_a_repeat_under_a_new_external_id_is_accepted_with_the_stored_bytes(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    """A bank that retries after midnight: refusing would send back money that we have applied."""
    first = pay(bank, owed, now, request_id="req-b", ntb="124")
    tomorrow = now + timedelta(days=1)
    assert pay(bank, owed, tomorrow, request_id="req-b", ntb="124") == first
    assert state_of(scalar, owed)[2] == 1


def test_the_same_bank_reference_is_the_same_money(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    pay(bank, owed, now, ntb="125")
    again = pay(bank, owed, now, ntb="125", request_id="req-other")
    assert code_of(again) == "2002500"
    assert json.loads(again.body)["virtualAccountData"]["paymentRequestId"] == "req-other"
    assert state_of(scalar, owed)[2] == 1


def test_another_payment_on_a_paid_bill_is_refused(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    pay(bank, owed, now)
    assert code_of(pay(bank, owed, now)) == "4042514"
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)
    assert scalar("SELECT response_code FROM payment_attempt") == "4042514"


def test_a_request_id_used_for_another_bill_is_refused(
    bank: TestBank, owed: Owing, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    pay(bank, owed, now, request_id="req-c")
    other = bills.owing(palembang, now)
    assert code_of(pay(bank, other, now, request_id="req-c")) == "4092501"
    assert state_of(scalar, other) == ("payable", "awaiting_payment", 0)


def test_a_repeat_that_names_another_amount_is_refused(bank: TestBank, owed: Owing, now: datetime) -> None:
    pay(bank, owed, now, request_id="req-d", ntb="126")
    again = pay(bank, owed, now, request_id="req-d", ntb="126", amount_rp=owed.amount_rp + 1)
    assert code_of(again) == "4042513"


def test_an_unknown_code_is_refused_and_remembered(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    assert code_of(pay(bank, owed, now, billing_code="820261123999999")) == "4042512"
    assert scalar("SELECT billing_code FROM payment_attempt") == "820261123999999"


def test_money_in_the_grace_time_is_taken(bank: TestBank, owed: Owing, now: datetime, scalar: Scalar) -> None:
    in_grace = now + timedelta(hours=2, minutes=10)
    assert code_of(pay(bank, owed, in_grace)) == "2002500"
    assert live_slot(scalar, owed) == owed.slot_id


def test_a_failure_stores_nothing_and_the_retry_succeeds(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> bool:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(module.seat_paid, "seat_paid", fail)
        with pytest.raises(RuntimeError):
            pay(bank, owed, now, external_id="77004", request_id="req-e")
    assert state_of(scalar, owed) == ("payable", "awaiting_payment", 0)
    assert scalar("SELECT count(*) FROM snap_exchange") == 0
    assert code_of(pay(bank, owed, now, external_id="77004", request_id="req-e")) == "2002500"


def _at_once(app: Flask, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    def run(call: Callable[[], Any]) -> Any:
        with app.app_context():
            return call()

    with ThreadPoolExecutor(len(calls)) as crowd:
        contexts = [contextvars.copy_context() for _ in calls]
        started = [
            crowd.submit(context.run, run, call) for context, call in zip(contexts, calls, strict=True)
        ]
        return [each.result() for each in started]


@pytest.mark.real_clock
def test_abuse_31_fifty_copies_at_once_are_one_payment(
    app: Flask, bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    call = {"external_id": "77005", "request_id": "req-f", "ntb": "127"}
    replies = _at_once(app, [lambda: pay(bank, owed, now, **call)] * 50)
    assert len(set(replies)) == 1 and code_of(replies[0]) == "2002500"
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'visit_letter'") == 1


@pytest.mark.real_clock
def test_abuse_31_fifty_copies_under_fifty_external_ids_are_one_payment(
    app: Flask, bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    replies = _at_once(app, [lambda: pay(bank, owed, now, request_id="req-g", ntb="128")] * 50)
    assert len(set(replies)) == 1 and code_of(replies[0]) == "2002500"
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)


@pytest.mark.real_clock
def test_abuse_31_fifty_different_payments_at_once_are_one_and_49_refusals(
    app: Flask, bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    replies = _at_once(app, [lambda: pay(bank, owed, now)] * 50)
    assert sorted(code_of(reply) for reply in replies) == ["2002500"] + ["4042514"] * 49
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)


@pytest.mark.real_clock
def test_abuse_31_payment_and_lapse_at_once_never_lose_the_money(
    app: Flask, bank: TestBank, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    later = now + AFTER_GRACE
    for _ in range(5):
        owed = bills.owing(palembang, now)
        _at_once(app, [partial(pay, bank, owed, later), partial(lapse_bill, owed.bill_id, now=later)])
        assert state_of(scalar, owed) == ("paid", "scheduled", 1)
        assert live_slot(scalar, owed) == owed.slot_id


@pytest.mark.parametrize("change", [1, -1, 5_850_000, -585_000])
def test_abuse_32_another_amount_is_refused_and_logged(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar, change: int
) -> None:
    assert code_of(pay(bank, owed, now, amount_rp=owed.amount_rp + change)) == "4042513"
    assert state_of(scalar, owed) == ("payable", "awaiting_payment", 0)
    assert scalar("SELECT response_code FROM payment_attempt") == "4042513"


def test_abuse_33_late_money_takes_its_hour_back_while_it_is_free(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    later = lapse(owed, now)
    assert state_of(scalar, owed) == ("lapsed", "draft", 0)
    assert code_of(pay(bank, owed, later)) == "2002500"
    assert state_of(scalar, owed) == ("paid", "scheduled", 1)
    assert live_slot(scalar, owed) == owed.slot_id


def test_abuse_33_late_money_whose_hour_is_gone_keeps_its_credit(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    later = lapse(owed, now)
    bills.fill_slot(owed.slot_id)
    taken = scalar("SELECT taken FROM slot WHERE id = :id", id=owed.slot_id)
    assert code_of(pay(bank, owed, later)) == "2002500"
    assert state_of(scalar, owed) == ("paid", "awaiting_place", 1)
    assert live_slot(scalar, owed) is None
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=owed.slot_id) == taken
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'awaiting_place'") == 1
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'visit_letter'") == 0


def test_abuse_33_late_money_confirms_the_newer_hold_and_cancels_its_bill(
    bank: TestBank, owed: Owing, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    later = lapse(owed, now)
    bills.fill_slot(owed.slot_id)
    newer = bills.check_out_again(
        owed.account_id,
        owed.application_id,
        owed.application_code,
        bills.free_slot(palembang, later),
        later,
    )
    assert code_of(pay(bank, owed, later)) == "2002500"
    assert state_of(scalar, owed)[:2] == ("paid", "scheduled")
    assert state_of(scalar, newer)[0] == "cancelled"
    assert live_slot(scalar, owed) == newer.slot_id
    assert (
        scalar(
            "SELECT count(*) FROM outbox WHERE kind = 'cancel_billing_code' AND ref = :id", id=newer.bill_id
        )
        == 1
    )


def test_abuse_33_money_on_both_bills_is_applied_once(
    bank: TestBank, owed: Owing, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    later = lapse(owed, now)
    newer = bills.check_out_again(
        owed.account_id, owed.application_id, owed.application_code, owed.slot_id, later
    )
    assert code_of(pay(bank, newer, later)) == "2002500"
    assert code_of(pay(bank, owed, later)) == "4042519"
    assert scalar("SELECT count(*) FROM payment WHERE state = 'accepted'") == 1


@pytest.mark.parametrize(
    "change",
    ["full_name = 'ORANG LAIN'", "validity_years = 5", "nik_lookup = 'x'", "state = 'discarded'"],
)
def test_abuse_33_late_money_for_a_case_that_changed_goes_back(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar, change: str
) -> None:
    later = lapse(owed, now)
    _execute(f"UPDATE application SET {change} WHERE id = :id", id=owed.application_id)
    assert code_of(pay(bank, owed, later)) == "4042519"
    assert state_of(scalar, owed)[0::2] == ("lapsed", 0)


def test_abuse_33_late_money_for_a_nik_that_is_live_elsewhere_goes_back(
    bank: TestBank, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    nik = b"n" * 32
    owed = bills.owing(palembang, now, nik_lookup=nik)
    later = lapse(owed, now)
    bills.owing(palembang, later, nik_lookup=nik)
    assert code_of(pay(bank, owed, later)) == "4042519"
    assert state_of(scalar, owed) == ("lapsed", "draft", 0)


def test_money_for_an_hour_that_was_closed_waits_for_a_place(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    _execute("UPDATE booking SET state = 'cancelled' WHERE application_id = :id", id=owed.application_id)
    _execute("UPDATE slot SET closed_at = :now, taken = taken - 1 WHERE id = :id", id=owed.slot_id, now=now)
    assert code_of(pay(bank, owed, now)) == "2002500"
    assert state_of(scalar, owed) == ("paid", "awaiting_place", 1)


def test_money_that_a_person_must_decide_on_is_neither_kept_nor_refused(
    bank: TestBank, owed: Owing, now: datetime, scalar: Scalar
) -> None:
    pay(bank, owed, now, request_id="req-h")
    _execute("UPDATE payment SET state = 'suspense'")
    with pytest.raises(module.Unsure):
        pay(bank, owed, now, request_id="req-h")


def _execute(sql: str, **values: Any) -> None:
    db.session.execute(text(sql), values)
    db.session.commit()
    db.session.remove()
