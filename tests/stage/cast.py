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

from mpaspor.applications.models import Application
from mpaspor.applications.transitions import fresh_code
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.offices import queries as offices
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


def applicant(name: str, email: str, now: datetime, *, phone: str = "+6281271234567") -> Person:
    """A verified account, signed in."""
    account = Account(
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
    db.session.add(account)
    token = _sign_in(now, account_id=account.id, audience="applicant")
    db.session.commit()
    return Person(account.id, name, token)


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
    db.session.add_all(StaffRole(staff_id=staff.id, role=role) for role in roles)
    token = _sign_in(now, staff_id=staff.id, audience="officer")
    db.session.commit()
    return Person(staff.id, title, token, "officer")


def _sign_in(now: datetime, *, audience: str, **whose: uuid.UUID) -> str:
    token = secrets.token_urlsafe(32)
    db.session.flush()
    db.session.add(
        SignIn(
            id=uuid7(),
            token_hash=lookup_hash(token, TOKEN_PURPOSE),
            audience=audience,
            device_name="Chrome di Android",
            created_at=now,
            last_seen_at=now,
            **whose,
        )
    )
    return token


def ready_draft(owner: Person, office: Office, nik: str, now: datetime, **facts: object) -> Application:
    """A complete, declared draft: only the hour is missing."""
    programme = offices.programme_by_code()
    assert programme is not None
    case = Application(
        id=uuid7(),
        account_id=owner.id,
        code=fresh_code(),
        state="draft",
        programme_id=programme.id,
        office_id=office.id,
        need="new",
        kind="electronic_laminated",
        validity_years=5,
        full_name=owner.name,
        nik=nik,
        nik_lookup=lookup_hash(nik, "nik"),
        birth_on=date(1992, 8, 7),
        sex="female",
        phone="+6281271234567",
        created_at=now,
        changed_at=now,
        declared_at=now,
    )
    for name, value in facts.items():
        setattr(case, name, value)
    db.session.add(case)
    db.session.commit()
    return case
