"""A bank for tests: registered with us, signing as it should, or wrongly in one chosen way."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mpaspor.billing.snap import partners, signing
from mpaspor.billing.snap.accept import PaymentCall
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.rules import Identity, Service
from mpaspor.foundation.columns import uuid7
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.simulators.bank_identity import BankIdentity, load_or_make

SERVICE_ID = "   99001"
SECRET = "rahasia-bank-uji-0123456789"
_numbers = itertools.count(1)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SERVICES = [Service.INQUIRY, Service.PAYMENT, Service.STATUS]


@cache
def bank_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def known_bank(folder: Path, *, now: datetime) -> BankIdentity:
    """The identity of a simulated bank of its own program, kept in `folder` and registered with us."""
    identity = load_or_make(folder)
    partners.register_partner(
        identity.partner_id,
        name="Bank",
        secret=identity.secret,
        public_key_pem=identity.public_key_pem,
        now=now,
    )
    return identity


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
        return (self.now + shift).astimezone(ZoneInfo(HOME_ZONE)).isoformat(timespec="milliseconds")

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
        signature = signing.sign_service(SECRET, "POST", f"/snap{service.path}", self.token, raw, timestamp)
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


def payment_call(
    partner_id: uuid.UUID,
    billing_code: str,
    amount_rp: int | None,
    now: datetime,
    *,
    external_id: str | None = None,
    body_hash: bytes = b"a" * 32,
    **changed: Any,
) -> PaymentCall:
    """A payment as the bank's route hands it on, everything in it right unless it is changed."""
    number = next_external_id()
    call: dict[str, Any] = {
        "identity": Identity(SERVICE_ID, billing_code, SERVICE_ID + billing_code),
        "request_id": f"req-{number}",
        "amount_rp": amount_rp,
        "ntb": number[-12:],
        "channel": "ATM",
        "paid_at": now,
    }
    exchange = Exchange(partner_id, external_id or number, Service.PAYMENT, body_hash, now)
    return PaymentCall(exchange, **(call | changed))


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
