"""The cast of the account tests: Siti, who owns an address, and the codes that reach mailboxes."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import select

from mpaspor.demo.accounts import adopt_account
from mpaspor.foundation import encryption
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from mpaspor.foundation.outbox import SECRET_PURPOSE
from mpaspor.people.models import OneTimeCode
from mpaspor.people.rules import Guesses
from mpaspor.people.sign_in import throttle
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.people.sign_up import NewAccount, sign_up
from mpaspor.people.verify_email import verify_email

PASSWORD = "hujan di atas jembatan Ampera"
EMAIL = "siti.rahma@warga.example"
HOME = "203.0.113.7"


def details(email: str = EMAIL, **changed: object) -> NewAccount:
    """What Siti writes when she signs up."""
    values: dict[str, object] = {
        "full_name": "Siti Rahmawati",
        "birth_on": date(1996, 8, 14),
        "gender": "female",
        "email": email,
        "phone": "+6281234567890",
    }
    return NewAccount(**{**values, **changed})  # type: ignore[arg-type]


def asks_for_account(
    now: datetime, email: str = EMAIL, *, browser: Browser | None = None, **changed: object
) -> uuid.UUID:
    """Somebody fills the sign-up form; the challenge that follows."""
    return sign_up(details(email, **changed), PASSWORD, browser=browser or phone(), now=now)


def signs_up(now: datetime, email: str = EMAIL, browser: Browser | None = None) -> NewSignIn:
    """Siti signs up and types the code from her mailbox."""
    challenge = asks_for_account(now, email)
    return verify_email(challenge, code_for(email), browser=browser or phone(), now=now)


def has_account(now: datetime, email: str = EMAIL) -> uuid.UUID:
    """An account whose address is proved already."""
    return adopt_account(details(email), PASSWORD, now=now)


def phone(**changed: object) -> Browser:
    """Siti's own telephone."""
    values: dict[str, object] = {"name": "Chrome · Android", "token": "siti's phone", "address": HOME}
    return Browser(**{**values, **changed})  # type: ignore[arg-type]


def codes_sent(email: str = EMAIL) -> list[str]:
    """Every code on its way to this address, the oldest first."""
    db.session.rollback()
    rows = db.session.scalars(
        select(OutboxRow)
        .join(OneTimeCode, OneTimeCode.id == OutboxRow.ref)
        .where(OutboxRow.kind == "email_code", OneTimeCode.email == email)
        .order_by(OneTimeCode.created_at, OneTimeCode.id)
    ).all()
    db.session.rollback()
    return [encryption.unseal(bytes(row.secret or b""), SECRET_PURPOSE).decode() for row in rows]


def code_for(email: str = EMAIL) -> str:
    """The last code that was sent to this address."""
    return codes_sent(email)[-1]


def wrong_code(email: str = EMAIL) -> str:
    """As many digits as the code has, and not the code."""
    code = code_for(email)
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def flood(door: Guesses, now: datetime) -> None:
    """So many wrong guesses from elsewhere that the whole door is slowed."""
    for _ in range(door.everywhere.allowed):
        throttle.count(door.everywhere, "all", now=now)
