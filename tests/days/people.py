"""Who comes on the day, made by the product's operations, and what is to become of each of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from mpaspor.applications import visit_token
from mpaspor.booking.models import Slot
from mpaspor.config import settings
from mpaspor.demo import pictures, stories
from mpaspor.demo.accounts import record_account
from mpaspor.demo.cast import Applicant
from mpaspor.demo.partner import register_bank
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.simulators.treasury import TreasurySimulator

_FIRST = "Ahmad Budi Citra Dewi Eko Fitri Gilang Hana Indra Joko Kartika Lestari Maya".split()
_LAST = "Santoso Kusuma Wijaya Rahman Siregar Lubis Hartono Nasution Pratama Saputra".split()


class Fate(StrEnum):
    """What becomes of somebody, beside going through all stations and fetching the passport."""

    PLAIN = "plain"
    REFUSED = "refused"
    DEFERRED = "deferred"
    DOUBTED = "doubted"  # the interviewer doubts, the adjudicator grants with a reason
    SENT_HOME = "sent home"  # for a paper, and comes again with it
    NEVER_BACK = "never back"  # sent home for a paper that never comes
    WAITS_HERE = "waits here"  # for a paper that somebody brings
    PASSED_OVER = "passed over"  # was not there when called
    NO_SHOW = "no-show"
    FLAWED = "flawed"  # the first booklet fails its test
    PROXY = "proxy"  # a relative with a letter of attorney fetches it
    UNFETCHED = "unfetched"  # nobody ever fetches it


F = Fate
# The first people of a day have one fate each, the others are plain.
_EACH = (F.REFUSED, F.DOUBTED, F.SENT_HOME, F.WAITS_HERE, F.FLAWED, F.PROXY, F.NO_SHOW, F.DEFERRED)
_EACH += (F.PASSED_OVER, F.NEVER_BACK, F.UNFETCHED)


@dataclass(frozen=True)
class Guest:
    """Somebody with a paid visit: what their letter tells a scanner, when they come, what becomes of them."""

    name: str
    code: str
    token: str
    comes_at: datetime
    fate: Fate
    is_today: bool  # the others have an hour of another day, and a supervisor lets them in


def fates(count: int) -> list[Fate]:
    """One of each, then plain ones."""
    return [*_EACH, *[F.PLAIN] * count][:count]


def guests(
    office: Office, today: Sequence[Slot], elsewhen: Sequence[Slot], booked: int, others: int, then: datetime
) -> list[Guest]:
    """So many people who booked an hour of today, and so many with another day, in the order in which they
    come; all of them paid at the moment `then`."""
    stage = stories.Stage({}, TreasurySimulator(settings().data_dir))
    register_bank(settings().data_dir)
    names, key = _people(), settings().secrets.signing_key
    comings = zip(fates(booked), _comings(today, booked), strict=True)
    ways = [(fate, True, moment, slot) for fate, (moment, slot) in comings]
    begin, end = today[0].starts_at, today[-1].starts_at
    for number in range(others):
        moment = begin + (end - begin) * number / others
        ways.append((Fate.PLAIN, False, moment, elsewhen[number % len(elsewhen)]))
    found = []
    for fate, is_today, moment, slot in ways:
        code, name = _paid(stage, next(names), slot, then)
        token = visit_token.sign(visit_token.Visit(code, office.code, slot.starts_at), key)
        found.append(Guest(name, code, token, moment, fate, is_today))
    return sorted(found, key=lambda guest: guest.comes_at)


def _comings(hours: Sequence[Slot], count: int) -> list[tuple[datetime, Slot]]:
    """So many moments within these hours, and the hour of each."""
    pace = timedelta(hours=1) / -(-count // len(hours))
    places = [(hours[number % len(hours)], number // len(hours)) for number in range(count)]
    return [(slot.starts_at + before * pace, slot) for slot, before in places]


def _paid(stage: stories.Stage, who: tuple[int, Applicant], slot: Slot, then: datetime) -> tuple[str, str]:
    serial, person = who
    account_id = record_account(person.account(), "-", now=then)
    code = stories.complete_draft(account_id, person, serial, now=then, picture=pictures.small)
    stories.take_hour_and_pay(stage, account_id, code, slot.id, now=then)
    db.session.remove()
    return code, person.name


def _people() -> Iterator[tuple[int, Applicant]]:
    names = itertools.product(_FIRST, _LAST)
    for number, (first, last) in enumerate(names):
        yield (
            number,
            Applicant(
                name=f"{first} {last}",
                email=f"tamu{number}@warga.example",
                phone=f"+628120000{number:04d}",
                birth_on=date(1960 if number % 15 == 14 else 1985, 1 + number % 12, 1 + number % 28),
                sex="female" if number % 2 else "male",
                civil_status="single",
                occupation="private_employee",
            ),
        )


def hours_of(office: Office, begin: datetime, end: datetime) -> Sequence[Slot]:
    """The hours of the office that begin between these moments."""
    found = db.session.scalars(
        select(Slot)
        .where(Slot.office_id == office.id, Slot.starts_at >= begin, Slot.starts_at < end)
        .order_by(Slot.starts_at)
    ).all()
    db.session.remove()
    return found
