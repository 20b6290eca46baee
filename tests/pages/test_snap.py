"""What a bank meets at `/snap`: every check in its order, and answers that any SNAP client understands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mpaspor.billing.snap import signing
from mpaspor.billing.snap.rules import Service
from mpaspor.foundation import clock
from mpaspor.payments import snap_routes
from tests.conftest import MONDAY
from tests.stage import banks
from tests.stage.banks import SERVICES, STRANGER, TestBank, code, inquiry, payment_fields, triple, untouched
from tests.stage.bills import Owing

Scalar = Callable[..., Any]


# Token


def test_a_token_is_given_to_a_partner_that_signs(bank: TestBank) -> None:
    answer = bank.ask_token()
    fields = answer.get_json()
    assert code(answer) == "2007300"
    assert (fields["tokenType"], fields["expiresIn"]) == ("Bearer", "900")
    assert len(fields["accessToken"]) >= 22
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_token_is_kept_as_a_hash_only(bank: TestBank, scalar: Scalar) -> None:
    stored = bytes(scalar("SELECT token_hash FROM bank_token"))
    assert len(stored) == 32 and bank.token.encode() not in stored
    assert bytes(scalar("SELECT secret FROM bank_partner")).find(banks.SECRET.encode()) == -1


def test_a_token_ends_after_fifteen_minutes(bank: TestBank) -> None:
    later = MONDAY + timedelta(seconds=900)
    with clock.at(later):
        bank.now = later
        assert code(bank.call(Service.INQUIRY, inquiry("820261123000001"))) == "4012401"
        assert code(bank.sign_in().call(Service.INQUIRY, inquiry("820261123000001"))) == "4042412"


def test_new_keys_end_the_tokens_of_a_partner(bank: TestBank) -> None:
    bank.register()
    assert code(bank.call(Service.INQUIRY, inquiry("820261123000001"))) == "4012401"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-CLIENT-KEY": "BUKANBANK"}, "4017300"),
        ({"X-CLIENT-KEY": "bukan\x00bank"}, "4017300"),
        ({"X-CLIENT-KEY": None}, "4007302"),
        ({"X-SIGNATURE": None}, "4007302"),
        ({"X-SIGNATURE": "bukan tanda tangan"}, "4017300"),
        ({"X-SIGNATURE": signing.sign_rsa(STRANGER, "BANKUJI|x")}, "4017300"),
        ({"X-TIMESTAMP": "kemarin"}, "4007301"),
        ({"X-TIMESTAMP": "2026-11-23T07:54:59+07:00"}, "4017300"),
    ],
)
def test_a_token_is_refused_to_whoever_does_not_sign(
    bank: TestBank, headers: dict[str, str | None], expected: str
) -> None:
    assert code(bank.ask_token(**headers)) == expected


# Checks in their order


@pytest.mark.parametrize("service", SERVICES)
def test_the_checks_fall_one_after_the_other(
    bank: TestBank, owed: Owing, service: Service, scalar: Scalar
) -> None:
    digits = service.digits
    wrong: list[tuple[str, dict[str, str | None]]] = [
        (f"401{digits}01", {"Authorization": "Bearer palsu"}),
        (f"400{digits}01", {"X-TIMESTAMP": "23-11-2026"}),
        (f"401{digits}00", {"X-TIMESTAMP": bank.stamp(timedelta(minutes=-5, seconds=-1))}),
        (f"401{digits}00", {"X-SIGNATURE": "palsu"}),
        (f"404{digits}16", {"X-PARTNER-ID": "BANKLAIN"}),
        (f"400{digits}01", {"X-EXTERNAL-ID": "bukan-angka"}),
        (f"400{digits}00", {}),
    ]
    broken = b'{"partnerServiceId": 1, "partnerServiceId": 2}'
    for position, (expected, _) in enumerate(wrong):
        headers: dict[str, str | None] = {}
        for _, more in reversed(wrong[position:]):
            headers |= more
        assert code(bank.call(service, broken, **headers)) == expected
    assert untouched(scalar)


@pytest.mark.parametrize(
    ("header", "case"),
    [("Authorization", "40125 01"), ("X-TIMESTAMP", "40025 02"), ("X-SIGNATURE", "40125 00"),
     ("X-PARTNER-ID", "40025 02"), ("X-EXTERNAL-ID", "40025 02")],
)  # fmt: skip
def test_a_header_left_out_is_named(bank: TestBank, owed: Owing, header: str, case: str) -> None:
    answer = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp), **{header: None})
    assert code(answer) == case.replace(" ", "")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("partnerServiceId", None, "4002502"),
        ("partnerServiceId", "99001", "4002501"),
        ("customerNo", "", "4002502"),
        ("customerNo", "abc", "4002501"),
        ("virtualAccountNo", "   99001000000000000000", "4002501"),
        ("paymentRequestId", None, "4002502"),
        ("paymentRequestId", 5, "4002501"),
        ("paymentRequestId", "r" * 129, "4002501"),
        ("paidAmount", None, "4002502"),
        ("referenceNo", "x\u0000", "4002501"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(
    bank: TestBank, owed: Owing, field: str, value: object, expected: str, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp) | {field: value}
    answer = bank.call(Service.PAYMENT, fields)
    assert code(answer) == expected
    assert field in answer.get_json()["responseMessage"]
    assert untouched(scalar)


def test_a_body_too_long_is_refused_before_it_is_read(bank: TestBank) -> None:
    assert code(bank.call(Service.PAYMENT, b'{"a":"' + b"a" * 20_000 + b'"}')) == "4002500"


def test_a_signature_over_the_body_as_sent_is_tolerated(bank: TestBank, owed: Owing) -> None:
    body = json.dumps(inquiry(owed.code), indent=2).encode()
    stamp = bank.stamp()
    signed = signing.service_text("POST", f"/snap{Service.INQUIRY.path}", bank.token, body, stamp)
    signature = signing.sign_hmac(banks.SECRET, signed)
    answer = bank.call(Service.INQUIRY, body, **{"X-SIGNATURE": signature, "X-TIMESTAMP": stamp})
    assert code(answer) == "2002400"


def test_a_body_with_other_whitespace_than_the_hash_is_the_same_body(bank: TestBank, owed: Owing) -> None:
    body = json.dumps(inquiry(owed.code), indent=2).encode()
    assert code(bank.call(Service.INQUIRY, body)) == "2002400"


def test_one_bank_cannot_use_the_token_of_another(bank: TestBank, owed: Owing) -> None:
    other = TestBank(bank.client, MONDAY, code="BANKLAIN").register()
    other.token = bank.token
    assert code(other.call(Service.INQUIRY, inquiry(owed.code))) == "4042416"


# Inquiry


def test_an_inquiry_says_what_is_owed_and_shows_a_masked_name(bank: TestBank, owed: Owing) -> None:
    answer = bank.call(Service.INQUIRY, inquiry(owed.code))
    data = answer.get_json()["virtualAccountData"]
    assert code(answer) == "2002400"
    assert data["totalAmount"] == {"value": f"{owed.amount_rp}.00", "currency": "IDR"}
    assert data["virtualAccountName"] == "S*** N********"
    assert {name: data[name] for name in triple(owed.code)} == triple(owed.code)
    assert (data["inquiryStatus"], data["inquiryRequestId"]) == ("00", "inq-1")


def test_a_customer_number_may_come_as_a_bare_number(bank: TestBank, owed: Owing) -> None:
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code) | {"customerNo": int(owed.code)})) == "2002400"


def test_an_inquiry_after_the_deadline_is_refused_while_the_grace_runs(bank: TestBank, owed: Owing) -> None:
    later = MONDAY + timedelta(hours=2, minutes=5)
    with clock.at(later):
        bank.now = later
        bank.sign_in()
        assert code(bank.call(Service.INQUIRY, inquiry(owed.code))) == "4042419"
        assert code(bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))) == "2002500"


def test_an_inquiry_on_a_paid_bill_is_refused(bank: TestBank, owed: Owing) -> None:
    bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code))) == "4042414"


def test_an_inquiry_under_a_used_external_id_with_another_body_is_a_conflict(
    bank: TestBank, owed: Owing
) -> None:
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code), "501")) == "2002400"
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code, "inq-2"), "501")) == "4092400"


def test_an_external_id_belongs_to_one_service(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, inquiryRequestId="inq-3")
    assert code(bank.call(Service.INQUIRY, fields, "502")) == "2002400"
    assert code(bank.call(Service.PAYMENT, fields, "502")) == "4092500"


# Payment and status


def test_a_payment_is_decided_in_the_reply(bank: TestBank, owed: Owing, scalar: Scalar) -> None:
    answer = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp, referenceNo="000000424242"))
    data = answer.get_json()["virtualAccountData"]
    assert code(answer) == "2002500"
    assert (data["paymentFlagStatus"], data["referenceNo"]) == ("00", "000000424242")
    assert scalar("SELECT ntb FROM payment") == "000000424242"
    assert scalar("SELECT channel FROM payment") == "ATM"
    assert scalar("SELECT state FROM application") == "scheduled"


def test_a_payment_repeated_gets_the_same_bytes_and_another_payment_a_conflict(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp)
    first = bank.call(Service.PAYMENT, fields, "601")
    assert bank.call(Service.PAYMENT, fields, "601").data == first.data
    assert code(bank.call(Service.PAYMENT, fields | {"paymentRequestId": "another"}, "601")) == "4092500"
    assert scalar("SELECT count(*) FROM payment") == 1


def test_an_external_id_is_free_again_on_the_next_day_in_jakarta(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(owed.code, owed.amount_rp)
    first = bank.call(Service.PAYMENT, fields, "602")
    midnight = MONDAY.replace(hour=17)
    with clock.at(midnight):
        bank.now = midnight
        again = bank.sign_in().call(Service.PAYMENT, fields | {"trxId": "1"}, "602")
    assert again.data == first.data


def test_a_bank_without_a_reference_is_known_by_its_request_id(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId="req-x")
    del fields["referenceNo"]
    assert code(bank.call(Service.PAYMENT, fields)) == "2002500"
    assert scalar("SELECT ntb FROM payment") == "req-x"


def test_a_failure_of_ours_is_a_500_that_is_not_stored(
    bank: TestBank, owed: Owing, scalar: Scalar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("boom")

    fields = payment_fields(owed.code, owed.amount_rp)
    with monkeypatch.context() as broken:
        broken.setattr(snap_routes, "accept_payment", fail)
        answer = bank.call(Service.PAYMENT, fields, "603")
        assert code(answer) == "5002500" and "boom" not in answer.text
    assert untouched(scalar)
    assert code(bank.call(Service.PAYMENT, fields, "603")) == "2002500"
