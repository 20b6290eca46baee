"""The cast: Ratna who owns, Budi who is a stranger to her, and one officer per role.

They are put on the stage by plain rows, so that a test of one operation does not depend on all others; the
journeys in the browser make their people through the pages.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.offices.models import Office
from mpaspor.people.models import Account, SignIn, Staff, StaffRole
from mpaspor.people.rules import Role
from mpaspor.people.sign_in.signed_in import TOKEN_PURPOSE
from mpaspor.web.sessions import TOKEN

RATNA_NIK = "1671014708920001"
BUDI_NIK = "1671011708900002"


@dataclass(frozen=True)
class Person:
    """An account (or officer) with a way to sit in front of a browser."""

    id: uuid.UUID
    name: str
    token: str
    audience: str = "applicant"

    def at(self, app: Flask) -> FlaskClient:
        """A browser in which this person is signed in."""
        client = app.test_client()
        # A page with a session: public ones carry no cookie.
        path = "/petugas/" if self.audience == "officer" else "/akun"
        with client.session_transaction(path) as session:
            session[TOKEN] = self.token
        return client


def account(name: str, email: str, now: datetime, *, phone: str = "+6281271234567") -> Account:
    """The row of a verified account, not yet added to the session."""
    return Account(
        id=uuid7(),
        full_name=name,
        birth_on=date(1992, 8, 7),
        gender="female",
        email=email,
        phone=phone,
        password_hash="-",
        terms_version="1",
        created_at=now,
        email_verified_at=now,
    )


def sign_in(now: datetime, *, audience: str = "applicant", **whose: uuid.UUID) -> tuple[SignIn, str]:
    """The row of a sign-in (`account_id` or `staff_id`), not yet added, and the token that goes with it."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        id=uuid7(),
        token_hash=lookup_hash(token, TOKEN_PURPOSE),
        audience=audience,
        device_name="Chrome di Android",
        created_at=now,
        last_seen_at=now,
        proved_at=now if audience == "officer" else None,
        **whose,
    )
    return row, token


def applicant(name: str, email: str, now: datetime, *, phone: str = "+6281271234567") -> Person:
    """A verified account, signed in."""
    row = account(name, email, now, phone=phone)
    db.session.add(row)
    db.session.flush()
    return owner(row.id, now, name=name)


def owner(account_id: uuid.UUID, now: datetime, *, name: str = "") -> Person:
    """Whoever has this account, signed in on one more browser."""
    row, token = sign_in(now, account_id=account_id)
    db.session.add(row)
    db.session.commit()
    return Person(account_id, name, token)


def owner_of(code: str, now: datetime) -> Person:
    """Whoever owns the case with this code, signed in on one more browser."""
    whose = select(Application.account_id).where(Application.code == code)
    return owner(db.session.scalars(whose).one(), now)


def officer(office: Office, *roles: Role, now: datetime, name: str | None = None) -> Person:
    """An officer of the office with these roles, signed in."""
    title = name or " ".join(roles)
    staff = Staff(
        id=uuid7(),
        office_id=office.id,
        full_name=title,
        email=f"{secrets.token_hex(4)}@kantor.example",
        password_hash="-",
        created_at=now,
    )
    db.session.add(staff)
    db.session.flush()
    db.session.add_all(StaffRole(staff_id=staff.id, role=role, office_id=office.id) for role in roles)
    row, token = sign_in(now, staff_id=staff.id, audience="officer")
    db.session.add(row)
    db.session.commit()
    return Person(staff.id, title, token, "officer")
