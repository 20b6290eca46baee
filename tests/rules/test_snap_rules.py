"""SNAP fields, amounts and verdicts: what is read, what is refused, with which code."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.billing.rules import BillState
from mpaspor.billing.snap import rules as rules
from mpaspor.billing.snap.rules import Outcome, Service
from mpaspor.people.names import masked

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
TRIPLE = {
    "partnerServiceId": "   88899",
    "customerNo": "820261123465628",
    "virtualAccountNo": "   88899820261123465628",
}


@pytest.mark.parametrize(
    ("service", "outcome", "code"),
    [
        (Service.TOKEN, Outcome.SUCCESSFUL, "2007300"),
        (Service.INQUIRY, Outcome.SUCCESSFUL, "2002400"),
        (Service.PAYMENT, Outcome.SUCCESSFUL, "2002500"),
        (Service.PAYMENT, Outcome.INVALID_BILL, "4042512"),
        (Service.PAYMENT, Outcome.INVALID_AMOUNT, "4042513"),
        (Service.PAYMENT, Outcome.PAID_BILL, "4042514"),
        (Service.INQUIRY, Outcome.PAID_BILL, "4042414"),
        (Service.INQUIRY, Outcome.EXPIRED_BILL, "4042419"),
        (Service.PAYMENT, Outcome.CONFLICT, "4092500"),
        (Service.PAYMENT, Outcome.GENERAL_ERROR, "5002500"),
        (Service.STATUS, Outcome.INVALID_TOKEN, "4012601"),
    ],
)
def test_a_response_code_is_http_status_service_and_case(
    service: Service, outcome: Outcome, code: str
) -> None:
    assert outcome.code(service) == code


def test_a_message_never_exceeds_its_150_characters() -> None:
    assert len(Outcome.INVALID_FORMAT.message("x" * 400)) == 150


@given(st.integers(min_value=1, max_value=9_999_999_999_999))
def test_every_amount_that_we_write_we_read(amount_rp: int) -> None:
    assert rules.read_amount(rules.amount_field(amount_rp)) == amount_rp


@pytest.mark.parametrize(
    "amount",
    [
        {"value": "-650000.00", "currency": "IDR"},
        {"value": "+650000.00", "currency": "IDR"},
        {"value": "6.5e5", "currency": "IDR"},
        {"value": "6.5E5", "currency": "IDR"},
        {"value": "650000.01", "currency": "IDR"},
        {"value": "650000.0", "currency": "IDR"},
        {"value": "650000", "currency": "IDR"},
        {"value": "650.000,00", "currency": "IDR"},
        {"value": "0650000.00", "currency": "IDR"},
        {"value": " 650000.00", "currency": "IDR"},
        {"value": "650000.00\n", "currency": "IDR"},
        {"value": "0.00", "currency": "IDR"},
        {"value": "12345678901234.00", "currency": "IDR"},
        {"value": "٦٥٠٠٠٠.00", "currency": "IDR"},
        {"value": 650000, "currency": "IDR"},
        {"value": 650000.0, "currency": "IDR"},
        {"value": True, "currency": "IDR"},
        {"value": "NaN", "currency": "IDR"},
        {"value": "650000.00", "currency": "USD"},
        {"value": "650000.00", "currency": "idr"},
        {"value": "650000.00"},
        {"currency": "IDR"},
        "650000.00",
        650000,
        None,
        [],
    ],
)
def test_an_amount_not_written_exactly_as_whole_rupiah_is_refused(amount: object) -> None:
    with pytest.raises(rules.NotWholeRupiah):
        rules.read_amount(amount)


def test_the_identity_keeps_the_padding_of_its_service_id() -> None:
    identity = rules.read_identity(TRIPLE)
    assert identity.customer_no == "820261123465628"
    assert identity.as_reply() == TRIPLE


def test_a_customer_number_sent_as_a_bare_number_is_taken_digit_by_digit() -> None:
    body = json.dumps(TRIPLE | {"customerNo": 820261123465628}).encode()
    assert rules.read_identity(rules.read_body(body)).customer_no == "820261123465628"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"partnerServiceId": "88899"}, Outcome.INVALID_FORMAT),
        ({"partnerServiceId": "88899   "}, Outcome.INVALID_FORMAT),
        ({"partnerServiceId": "        "}, Outcome.INVALID_FORMAT),
        ({"partnerServiceId": None}, Outcome.MISSING_FIELD),
        ({"customerNo": ""}, Outcome.MISSING_FIELD),
        ({"customerNo": "82026112346562x"}, Outcome.INVALID_FORMAT),
        ({"customerNo": 8.2}, Outcome.INVALID_FORMAT),
        ({"customerNo": True}, Outcome.INVALID_FORMAT),
        ({"customerNo": -820261123465628}, Outcome.INVALID_FORMAT),
        ({"customerNo": 10**20}, Outcome.INVALID_FORMAT),
        ({"virtualAccountNo": "88899820261123465628"}, Outcome.INVALID_FORMAT),
        ({"virtualAccountNo": "   88899820261123465629"}, Outcome.INVALID_FORMAT),
        ({"virtualAccountNo": None}, Outcome.MISSING_FIELD),
    ],
)
def test_an_identity_whose_parts_disagree_is_refused(change: dict[str, Any], outcome: Outcome) -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.read_identity(TRIPLE | change)
    assert refused.value.outcome is outcome


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b'"text"', b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff\xfe", b'{"a":' * 5000,
        '{"a":1}'.encode("utf-16"), b'{"a":' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_a_body_that_is_no_plain_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.read_body(body)
    assert refused.value.outcome is Outcome.BAD_REQUEST


@given(st.binary(max_size=200))
def test_no_body_makes_the_reader_fall_over(body: bytes) -> None:
    with suppress(rules.Refused):
        assert isinstance(rules.read_body(body), dict)


@given(
    st.dictionaries(
        st.sampled_from(sorted(TRIPLE)), st.one_of(st.text(), st.integers(), st.none(), st.floats())
    )
)
def test_no_identity_makes_the_reader_fall_over(fields: dict[str, Any]) -> None:
    try:
        identity = rules.read_identity(json.loads(json.dumps(fields)))
    except rules.Refused:
        return
    assert identity.virtual_account_no == identity.partner_service_id + identity.customer_no


@pytest.mark.parametrize("text", ["12a", "1" * 37, "-1", "1.0", "１２"])
def test_an_external_id_is_digits_only(text: str) -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.check_external_id(text)
    assert refused.value.outcome is Outcome.INVALID_FORMAT


def test_a_missing_external_id_is_a_missing_field() -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.check_external_id(None)
    assert refused.value.outcome is Outcome.MISSING_FIELD


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "\ud800", " a", "a" * 5, 7, ["a"], {}])
def test_a_text_field_is_short_and_printable(value: object) -> None:
    with pytest.raises(rules.Refused):
        rules.required_text({"f": value}, "f", 4)


@pytest.mark.parametrize(
    ("state", "minutes_left", "outcome"),
    [
        (BillState.PAYABLE, 1, Outcome.SUCCESSFUL),
        (BillState.PAYABLE, 0, Outcome.SUCCESSFUL),
        (BillState.PAYABLE, -1, Outcome.EXPIRED_BILL),
        (BillState.LAPSED, -60, Outcome.EXPIRED_BILL),
        (BillState.CANCELLED, 60, Outcome.EXPIRED_BILL),
        (BillState.REVERSED, 60, Outcome.EXPIRED_BILL),
        (BillState.REQUESTED, 60, Outcome.INVALID_BILL),
        (BillState.PAID, 60, Outcome.PAID_BILL),
        (BillState.SETTLED, -60, Outcome.PAID_BILL),
    ],
)
def test_an_inquiry_succeeds_only_while_the_bill_is_payable(
    state: BillState, minutes_left: int, outcome: Outcome
) -> None:
    assert rules.judge_inquiry(state, NOW + timedelta(minutes=minutes_left), NOW) is outcome


@pytest.mark.parametrize("offered", [None, 649_999, 650_001, 6_500_000, 65_000])
def test_a_payment_of_another_amount_is_refused(offered: int | None) -> None:
    assert rules.judge_payment(BillState.PAYABLE, 650_000, offered) is Outcome.INVALID_AMOUNT


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (BillState.PAYABLE, Outcome.SUCCESSFUL),
        (BillState.LAPSED, Outcome.SUCCESSFUL),
        (BillState.CANCELLED, Outcome.SUCCESSFUL),
        (BillState.PAID, Outcome.PAID_BILL),
        (BillState.SETTLED, Outcome.PAID_BILL),
        (BillState.REVERSED, Outcome.EXPIRED_BILL),
        (BillState.REQUESTED, Outcome.EXPIRED_BILL),
    ],
)
def test_late_money_is_judged_as_money_and_a_paid_bill_as_paid(state: BillState, outcome: Outcome) -> None:
    assert rules.judge_payment(state, 650_000, 650_000) is outcome


def test_a_bank_sees_enough_of_a_name_to_know_oneself() -> None:
    assert masked("SITI NURHALIZA A", "*") == "S*** N******** A"
