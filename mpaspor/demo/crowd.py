"""A crowd for trying things under load: verified applicants, each with a complete draft, signed in."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.demo.accounts import admit, record_account
from mpaspor.demo.cast import PASSWORD, Applicant
from mpaspor.demo.cookies import cookie_for
from mpaspor.demo.stories import complete_draft
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.people.passwords import hash_password

_FIRST_BIRTH = date(1970, 1, 1)
_BIRTH_DAYS = 12_000  # grown up, and not so old that another way is open
_SERIALS = 9_999


@dataclass(frozen=True)
class Waiting:
    """One of the crowd, ready to check out. `token` is what the session cookie carries."""

    id: uuid.UUID
    application_code: str
    email: str
    password: str
    token: str

    def as_row(self) -> dict[str, str]:
        """What a script needs to act as this person, the cookie of the sign-in among it."""
        name, value = cookie_for(self.token)
        return {
            "id": str(self.id),
            "application": self.application_code,
            "email": self.email,
            "password": self.password,
            "cookie": value,
            "cookie_name": name,
        }


def gather(count: int, *, now: datetime) -> Iterator[Waiting]:
    """Make `count` people, each with an address, a telephone and a NIK that nobody has."""
    run = secrets.token_hex(3)
    hashed = hash_password(PASSWORD)
    for number, (person, serial) in enumerate(_people(count, run), 1):
        account_id = record_account(person.account(), hashed, now=now)
        code = complete_draft(account_id, person, serial, now=now)
        token = admit(account_id, device_name=f"Kerumunan {number}", now=now)
        yield Waiting(account_id, code, person.email, PASSWORD, token)


def _people(count: int, run: str) -> Iterator[tuple[Applicant, int]]:
    known: set[str] = set()
    while len(known) < count:
        person = _person(f"kerumunan-{run}-{len(known) + 1}@warga.example")
        serial = secrets.randbelow(_SERIALS)
        nik = person.nik(serial)
        if nik not in known and not _is_taken(nik):
            known.add(nik)
            yield person, serial


def _person(email: str) -> Applicant:
    return Applicant(
        name="Warga Kerumunan",
        email=email,
        phone=f"+62812{secrets.randbelow(10**8):08d}",
        birth_on=_FIRST_BIRTH + timedelta(days=secrets.randbelow(_BIRTH_DAYS)),
        sex=secrets.choice(("female", "male")),
        civil_status="single",
        occupation="private_employee",
    )


def _is_taken(nik: str) -> bool:
    found = db.session.scalar(
        select(Application.id).where(Application.nik_lookup == lookup_hash(nik, "nik")).limit(1)
    )
    db.session.remove()
    return found is not None
