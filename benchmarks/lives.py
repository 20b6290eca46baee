"""One case of each kind of life, led by the product's own operations at the hours of its days.

`copied.py` makes a hundred thousand of them: what an operation writes is described nowhere a second time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState, PassportKind
from mpaspor.billing.withdraw import withdraw
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.mark_missed import mark_missed
from mpaspor.booking.models import Slot
from mpaspor.booking.returns import return_due
from mpaspor.config import settings
from mpaspor.demo import pictures
from mpaspor.demo.accounts import admit, record_account
from mpaspor.demo.cast import OFFICERS, Applicant
from mpaspor.demo.partner import register_bank
from mpaspor.demo.stories import Stage as Desk
from mpaspor.demo.stories import complete_draft, take_hour_and_pay, walk_the_desk
from mpaspor.desk.adjudicate import Told, decide_proposal, propose
from mpaspor.desk.close_case import close_case, end_overdue
from mpaspor.desk.hand_over import Collector, Scanned, hand_over
from mpaspor.desk.models import Booklet, Proposal
from mpaspor.desk.receive_batch import receive_batch
from mpaspor.desk.rules import Relation, Seen
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import moment_of
from mpaspor.people.models import Staff
from mpaspor.people.rules import Role
from mpaspor.people.staff_accounts import NewOfficer, add_staff
from mpaspor.simulators.treasury import TreasurySimulator

_LONG_AGO = timedelta(days=90)  # time enough for a passport to become void
_BOOKED_BEFORE = timedelta(days=6)
_TO_COLLECTED, _TO_VOID = timedelta(days=3), timedelta(days=40)
_BEFORE_INTERVIEW, _INTERVIEWED, _ALL_OF_IT = 1, 4, 7  # steps of `walk_the_desk`


@dataclass(frozen=True)
class Life:
    """A case as it stands in the end, and when its visit began; a draft's, when it might have begun."""

    account_id: uuid.UUID
    case_id: uuid.UUID
    visit_at: datetime


@dataclass(frozen=True)
class _Guest:
    """Somebody on the way through the office, and what the ends of their case need."""

    desk: Desk
    account_id: uuid.UUID
    code: str
    at: datetime


def lead(office: Office, now: datetime) -> dict[str, Life]:
    """One life of each kind at the office, by the state that it ends in."""
    desk = Desk(_officers(office, now - _LONG_AGO), TreasurySimulator(settings().data_dir))
    register_bank(settings().data_dir)
    _stock(desk, now - _LONG_AGO)
    hours = iter(_hours(office, now - _LONG_AGO))
    return {str(state): _life(desk, number, next(hours), act) for number, (state, act) in enumerate(_ENDS)}


def _life(desk: Desk, number: int, hour: Slot, act: Callable[[_Guest], None]) -> Life:
    booked_at = hour.starts_at - _BOOKED_BEFORE
    who = Applicant(
        "Warga Teladan", f"teladan{number}@warga.example", f"+6281271231{number:03d}",
        date(1990, 1, 1 + number), "female", "single", "teacher",
    )  # fmt: skip
    account_id = record_account(who.account(), "-", now=booked_at)
    admit(account_id, device_name="Chrome di Android", now=booked_at)
    code = complete_draft(account_id, who, number, now=booked_at, picture=pictures.small)
    if act is not _stays_a_draft:
        take_hour_and_pay(desk, account_id, code, hour.id, now=booked_at)
    act(_Guest(desk, account_id, code, hour.starts_at))
    case_id = db.session.scalars(select(Application.id).where(Application.code == code)).one()
    db.session.remove()
    return Life(account_id, case_id, hour.starts_at)


def _walk(guest: _Guest, steps: int) -> None:
    walk_the_desk(guest.desk, guest.code, steps, begin=guest.at, until=guest.at + timedelta(hours=2))


def _stays_a_draft(_guest: _Guest) -> None:
    """Complete, and nothing more."""


def _waits_for_the_visit(_guest: _Guest) -> None:
    """Paid, and not there yet."""


def _does_not_come(guest: _Guest) -> None:
    mark_missed(now=guest.at + timedelta(days=2))


def _withdraws(guest: _Guest) -> None:
    withdraw(guest.account_id, guest.code, now=guest.at - timedelta(days=2))
    return_due(now=guest.at - timedelta(days=1))


def _goes_home(guest: _Guest) -> None:
    _walk(guest, _BEFORE_INTERVIEW)
    at = guest.at + timedelta(minutes=40)
    close_case(guest.desk.staff[Role.SUPERVISOR], guest.code, reason="Pemohon pulang.", now=at)


def _is_refused(guest: _Guest) -> None:
    _walk(guest, _INTERVIEWED)
    first, second = _adjudicators()
    told = Told("Data tidak sesuai.", "Pasal 24")
    at = guest.at + timedelta(hours=2)
    propose(first, guest.code, verdict=CaseState.REFUSED, reason="Data palsu.", told=told, now=at)
    mark = db.session.scalars(select(Proposal)).one().mark
    db.session.remove()
    later = at + timedelta(hours=1)
    decide_proposal(second, guest.code, agreed=True, reason=None, seen=mark, now=later)


def _is_ready(guest: _Guest) -> None:
    _walk(guest, _ALL_OF_IT)


def _collects(guest: _Guest) -> None:
    _is_ready(guest)
    of_case = select(Booklet.number).join(Application, Application.id == Booklet.application_id)
    number = db.session.scalars(of_case.where(Application.code == guest.code)).one()
    db.session.remove()
    hand_over(
        guest.desk.staff[Role.HANDOVER], guest.code, Scanned(guest.code, number),
        Collector(Relation.SELF, list(Seen)), now=guest.at + _TO_COLLECTED,
    )  # fmt: skip


def _never_fetches(guest: _Guest) -> None:
    _is_ready(guest)
    end_overdue(now=guest.at + _TO_VOID)


# What the clock ends comes before what would wait for the same clock.
_ENDS: tuple[tuple[CaseState, Callable[[_Guest], None]], ...] = (
    (CaseState.COLLECTED, _collects),
    (CaseState.MISSED, _does_not_come),
    (CaseState.WITHDRAWN, _withdraws),
    (CaseState.CLOSED, _goes_home),
    (CaseState.REFUSED, _is_refused),
    (CaseState.VOID, _never_fetches),
    (CaseState.READY, _is_ready),
    (CaseState.SCHEDULED, _waits_for_the_visit),
    (CaseState.DRAFT, _stays_a_draft),
)


def _officers(office: Office, now: datetime) -> dict[Role, uuid.UUID]:
    found: dict[Role, uuid.UUID] = {}
    for name, email, roles in OFFICERS:
        add_staff(office.code, NewOfficer(name, email, roles), now=now)
        staff_id = db.session.scalars(select(Staff.id).where(Staff.email == email)).one()
        for role in roles:
            found.setdefault(role, staff_id)
    db.session.remove()
    return found


def _adjudicators() -> tuple[uuid.UUID, uuid.UUID]:
    addresses = [email for _name, email, roles in OFFICERS if Role.ADJUDICATOR in roles]
    first, second = db.session.scalars(select(Staff.id).where(Staff.email.in_(addresses))).all()
    db.session.remove()
    return first, second


def _stock(desk: Desk, now: datetime) -> None:
    kind = PassportKind.ELECTRONIC_LAMINATED
    receive_batch(desk.staff[Role.SUPERVISOR], kind=kind, first="X1000001", last="X1000020", now=now)


def _hours(office: Office, before: datetime) -> list[Slot]:
    """Hours of days that have come and gone, one a day: each life has its officers to itself."""
    top_up(office.id, now=before)
    begin = before + timedelta(days=10)
    found = db.session.scalars(
        select(Slot)
        .where(Slot.office_id == office.id, Slot.starts_at >= begin)
        .order_by(Slot.starts_at)
        .limit(100)
    ).all()
    db.session.remove()
    first = {}
    for hour in found:
        day = moment_of(hour.starts_at.date(), time.min, office.time_zone)
        first.setdefault(day, hour)
    return list(first.values())
