"""A bank that acts on our answer: no retry gives back money that we hold, and status never says otherwise.

Called as the banks' own documents say: everything but success reverses, an unclear answer is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from mpaspor.billing.snap.rules import Service
from mpaspor.cli.check import breaches
from mpaspor.foundation import clock
from mpaspor.offices.models import Office
from tests import postgres
from tests.conftest import MONDAY
from tests.postgres import Urls
from tests.stage import banks, bills
from tests.stage.banks import TestBank, code, inquiry, payment_fields, status_of
from tests.stage.bills import Owing
from tests.waiting import until, waiting_for_locks

Scalar = Callable[..., Any]
PAY, STATUS = Service.PAYMENT, Service.STATUS


@pytest.fixture
def other_bank(app: Flask, now: object) -> TestBank:
    return TestBank(app.test_client(), MONDAY, code="BANKLAIN").register().sign_in()


# Known money is known whatever else has changed in the call


@pytest.mark.parametrize(
    "changed",
    [
        {"flagAdvise": "Y"},
        {"trxDateTime": "2026-11-23T08:00:07+07:00"},
        {"referenceNo": "999999999999"},
        {"channelCode": 6017},
        {"trxId": "7", "paidBills": "95000", "freeTexts": []},
    ],
)
@pytest.mark.parametrize("same_external_id", [True, False])
def test_a_retry_that_says_more_or_other_things_is_still_the_money_that_we_hold(
    bank: TestBank, owed: Owing, scalar: Scalar, changed: dict[str, Any], same_external_id: bool
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp)
    assert code(bank.call(PAY, fields, "700")) == "2002500"
    again = bank.call(PAY, fields | changed, "700" if same_external_id else None)
    assert code(again) == "2002500"
    assert again.get_json()["virtualAccountData"]["paymentFlagStatus"] == "00"
    assert scalar("SELECT count(*) FROM payment") == 1
    assert scalar("SELECT count(*) FROM payment_attempt") == 0


def test_another_payment_under_a_used_external_id_is_a_conflict_that_decides_nothing(
    bank: TestBank, owed: Owing, palembang: Office
) -> None:
    bank.call(PAY, payment_fields(owed.code, owed.amount_rp), "701")
    other = bills.owing(palembang, MONDAY)
    fields = payment_fields(other.code, other.amount_rp)
    assert code(bank.call(PAY, fields, "701")) == "4092500"
    assert code(bank.call(PAY, fields)) == "2002500", "the same payment under an external id of its own"


def test_a_retry_on_the_next_day_is_the_money_that_we_hold(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(owed.code, owed.amount_rp)
    bank.call(PAY, fields, "702")
    bank.now = MONDAY + timedelta(days=1)
    with clock.at(bank.now):
        bank.sign_in()
        for external_id in ("702", "703"):
            assert code(bank.call(PAY, fields | {"flagAdvise": "Y"}, external_id)) == "2002500"


def test_a_refused_payment_stays_refused_under_every_external_id(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    """The bank has given the money back by then: accepting the very same request would be a present."""
    wrong = payment_fields(owed.code, owed.amount_rp - 1, paymentRequestId="req-r")
    assert code(bank.call(PAY, wrong, "704")) == "4042513"
    right = payment_fields(owed.code, owed.amount_rp, paymentRequestId="req-r")
    assert code(bank.call(PAY, right)) == "4042513"
    assert code(bank.call(STATUS, status_of(owed.code, "req-r"))) == "4042601"
    assert scalar("SELECT state FROM bill") == "payable"
    assert code(bank.call(PAY, payment_fields(owed.code, owed.amount_rp))) == "2002500"


# Whose number it is


def test_a_second_bank_with_the_same_reference_has_its_own_money_and_gets_it_back(
    bank: TestBank, other_bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, referenceNo="000000000042")
    assert code(bank.call(PAY, fields)) == "2002500"
    assert code(other_bank.call(PAY, fields)) == "4042514"
    assert scalar("SELECT count(*) FROM payment") == 1
    assert scalar("SELECT partner_id FROM payment_attempt") == other_bank.partner_id
    assert scalar("SELECT response_code FROM payment_attempt") == "4042514"
    assert [str(breach) for breach in breaches(MONDAY) if breach.name[:2] in ("3.", "4.")] == []


def test_two_banks_may_use_one_request_id_each_for_its_own_payment(
    bank: TestBank, other_bank: TestBank, owed: Owing, palembang: Office
) -> None:
    other = bills.owing(palembang, MONDAY)
    mine = payment_fields(owed.code, owed.amount_rp, paymentRequestId="1")
    theirs = payment_fields(other.code, other.amount_rp, paymentRequestId="1")
    assert code(bank.call(PAY, mine)) == code(other_bank.call(PAY, theirs)) == "2002500"
    assert code(bank.call(STATUS, status_of(owed.code, "1"))) == "2002600"
    assert code(other_bank.call(STATUS, status_of(other.code, "1"))) == "2002600"


# Status


def test_a_status_tells_what_became_of_a_payment(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId="req-y")
    bank.call(PAY, fields)
    answer = bank.call(STATUS, status_of(owed.code, "req-y") | {"inquiryRequestId": "inq-y"})
    data = answer.get_json()["virtualAccountData"]
    assert code(answer) == "2002600"
    assert (data["paymentFlagStatus"], data["referenceNo"]) == ("00", fields["referenceNo"])
    assert (data["inquiryRequestId"], data["paymentRequestId"]) == ("inq-y", "req-y")
    assert data["trxDateTime"] == data["transactionDate"] == "2026-11-23T08:00:00+07:00"


def test_a_status_knows_every_request_id_under_which_the_money_was_accepted(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId="first", referenceNo="000000000043")
    for request_id in ("first", "second"):
        assert code(bank.call(PAY, fields | {"paymentRequestId": request_id})) == "2002500"
    for request_id in ("first", "second"):
        assert code(bank.call(STATUS, status_of(owed.code, request_id))) == "2002600"
    assert scalar("SELECT count(*) FROM payment") == 1


def test_a_status_and_an_inquiry_asked_again_say_what_is_true_now(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId="late")
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code), "710")) == "2002400"
    assert code(bank.call(STATUS, status_of(owed.code, "other"), "711")) == "4042601"
    assert code(bank.call(PAY, fields)) == "2002500"
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code), "710")) == "4042414"
    assert code(bank.call(STATUS, status_of(owed.code, "late"), "712")) == "2002600"
    assert code(bank.call(STATUS, status_of(owed.code, "late"), "712")) == "2002600"


@pytest.mark.parametrize("external_id", ["720", None])
def test_a_payment_that_was_called_unknown_is_never_accepted_afterwards(
    bank: TestBank, owed: Owing, scalar: Scalar, external_id: str | None
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId="slow")
    assert code(bank.call(STATUS, status_of(owed.code, "slow"))) == "4042601"
    for _ in range(2):
        refused = bank.call(PAY, fields, external_id)
        assert code(refused) == "4042519"
        assert refused.get_json()["virtualAccountData"]["paymentFlagStatus"] == "01"
    assert code(bank.call(STATUS, status_of(owed.code, "slow"))) == "4042601"
    assert scalar("SELECT count(*) FROM payment") == 0
    assert code(bank.call(PAY, payment_fields(owed.code, owed.amount_rp))) == "2002500"


def test_a_status_about_another_code_does_not_say_that_we_hold_nothing(bank: TestBank, owed: Owing) -> None:
    bank.call(PAY, payment_fields(owed.code, owed.amount_rp, paymentRequestId="mine"))
    answer = bank.call(STATUS, status_of("820261123999999", "mine"))
    assert code(answer) == "4002601"
    assert "customerNo" in answer.get_json()["responseMessage"]


def test_a_status_by_an_inquiry_id_that_we_never_saw_is_undecided_while_we_hold_money(
    bank: TestBank, owed: Owing
) -> None:
    """A bank with two ids for one payment: "nothing here" would send back what stands on the bill."""
    bank.call(PAY, payment_fields(owed.code, owed.amount_rp, paymentRequestId="pay-1"))
    asked = {**banks.triple(owed.code), "inquiryRequestId": "inq-1"}
    answer = bank.call(STATUS, asked)
    assert code(answer) == "5002600"
    assert answer.get_json()["virtualAccountData"]["paymentFlagStatus"] == "02"
    assert code(bank.call(STATUS, asked | {"inquiryRequestId": "pay-1"})) == "2002600"


def test_a_status_asked_while_the_payment_waits_for_its_turn_waits_too(
    app: Flask, bank: TestBank, owed: Owing, database: Urls, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId="waiting")

    def call(service: Service, body: dict[str, Any]) -> str:
        with app.app_context(), clock.at(MONDAY):
            caller = TestBank(app.test_client(), MONDAY, token=bank.token)
            return code(caller.call(service, body))

    with ThreadPoolExecutor(2) as crowd:
        with postgres._connect(database.superuser) as desk, desk.transaction():
            desk.execute("SELECT 1 FROM application FOR NO KEY UPDATE")
            payment = crowd.submit(call, PAY, fields)
            until(lambda: waiting_for_locks(scalar) == 1)
            status = crowd.submit(call, STATUS, status_of(owed.code, "waiting"))
            until(lambda: waiting_for_locks(scalar) == 2)
        assert (payment.result(), status.result()) == ("2002500", "2002600")
