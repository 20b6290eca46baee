"""Below `/snap` everything is said as banks' programs read it, whatever was sent there and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from mpaspor.billing.models import Payment
from mpaspor.billing.snap.rules import Service
from mpaspor.foundation.database import db
from mpaspor.payments import snap_gate, snap_routes
from tests.stage.banks import (
    SERVICES,
    TestBank,
    code,
    inquiry,
    next_external_id,
    payment_fields,
    status_of,
    untouched,
)
from tests.stage.bills import Owing

Scalar = Callable[..., Any]
NUL, HALF = "\u0000", "\ud800"


# Characters that no database has a text for


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("odd", [NUL, HALF])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda odd: {"trxDateTime": odd}, "trxDateTime"),
        (lambda odd: {"channelCode": f"60{odd}"}, "channelCode"),
        (lambda odd: {"additionalInfo": {"channel": f"ATM{odd}"}}, "additionalInfo"),
        (lambda odd: {"additionalInfo": {"a": [{"b": odd}]}}, "additionalInfo"),
        (lambda odd: {"additionalInfo": {f"a{odd}": 1}}, "additionalInfo"),
        (lambda odd: {"billDetails": [[odd]]}, "billDetails"),
        (lambda odd: {"paidAmount": {"value": odd, "currency": "IDR"}}, "paidAmount"),
        (lambda odd: {"customerNo": odd}, "customerNo"),
        (lambda odd: {f"x{odd}": 1}, ""),
    ],
)
def test_a_character_that_cannot_be_stored_is_refused_wherever_it_stands(
    bank: TestBank,
    owed: Owing,
    scalar: Scalar,
    service: Service,
    odd: str,
    change: Callable[[str], dict[str, Any]],
    named: str,
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, inquiryRequestId="inq-1") | change(odd)
    answer = bank.call(service, fields)
    assert code(answer) == f"400{service.digits}0{1 if named else 0}"
    assert named in answer.get_json()["responseMessage"]
    assert untouched(scalar)


@pytest.mark.parametrize("body", [{"grantType": NUL}, {"grantType": "client_credentials", "more": [HALF]}])
def test_a_token_request_with_such_a_character_is_refused_too(bank: TestBank, body: dict[str, Any]) -> None:
    assert code(bank.ask_token(body=json.dumps(body).encode())) == "4007301"


@pytest.mark.parametrize(
    "header",
    ["Authorization", "X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "X-CLIENT-KEY"],
)
@pytest.mark.parametrize("odd", ["a\x00", "\xff\xfe", "\xa0", "é" * 5000])
def test_a_header_with_any_characters_is_refused_in_words(
    bank: TestBank, owed: Owing, header: str, odd: str
) -> None:
    odd = f"Bearer {odd}" if header == "Authorization" else odd
    if header == "X-CLIENT-KEY":
        answer = bank.ask_token(**{header: odd})
    else:
        answer = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp), **{header: odd})
    assert 400 <= answer.status_code < 500
    assert code(answer)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}",
        b'{"a":' + b'{"b":' * 900 + b"1" + b"}" * 901,
        b'{"a":1e999}',
        b'{"a":' + b"9" * 9000 + b"}",
        b"\xef\xbb\xbf{}",
        b"\xff",
        b"",
        b"[]",
        b"null",
    ],
)
def test_a_body_without_end_or_sense_is_a_bad_request(bank: TestBank, body: bytes) -> None:
    assert code(bank.call(Service.PAYMENT, body)) == "4002500"


# Every path, method and content type


@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "SEARCH"])
def test_another_method_is_refused_as_json(client: FlaskClient, service: Service, method: str) -> None:
    path = f"/snap{service.path}" if service.path else "/snap/v1.0/transfer-va/create-va"
    answer = client.open(path, method=method)
    assert code(answer) in (f"405{service.digits}00", "4040000")
    assert answer.mimetype == "application/json"
    assert "X-TIMESTAMP" in answer.headers


@pytest.mark.parametrize(
    "path", ["/snap", "/snap/", "/snap/v1.0", "/snap/v2.0/transfer-va/payments", "/snap/%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_refused_as_json(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    assert code(answer) in ("4040000", "4000000")
    assert answer.mimetype == "application/json"


def test_a_page_that_only_begins_alike_is_a_page(client: FlaskClient) -> None:
    assert client.get("/snapshot").mimetype == "text/html"


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", None],
)
def test_a_signed_body_is_read_as_it_came_under_every_content_type(
    bank: TestBank, owed: Owing, content_type: str | None
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp)
    assert code(bank.call(Service.PAYMENT, fields, **{"Content-Type": content_type})) == "2002500"


def test_a_body_too_long_for_any_form_is_refused_as_json(bank: TestBank) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert code(bank.call(Service.PAYMENT, b"a" * 300_000, **form)) == "4002500"
    assert code(bank.call(Service.PAYMENT, b"a" * 10_000_000)) == "4002500"


# Undecided


@pytest.mark.parametrize(
    ("service", "name"), [(Service.PAYMENT, "accept_payment"), (Service.STATUS, "answer_status")]
)
def test_a_failure_of_ours_says_undecided_in_the_flag_too(
    bank: TestBank, owed: Owing, monkeypatch: pytest.MonkeyPatch, service: Service, name: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(snap_routes, name, fail)
    answer = bank.call(service, payment_fields(owed.code, owed.amount_rp))
    assert code(answer) == f"500{service.digits}00"
    assert answer.get_json()["virtualAccountData"]["paymentFlagStatus"] == "02"


def test_payments_are_never_counted_against_a_limit_and_questions_are_told_when_to_come_back(
    bank: TestBank, owed: Owing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snap_gate, "_CALLS", 2)
    asked = [bank.call(Service.INQUIRY, inquiry(owed.code)) for _ in range(4)]
    assert [code(answer) for answer in asked] == ["2002400"] * 2 + ["4292400"] * 2
    assert 0 < int(asked[-1].headers["Retry-After"]) <= 60
    late = bank.call(Service.STATUS, status_of(owed.code, "x"))
    assert code(late) == "4292600"
    assert late.get_json()["virtualAccountData"]["paymentFlagStatus"] == "02"
    fields = payment_fields(owed.code, owed.amount_rp)
    paid = [code(bank.call(Service.PAYMENT, fields, next_external_id())) for _ in range(4)]
    assert paid == ["2002500"] * 4


# Fields of the replies


def test_a_payments_reply_repeats_what_the_bank_sent(bank: TestBank, owed: Owing) -> None:
    sent = {
        "trxId": "t-1",
        "trxDateTime": "2026-11-23T08:00:00+07:00",
        "journalNum": "000123",
        "paymentType": "1",
        "flagAdvise": "N",
        "paidBills": "95000",
        "billDetails": [{"billCode": "01"}],
    }
    data = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp, **sent)).get_json()
    assert data["virtualAccountData"] | sent == data["virtualAccountData"]
    assert data["virtualAccountData"]["paymentFlagStatus"] == "00"


def test_a_bank_without_a_reference_is_not_given_one(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(
        owed.code, owed.amount_rp, paymentRequestId="7f4fdd8b-5d2c-4d1c-9bb5-2f5a6e1a4c11"
    )
    del fields["referenceNo"]
    answer = bank.call(Service.PAYMENT, fields).get_json()
    assert answer["virtualAccountData"]["referenceNo"] == ""


@pytest.mark.parametrize(("body", "expected"), [({}, "4007302"), ({"grantType": "password"}, "4007301")])
def test_a_grant_that_is_missing_or_another_is_named(
    bank: TestBank, body: dict[str, Any], expected: str
) -> None:
    answer = bank.ask_token(body=json.dumps(body).encode())
    assert code(answer) == expected
    assert "grantType" in answer.get_json()["responseMessage"]


@pytest.mark.parametrize("reference", [None, "R" * 16, "000000000042"])
def test_only_a_number_of_the_banks_own_is_shown_as_its_ntb(
    bank: TestBank, owed: Owing, reference: str | None
) -> None:
    request_id = "7f4fdd8b-5d2c-4d1c-9bb5-2f5a6e1a4c11"
    fields = payment_fields(owed.code, owed.amount_rp, paymentRequestId=request_id, referenceNo=reference)
    assert code(bank.call(Service.PAYMENT, fields)) == "2002500"
    payment = db.session.scalars(select(Payment)).one()
    assert payment.printed_ntb == ("000000000042" if reference == "000000000042" else None)
    assert payment.ntb == (reference or request_id), "and either tells the money apart"
