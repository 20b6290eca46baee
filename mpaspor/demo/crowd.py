"""A crowd for trying things under load: verified applicants, each with a complete draft, signed in."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count as count_from
from itertools import islice

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.demo import pictures
from mpaspor.demo.accounts import admit, record_account
from mpaspor.demo.cast import PASSWORD, Applicant
from mpaspor.demo.cookies import cookie_for
from mpaspor.demo.copies import Identity, Sample
from mpaspor.demo.stories import complete_draft
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.people.models import Account
from mpaspor.people.passwords import hash_password

_FIRST_BIRTH = date(1970, 1, 1)
_BIRTH_DAYS = 12_000  # grown up, and not so old that another way is open
_SERIALS = 9_999
_BATCH = 500  # people of one transaction


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


@dataclass(frozen=True)
class _Person:
    """Who one of the crowd is, and which device is named at the sign-in."""

    applicant: Applicant
    serial: int
    device_name: str

    @property
    def nik(self) -> str:
        return self.applicant.nik(self.serial)

    @property
    def own(self) -> set[str]:
        """What nobody else may have."""
        return {self.nik, self.applicant.phone}

    def identity(self) -> Identity:
        who = self.applicant
        return Identity(who.email, who.phone, self.nik, who.birth_on, who.sex, self.device_name)


def gather(count: int, *, now: datetime) -> Iterator[Waiting]:
    """Make `count` people, each with an address, a telephone and a NIK that nobody has.

    The first goes through the product's operations; what these wrote is copied for all others.
    """
    people = _people(secrets.token_hex(3))
    first = next(people)
    waiting = _by_operations(first, now)
    yield waiting
    sample = Sample(waiting.id)
    rest = islice(people, count - 1)
    while batch := [person.identity() for person in islice(rest, _BATCH)]:
        for made in sample.copy_for(batch):
            yield Waiting(made.account_id, made.code, made.email, PASSWORD, made.token)


def _by_operations(person: _Person, now: datetime) -> Waiting:
    who = person.applicant
    account_id = record_account(who.account(), hash_password(PASSWORD), now=now)
    code = complete_draft(account_id, who, person.serial, now=now, picture=pictures.small)
    token = admit(account_id, device_name=person.device_name, now=now)
    return Waiting(account_id, code, who.email, PASSWORD, token)


def _people(run: str) -> Iterator[_Person]:
    """As many as are asked for; who was drawn with something that somebody has is left out."""
    given: set[str] = set()
    for first in count_from(1, _BATCH):
        drawn = [
            _draw(f"kerumunan-{run}-{number}@warga.example", number)
            for number in range(first, first + _BATCH)
        ]
        given |= _kept(drawn)
        for person in drawn:
            if given.isdisjoint(person.own):
                given |= person.own
                yield person


def _kept(drawn: Sequence[_Person]) -> set[str]:
    """Which of their NIKs and telephones somebody in the database has."""
    niks = {lookup_hash(person.nik, NIK_PURPOSE): person.nik for person in drawn}
    phones = [person.applicant.phone for person in drawn]
    known = db.session.scalars(select(Application.nik_lookup).where(Application.nik_lookup.in_(niks)))
    found = {niks[lookup] for lookup in known if lookup is not None}
    for column in (Account.phone, Application.phone):
        found.update(phone for phone in db.session.scalars(select(column).where(column.in_(phones))) if phone)
    db.session.remove()
    return found


def _draw(email: str, number: int) -> _Person:
    who = Applicant(
        name="Warga Kerumunan",
        email=email,
        phone=f"+62812{secrets.randbelow(10**8):08d}",
        birth_on=_FIRST_BIRTH + timedelta(days=secrets.randbelow(_BIRTH_DAYS)),
        sex=secrets.choice(("female", "male")),
        civil_status="single",
        occupation="private_employee",
    )
    return _Person(who, secrets.randbelow(_SERIALS), f"Kerumunan {number}")
