"""A busy day at one office, for the benches of pages: people with drafts or visits, officers, guests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from benchmarks.people import ready
from benchmarks.stage import Stage
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage import cast, desk
from tests.stage.drafts import case_row

_PEOPLE, _OFFICERS, _GUESTS = 16, 4, 45


@dataclass(frozen=True)
class Someone:
    """A signed-in person: whose account, which cookies, and the code of the case in question (if any)."""

    account_id: uuid.UUID
    cookies: dict[str, str]
    code: str = ""


@dataclass(frozen=True)
class Scene:
    """Who is there: applicants who choose an hour, applicants who wait for their visit, officers."""

    choosing: list[Someone]
    coming: list[Someone]
    officers: list[Someone]


def busy_day(found: Stage) -> Scene:
    """Put everybody on the stage."""
    now, office = clock.now(), found.office
    choosing = [
        Someone(one.account_id, dict([cookie_for(one.token)]), one.code)
        for one in ready(office, _PEOPLE, now)
    ]
    coming = [_coming(office, number, now) for number in range(_PEOPLE)]
    for number in range(_GUESTS):
        desk.guest(office, now, hours=number % 5 - 2)
    officers = [cast.officer(office, *Role, now=now, name=f"Petugas {n}") for n in range(_OFFICERS)]
    db.session.remove()
    # The floors load an account; an officer has none.
    return Scene(choosing, coming, [Someone(choosing[0].account_id, _officers(who)) for who in officers])


def _coming(office: Office, number: int, now: datetime) -> Someone:
    """Somebody with a visit in some days, and with the draft of another case."""
    code = desk.guest(office, now, hours=72 + number % 5)
    owner = cast.owner_of(code, now)
    db.session.add(case_row(owner.id, office, f"1671022{number:09d}", now))
    db.session.commit()
    return Someone(owner.id, dict([cookie_for(owner.token)]), code)


def _officers(who: cast.Person) -> dict[str, str]:
    _name, value = cookie_for(who.token)
    return {"mp_petugas": value}
