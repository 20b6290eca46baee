"""Applicants with complete drafts, put there in one go."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mpaspor.applications.models import Application
from mpaspor.applications.transitions import fresh_code
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.people.models import Account, SignIn
from mpaspor.people.sign_in.signed_in import TOKEN_PURPOSE


@dataclass(frozen=True)
class Ready:
    """One applicant who only lacks the hour."""

    account_id: uuid.UUID
    case_id: uuid.UUID
    code: str
    nik_lookup: bytes
    token: str


def ready(office: Office, count: int, now: datetime) -> list[Ready]:
    """So many applicants, signed in, each with a complete and declared draft."""
    programme = offices.programme_by_code()
    if programme is None:
        raise RuntimeError("no programme in the reference data")
    first = secrets.randbelow(10**8)
    found: list[Ready] = []
    accounts: list[Account] = []
    rest: list[SignIn | Application] = []
    for number in range(first, first + count):
        nik = f"1671{number:012d}"
        one = Ready(uuid7(), uuid7(), fresh_code(), lookup_hash(nik, "nik"), secrets.token_urlsafe(32))
        phone = f"+62812{number:09d}"
        accounts.append(_account(one, number, phone, now))
        rest += [_sign_in(one, now), _case(one, office, programme.id, nik, phone, now)]
        found.append(one)
    db.session.add_all(accounts)
    db.session.flush()
    db.session.add_all(rest)
    db.session.commit()
    db.session.remove()
    return found


def _account(one: Ready, number: int, phone: str, now: datetime) -> Account:
    return Account(
        id=one.account_id,
        full_name=f"Warga {number}",
        birth_on=date(1992, 8, 7),
        gender="female",
        email=f"warga{number}@contoh.example",
        phone=phone,
        password_hash="-",
        terms_version="1",
        created_at=now,
        email_verified_at=now,
    )


def _sign_in(one: Ready, now: datetime) -> SignIn:
    return SignIn(
        id=uuid7(),
        token_hash=lookup_hash(one.token, TOKEN_PURPOSE),
        audience="applicant",
        account_id=one.account_id,
        device_name="bench",
        created_at=now,
        last_seen_at=now,
    )


def _case(
    one: Ready, office: Office, programme_id: uuid.UUID, nik: str, phone: str, now: datetime
) -> Application:
    return Application(
        id=one.case_id,
        account_id=one.account_id,
        code=one.code,
        state="draft",
        programme_id=programme_id,
        office_id=office.id,
        need="new",
        kind="electronic_laminated",
        validity_years=5,
        full_name="Warga",
        nik=nik,
        nik_lookup=one.nik_lookup,
        birth_on=date(1992, 8, 7),
        sex="female",
        phone=phone,
        created_at=now,
        changed_at=now,
        declared_at=now,
    )
