"""What somebody with bad intent, or a broken bank, meets at `/snap`: abuse cases 30 to 34."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, text

from mpaspor.billing.models import RefusedCall
from mpaspor.billing.snap import partners, signing
from mpaspor.billing.snap.rules import Service
from mpaspor.foundation.database import db
from mpaspor.payments import snap_gate
from tests.conftest import MONDAY
from tests.stage import banks
from tests.stage.banks import SERVICES, TestBank, code, inquiry, payment_fields, untouched
from tests.stage.bills import Owing

Scalar = Callable[..., Any]


@pytest.mark.parametrize("service", SERVICES)
def test_abuse_30_unsigned_wrongly_signed_or_old_calls_change_nothing(
    bank: TestBank, owed: Owing, service: Service, scalar: Scalar
) -> None:
    fields = payment_fields(owed.code, owed.amount_rp, inquiryRequestId="inq-9")
    attempts: list[dict[str, str | None]] = [
        {"Authorization": None},
        {"Authorization": "Bearer " + "A" * 43},
        {"Authorization": "Basic QUFB"},
        {"X-SIGNATURE": None},
        {"X-SIGNATURE": signing.sign_hmac("another secret", "anything")},
        {"X-TIMESTAMP": bank.stamp(timedelta(minutes=-6))},
        {"X-TIMESTAMP": bank.stamp(timedelta(minutes=6))},
        {"X-TIMESTAMP": bank.stamp(timedelta(seconds=1))},
    ]
    for headers in attempts:
        assert bank.call(service, fields, **headers).status_code == 401
    assert untouched(scalar)


def test_abuse_30_a_body_changed_after_signing_is_refused(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    signed = json.dumps(payment_fields(owed.code, owed.amount_rp)).encode()
    stamp = bank.stamp()
    path = f"/snap{Service.PAYMENT.path}"
    signature = signing.sign_service(banks.SECRET, "POST", path, bank.token, signed, stamp)
    changed = signed.replace(b"IDR", b"USD", 1)
    answer = bank.call(Service.PAYMENT, changed, **{"X-SIGNATURE": signature, "X-TIMESTAMP": stamp})
    assert code(answer) == "4012500"
    assert untouched(scalar)


def test_abuse_30_raw_copies_are_kept_of_known_partners_only_and_capped(
    bank: TestBank, owed: Owing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snap_gate, "_RAW_COPIES", 2)
    with structlog.testing.capture_logs() as lines:
        for _ in range(4):
            bank.call(Service.PAYMENT, {"a": "x" * 5000}, **{"X-SIGNATURE": "palsu"})
            bank.call(Service.PAYMENT, {"a": "y"}, Authorization="Bearer palsu")
    copies = db.session.scalars(select(RefusedCall)).all()
    assert len(copies) == 2
    assert all(len(copy.body) == 1000 and copy.response_code == "4012500" for copy in copies)
    assert "xxxx" not in repr(lines)


def test_abuse_30_a_flood_of_bad_calls_meets_a_limit(bank: TestBank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snap_gate, "_BAD_CALLS", 3)
    seen = [bank.call(Service.PAYMENT, {}, Authorization="Bearer x").status_code for _ in range(5)]
    assert seen == [401, 401, 401, 429, 429]


@pytest.mark.parametrize(
    "value",
    [
        "{+1}",
        "{-1}",
        "{x10}",
        "-{=}",
        "+{=}",
        "{e}",
        "{=}.01",
        "{=}.5",
        "NaN",
        "",
        "0.00",
        650000.0,
        650000,
        None,
    ],
)
def test_abuse_32_an_amount_not_exactly_the_bill_is_refused_and_logged(
    bank: TestBank, owed: Owing, scalar: Scalar, value: object
) -> None:
    if isinstance(value, str):
        value = value.replace("{+1}", f"{owed.amount_rp + 1}.00").replace("{-1}", f"{owed.amount_rp - 1}.00")
        value = value.replace("{x10}", f"{owed.amount_rp}0.00").replace("{e}", f"{owed.amount_rp / 1e5}e5")
        value = value.replace("{=}.", f"{owed.amount_rp}.").replace("{=}", f"{owed.amount_rp}.00")
    paid = {"value": value, "currency": "IDR"}
    answer = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp, paidAmount=paid))
    assert code(answer) == "4042513"
    assert answer.get_json()["virtualAccountData"]["paymentFlagStatus"] == "01"
    assert scalar("SELECT count(*) FROM payment") == 0
    assert scalar("SELECT state FROM bill") == "payable"
    assert json.loads(str(scalar("SELECT offered FROM payment_attempt"))) == paid


@pytest.mark.parametrize("currency", ["USD", "idr", "", None])
def test_abuse_32_another_currency_is_refused(
    bank: TestBank, owed: Owing, scalar: Scalar, currency: object
) -> None:
    paid = {"value": f"{owed.amount_rp}.00", "currency": currency}
    answer = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp, paidAmount=paid))
    assert code(answer) == "4042513"
    assert scalar("SELECT count(*) FROM payment") == 0


def test_abuse_33_a_second_payment_is_refused_so_that_the_bank_returns_it(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    assert code(bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))) == "2002500"
    assert code(bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))) == "4042514"
    assert scalar("SELECT count(*) FROM payment") == 1


def test_abuse_34_a_stranger_who_guesses_codes_learns_nothing(bank: TestBank, owed: Owing) -> None:
    bank.token = ""
    known, unknown = (
        bank.call(Service.INQUIRY, inquiry(guess), Authorization=None)
        for guess in (owed.code, "820261123000000")
    )
    assert known.data == unknown.data
    assert code(known) == "4012401"


def test_abuse_34_a_partner_that_walks_through_codes_meets_a_limit(
    bank: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snap_gate, "_CALLS", 3)
    seen = [code(bank.call(Service.INQUIRY, inquiry(f"82026112300000{n}"))) for n in range(5)]
    assert seen == ["4042412"] * 3 + ["4292400"] * 2


def test_no_session_cookie_is_set_for_a_bank(bank: TestBank, owed: Owing) -> None:
    assert "Set-Cookie" not in bank.call(Service.INQUIRY, inquiry(owed.code)).headers


def test_a_dismissed_partner_is_unknown_at_once(bank: TestBank, owed: Owing) -> None:
    db.session.execute(text("UPDATE bank_partner SET is_active = false"))
    db.session.commit()
    assert code(bank.call(Service.INQUIRY, inquiry(owed.code))) == "4012401"
    assert bank.ask_token().status_code == 401


@pytest.mark.parametrize(
    ("partner", "secret"),
    [("", "s" * 32), ("spasi di sini", "s" * 32), ("B" * 37, "s" * 32), ("BANK", "pendek")],
)
def test_a_partner_with_a_weak_secret_or_odd_id_is_not_registered(
    app: Flask, partner: str, secret: str
) -> None:
    with pytest.raises(partners.BadPartner):
        partners.register_partner(
            partner,
            name="x",
            secret=secret,
            public_key_pem=banks.public_pem(banks.bank_key()),
            now=MONDAY,
        )
