"""Make what is missing of the demo, each time it starts: places never run out, somebody is due today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState, PassportKind
from mpaspor.booking.bookable import IS_LEFT
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import Booking, Slot
from mpaspor.config import settings
from mpaspor.demo.accounts import adopt_account
from mpaspor.demo.cast import BUDI, DEWI, OFFICERS, OTHERS, PASSWORD, RATNA, Applicant
from mpaspor.demo.stories import Stage, complete_draft, take_hour_and_pay, walk_the_desk
from mpaspor.demo.telephones import equip
from mpaspor.desk import stock_queries
from mpaspor.desk.presence import close_days
from mpaspor.desk.receive_batch import receive_batch
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office, Programme
from mpaspor.offices.rules import local_date, moment_of
from mpaspor.offices.seed import (
    plant_fixed_holidays,
    plant_palembang,
    plant_palembang_priority,
    plant_reference_data,
)
from mpaspor.people import queries as people
from mpaspor.people.models import Staff
from mpaspor.people.refusals import AddressTaken
from mpaspor.people.rules import Role
from mpaspor.people.staff_accounts import NewOfficer, add_staff
from mpaspor.simulators.treasury import TreasurySimulator

_BOX, _A_DAY = 250, 20
_SOME_DAYS = timedelta(days=6)
_LONGEST_BREAK = timedelta(days=16)  # the days off around Idulfitri, and a margin


def load(now: datetime) -> None:
    """Bring the demo to life at `now`; run again, it adds only what the day lacks."""
    plant_reference_data(now=now)
    plant_fixed_holidays(now=now)
    plant_palembang(now=now)
    plant_palembang_priority(now=now)
    office = offices.office_by_code(settings().office_code)
    if office is None:
        raise RuntimeError("the demo's office is not in the reference data")
    # The past days get their hours too: whoever is in the house today booked them last week.
    top_up(office.id, now=now - _LONGEST_BREAK)
    top_up(office.id, now=now)
    stage = Stage(_officers(office, now), TreasurySimulator(settings().data_dir))
    _stock(stage, office, now)
    _due_today(stage, office, now)
    _in_the_house(stage, office, now)
    _with_a_draft(now)
    _waiting_for_a_decision(stage, office, now)
    # Where today is no working day they came on the last one, and went home when it ended.
    close_days(now=now)


def logins() -> str:
    """What a newcomer types to get in."""
    lines = [f"Applicants (password {PASSWORD}):"]
    lines += [f"  {person.email:<28} {note}" for person, note in _NOTES]
    lines += [f"Officers at /petugas (password {PASSWORD}; the code of the app is at /demo/pesan):"]
    lines += [f"  {email:<28} {', '.join(roles)}" for _name, email, roles in OFFICERS]
    return "\n".join(lines)


_NOTES = (
    (RATNA, "paid, due today, or on the next working day"),
    (BUDI, "complete draft: choose an hour"),
    (DEWI, "interviewed, waits for the decision"),
)


def _officers(office: Office, now: datetime) -> dict[Role, uuid.UUID]:
    known = set(db.session.scalars(select(Staff.email)))
    for name, email, roles in OFFICERS:
        if email not in known:
            add_staff(office.code, NewOfficer(name, email, roles), now=now)
    ids = {staff.email: staff.id for staff in db.session.scalars(select(Staff))}
    found: dict[Role, uuid.UUID] = {}
    for _name, email, roles in OFFICERS:
        equip(ids[email], PASSWORD, now=now)
        for role in roles:
            found.setdefault(role, ids[email])
    return found


def _stock(stage: Stage, office: Office, now: datetime) -> None:
    """A box of booklets of each kind that is sold, received long ago; a new one when it runs out."""
    left = {of.kind: of.left for of in stock_queries.held(office.id)}
    for number, kind in enumerate(PassportKind):
        if left.get(kind, 0) >= _A_DAY:
            continue
        received = sum(1 for row in stock_queries.batches(office.id) if row.batch.kind is kind)
        first = 1_000_001 + number * 3_000_000 + received * _BOX
        receive_batch(
            stage.staff[Role.SUPERVISOR],
            kind=kind,
            first=f"X{first:07d}",
            last=f"X{first + _BOX - 1:07d}",
            now=now - _LONGEST_BREAK,
        )
    db.session.remove()


def _account(person: Applicant, now: datetime) -> uuid.UUID:
    try:
        return adopt_account(person.account(), PASSWORD, now=now)
    except AddressTaken:
        owner = people.verified_owner(person.email)
        if owner is None:
            raise
        return owner.id


def _due_today(stage: Stage, office: Office, now: datetime) -> None:
    """Ratna comes today; on a day off, next time."""
    booked_at = now - _SOME_DAYS
    today = _hours_of(office, now)
    if not today:
        if not _cases(RATNA, (CaseState.SCHEDULED,)):
            next_ones = _slots(office, now, now + timedelta(weeks=3))
            _paid(stage, RATNA, now.toordinal(), next_ones[0].id, booked_at)
    elif not _has_visit(RATNA, today):
        hour_now = next((slot for slot in today if slot.ends_at > now), today[-1])
        _paid(stage, RATNA, now.toordinal(), hour_now.id, booked_at)


def _in_the_house(stage: Stage, office: Office, now: datetime) -> None:
    """Six others who came today or will. Before the doors open and on days off they have waited since the
    last day of work, so that every desk has somebody to work on."""
    day = _hours_of(office, now)
    if not day or day[0].starts_at >= now:
        last = _last_hour(office, now)
        day = _hours_of(office, last.starts_at) if last is not None else ()
    for number, person in enumerate(OTHERS if day else ()):
        if _has_visit(person, day):
            continue
        slot = day[number % len(day)]
        code = _paid(stage, person, now.toordinal(), slot.id, slot.starts_at - _SOME_DAYS)
        if slot.starts_at < now:
            begin = slot.starts_at - timedelta(minutes=10)
            walk_the_desk(stage, code, number + 1, begin=begin, until=now)


def _with_a_draft(now: datetime) -> None:
    """Budi has filled in everything and only needs an hour."""
    if not _cases(BUDI, (CaseState.DRAFT, CaseState.AWAITING_PAYMENT, CaseState.SCHEDULED)):
        complete_draft(_account(BUDI, now - _SOME_DAYS), BUDI, now.toordinal(), now=now - timedelta(hours=1))


def _waiting_for_a_decision(stage: Stage, office: Office, now: datetime) -> None:
    """Dewi was here on an earlier day and waits for the adjudicator."""
    if _cases(DEWI, tuple(CaseState)):
        return
    last = _last_hour(office, now - timedelta(hours=12))
    if last is None:
        return
    code = _paid(stage, DEWI, now.toordinal(), last.id, last.starts_at - timedelta(days=3))
    walk_the_desk(stage, code, 4, begin=last.starts_at + timedelta(minutes=2), until=now)


def _paid(stage: Stage, person: Applicant, serial: int, slot_id: uuid.UUID, booked_at: datetime) -> str:
    account_id = _account(person, booked_at)
    code = complete_draft(account_id, person, serial, now=booked_at)
    take_hour_and_pay(stage, account_id, code, slot_id, now=booked_at)
    return code


def _hours_of(office: Office, now: datetime) -> Sequence[Slot]:
    begin = moment_of(local_date(now, office.time_zone), time.min, office.time_zone)
    return _slots(office, begin, begin + timedelta(days=1))


def _last_hour(office: Office, before: datetime) -> Slot | None:
    past = _slots(office, before - _LONGEST_BREAK, before)
    return past[-1] if past else None


def _slots(office: Office, begin: datetime, end: datetime) -> Sequence[Slot]:
    found = db.session.scalars(
        select(Slot)
        .join(Programme, Programme.id == Slot.programme_id)
        .where(
            Slot.office_id == office.id,
            Programme.code == offices.REGULAR,
            Slot.starts_at >= begin,
            Slot.starts_at < end,
            IS_LEFT,
        )
        .order_by(Slot.starts_at)
    ).all()
    db.session.remove()
    return found


def _has_visit(person: Applicant, day: Sequence[Slot]) -> bool:
    owner = people.verified_owner(person.email)
    slots = [slot.id for slot in day]
    return owner is not None and bool(
        db.session.scalar(
            select(Booking.id)
            .join(Application, Application.id == Booking.application_id)
            .where(Application.account_id == owner.id, Booking.slot_id.in_(slots))
            .limit(1)
        )
    )


def _cases(person: Applicant, states: tuple[CaseState, ...]) -> bool:
    owner = people.verified_owner(person.email)
    return owner is not None and bool(
        db.session.scalar(
            select(Application.id)
            .where(Application.account_id == owner.id, Application.state.in_(states))
            .limit(1)
        )
    )
