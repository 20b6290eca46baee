"""A bank for tests: registered with us, signing as it should, or wrongly in one chosen way."""

from __future__ import annotations

import itertools
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.check_out import check_out
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.snap import partners, signing
from mpaspor.billing.snap.exchanges import JAKARTA
from mpaspor.billing.snap.rules import Service
from mpaspor.booking.models import Slot
from mpaspor.foundation.columns import public_code, uuid7
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office, Programme
from mpaspor.people.models import Account

SERVICE_ID = "   99001"
SECRET = "rahasia-bank-uji-0123456789"
_numbers = itertools.count(1)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SERVICES = [Service.INQUIRY, Service.PAYMENT, Service.STATUS]


@cache
def bank_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass
class TestBank:
    """A partner and the ways in which it calls. `partner_id` is its row's id."""

    __test__ = False

    client: FlaskClient
    now: datetime
    code: str = "BANKUJI"
    token: str = ""
    partner_id: uuid.UUID = field(default_factory=uuid7)

    def register(self) -> TestBank:
        self.partner_id = partners.register_partner(
            self.code, name="Bank Uji", secret=SECRET, public_key_pem=public_pem(bank_key()), now=self.now
        )
        return self

    def stamp(self, shift: timedelta = timedelta(0)) -> str:
        return (self.now + shift).astimezone(JAKARTA).isoformat(timespec="milliseconds")

    def ask_token(
        self, *, body: bytes = b'{"grantType":"client_credentials"}', **headers: str | None
    ) -> TestResponse:
        timestamp = headers.get("X-TIMESTAMP") or self.stamp()
        signature = signing.sign_rsa(bank_key(), signing.token_text(self.code, timestamp))
        given = {"X-CLIENT-KEY": self.code, "X-TIMESTAMP": timestamp, "X-SIGNATURE": signature}
        return self._send(Service.TOKEN, body, given | headers)

    def sign_in(self) -> TestBank:
        self.token = self.ask_token().get_json()["accessToken"]
        return self

    def call(
        self,
        service: Service,
        body: bytes | dict[str, Any],
        external_id: str | None = None,
        **headers: str | None,
    ) -> TestResponse:
        """A signed request; `headers` replace what is sent (None leaves one out), after signing."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = self.stamp()
        signature = signing.sign_service(
            SECRET, "POST", f"/snap{service.path}", self.token, raw, timestamp
        )
        given = {
            "Authorization": f"Bearer {self.token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signature,
            "X-PARTNER-ID": self.code,
            "X-EXTERNAL-ID": external_id or next_external_id(),
            "CHANNEL-ID": "95221",
        }
        return self._send(service, raw, given | headers)

    def _send(self, service: Service, body: bytes, headers: dict[str, Any]) -> TestResponse:
        sent = {"Content-Type": "application/json"} | headers
        sent = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(f"/snap{service.path}", data=body, headers=sent)


def next_external_id() -> str:
    return f"9{next(_numbers):020d}"


def triple(billing_code: str) -> dict[str, str]:
    return {
        "partnerServiceId": SERVICE_ID,
        "customerNo": billing_code,
        "virtualAccountNo": SERVICE_ID + billing_code,
    }


def payment_fields(billing_code: str, amount_rp: int, **changed: Any) -> dict[str, Any]:
    """The body of a payment as most banks send it."""
    number = next(_numbers)
    amount = {"value": f"{amount_rp}.00", "currency": "IDR"}
    fields = {
        **triple(billing_code),
        "paymentRequestId": f"req-{number}",
        "paidAmount": amount,
        "totalAmount": amount,
        "referenceNo": f"{number:012d}",
        "channelCode": 6011,
    }
    return fields | changed


@dataclass(frozen=True)
class Owing:
    """A checked-out case with a payable bill."""

    account_id: uuid.UUID
    application_id: uuid.UUID
    application_code: str
    bill_id: uuid.UUID
    slot_id: uuid.UUID
    code: str
    amount_rp: int


def draft(
    office: Office, now: datetime, *, nik_lookup: bytes | None = None
) -> tuple[uuid.UUID, uuid.UUID, str]:
    """A complete draft ready to check out: account id, application id, application code."""
    programme_id = db.session.scalars(select(Programme.id).where(Programme.code == "regular")).one()
    code = public_code(8)
    account = _account(code, now)
    case = Application(
        id=uuid7(),
        account_id=account.id,
        code=code,
        state=CaseState.DRAFT.value,
        programme_id=programme_id,
        office_id=office.id,
        need="new",
        kind="electronic_laminated",
        validity_years=10,
        full_name="SITI NURHALIZA",
        nik_lookup=nik_lookup or secrets.token_bytes(32),
        nik="1671015409960001",
        birth_on=account.birth_on,
        sex="female",
        phone=account.phone,
        created_at=now,
        changed_at=now,
        declared_at=now,
    )
    db.session.add(account)
    db.session.flush()
    db.session.add(case)
    found = account.id, case.id, code
    db.session.commit()
    db.session.remove()
    return found


def _account(code: str, now: datetime) -> Account:
    return Account(
        id=uuid7(),
        full_name="SITI NURHALIZA",
        birth_on=now.date().replace(year=1996),
        gender="female",
        email=f"{code.lower()}@contoh.example",
        phone=f"+62812{secrets.randbelow(10**8):08d}",
        password_hash="-",
        language="id",
        terms_version="1",
        created_at=now,
        email_verified_at=now,
    )


def free_slot(office: Office, now: datetime) -> uuid.UUID:
    """An hour at least three days ahead with a place left."""
    found = db.session.scalars(
        select(Slot.id)
        .where(
            Slot.office_id == office.id, Slot.starts_at > now + timedelta(days=3), Slot.taken < Slot.released
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(1)
    ).one()
    db.session.remove()
    return found


def owing(office: Office, now: datetime, *, nik_lookup: bytes | None = None) -> Owing:
    """Somebody who checked out and has a billing code, by the real operations."""
    account_id, application_id, code = draft(office, now, nik_lookup=nik_lookup)
    return check_out_again(account_id, application_id, code, free_slot(office, now), now)


def check_out_again(
    account_id: uuid.UUID, application_id: uuid.UUID, code: str, slot_id: uuid.UUID, now: datetime
) -> Owing:
    """Check out a draft and give its bill a code."""
    check_out(account_id, [(code, slot_id)], key=None, now=now)
    bill = db.session.scalars(
        select(Bill).where(Bill.application_id == application_id, Bill.state == "requested")
    ).one()
    db.session.remove()
    billing_code = f"820261123{secrets.randbelow(10**6):06d}"
    record_billing_code(bill.id, billing_code, now, now=now)
    return Owing(account_id, application_id, code, bill.id, slot_id, billing_code, bill.amount_rp)


def fill_slot(slot_id: uuid.UUID) -> None:
    """Let everybody else take the rest of an hour."""
    db.session.execute(update(Slot).where(Slot.id == slot_id).values(released=Slot.taken))
    db.session.commit()
    db.session.remove()


def code(answer: TestResponse) -> str:
    found = answer.get_json()["responseCode"]
    assert found.startswith(str(answer.status_code))
    assert len(answer.get_json()["responseMessage"]) <= 150
    return str(found)


def inquiry(owed_code: str, request_id: str = "inq-1") -> dict[str, Any]:
    return {**triple(owed_code), "inquiryRequestId": request_id}


def status_of(owed_code: str, request_id: str) -> dict[str, Any]:
    return {**triple(owed_code), "paymentRequestId": request_id}


def untouched(scalar: Callable[..., Any]) -> bool:
    return scalar("SELECT count(*) FROM payment") == 0 and scalar("SELECT count(*) FROM snap_exchange") == 0
