"""The worked sample of `docs/BANKS.md`, sent as it is printed: who copies it gets what is promised."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.billing.models import BankToken
from mpaspor.billing.snap import partners, rules, signing
from mpaspor.billing.snap.channels import channel_words
from mpaspor.billing.snap.rules import Outcome, Service
from mpaspor.foundation import encryption
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.payments import snap_gate, snap_routes
from tests.conftest import MONDAY
from tests.stage import banks, bills

TEXT = (Path(__file__).parents[2] / "docs" / "BANKS.md").read_text("utf-8")
SECRET, TOKEN = "contoh-rahasia-bank-1234", "contoh-token-bank"
BODY, REPLY = re.findall(r"```json\n(.*?)\n```", TEXT, re.DOTALL)
HEADERS = dict(line.split(": ", 1) for line in TEXT.split("```http\n")[1].split("\n```")[0].splitlines())


def test_the_sample_of_a_signature_is_what_the_code_signs_and_accepts() -> None:
    printed = TEXT.split("```text\n")[1].split("\n```")[0]
    path, timestamp = f"/snap{Service.PAYMENT.path}", HEADERS["X-TIMESTAMP"]
    minified = signing.minify(BODY.encode())
    assert signing.service_text("POST", path, TOKEN, minified, timestamp) == printed
    assert signing.sign_hmac(SECRET, printed) == HEADERS["X-SIGNATURE"]
    assert f"`{SECRET}`" in TEXT and f"`{TOKEN}`" in TEXT and f"`{timestamp}`" in TEXT


@pytest.fixture
def sample(app: Flask, palembang: Office, now: object) -> None:
    """The bill of the sample, and the bank that sends it with its token."""
    bills.owing(palembang, MONDAY)
    partner_id = partners.register_partner(
        HEADERS["X-PARTNER-ID"],
        name="Bank",
        secret=SECRET,
        public_key_pem=banks.public_pem(banks.bank_key()),
        now=MONDAY,
    )
    db.session.execute(
        db.text("UPDATE bill SET billing_code = :code"), {"code": json.loads(BODY)["customerNo"]}
    )
    token_hash = encryption.lookup_hash(TOKEN, partners._TOKEN_PURPOSE)
    db.session.add(
        BankToken(token_hash=token_hash, partner_id=partner_id, expires_at=MONDAY + timedelta(minutes=5))
    )
    db.session.commit()


def test_the_sample_sent_as_printed_gets_the_reply_that_is_printed(client: FlaskClient, sample: None) -> None:
    answer = client.post(f"/snap{Service.PAYMENT.path}", data=BODY, headers=HEADERS)
    assert answer.get_json() == json.loads(REPLY)
    assert answer.status_code == 200


def test_paths_limits_and_channels_are_told_as_the_code_has_them() -> None:
    for service in (Service.TOKEN, Service.INQUIRY, Service.PAYMENT, Service.STATUS):
        assert f"`/snap{service.path}`" in TEXT
    for told in (
        f"good for {rules.TOKEN_SECONDS} s",
        f"At most {rules.LARGEST_BODY // 1024} kB",
        f"at most {rules.LONGEST_EXTERNAL_ID}.",
        f"At most {rules.LONGEST_REQUEST_ID} characters",
        f"at most {rules._DEEPEST} levels",
        f"{snap_gate._CALLS} inquiries and status calls a minute",
        f"{snap_gate._BAD_CALLS} refused calls a minute",
        *(f"`{name}`" for name in snap_routes._ECHOED),
    ):
        assert told in TEXT
    for number in re.findall(r"\b601\d\b", TEXT.split("| channel |")[1].split("\n")[0]):
        assert not channel_words({"channelCode": number}).startswith("Kanal")


def test_every_answer_that_is_named_is_one_that_we_give() -> None:
    ours = {outcome.code(service) for outcome in Outcome for service in Service}
    named = set(re.findall(r"`(\d{7})`", TEXT))
    assert len(named) > 12
    assert named <= ours
