"""An arrival that the door wrote down while the server was away: told later, merged without doubles."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, ask_supervisor, refusals
from mpaspor.desk.acting import Officer
from mpaspor.desk.check_in import let_in
from mpaspor.desk.door_models import DayList, ToldArrival
from mpaspor.desk.door_rules import SETTLED, Told, Why, came_at
from mpaspor.desk.models import Presence
from mpaspor.desk.queue_rules import Leaving
from mpaspor.desk.refusals import NoDayList, ToldOtherwise
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, moment, operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.offices.rules import local_date

TOLD_LATER = "told_later"
_NOBODYS = (CaseState.DRAFT, CaseState.DISCARDED)
# What the door refuses now is no refusal of the telling: it is kept, and somebody decides.
_BECAME: dict[type[Refusal], Told] = {
    refusals.AlreadyHere: Told.HERE,
    refusals.TooEarly: Told.EARLY,
    refusals.TooLate: Told.LATE,
    refusals.WrongDay: Told.WRONG_DAY,
    refusals.Unpaid: Told.UNPAID,
    refusals.NotExpected: Told.NOT_EXPECTED,
    refusals.AnotherCaseLive: Told.NOT_EXPECTED,
    refusals.OwnCase: Told.OWN_CASE,
}


@dataclass(frozen=True)
class Arrival:
    """What a device says: its key for this arrival, the list that it had, whom, when by its own clock, and
    why at another hour than was booked."""

    key: uuid.UUID
    list_id: uuid.UUID
    code: str
    at: datetime
    reason: str | None = None


@operation
def merge_arrival(staff_id: uuid.UUID, told: Arrival, *, now: datetime) -> tuple[str, str | None]:
    """Let the person in as of the moment at which they came, or keep what became of it; one transaction. The
    same key again gets the first answer. Returns what became of it and the queue number.

    Whoever tells it answers for it: an officer of the door of the same office, now. Who wrote it down is
    whoever had the list. Raises `NoDayList`, `ToldOtherwise`, `NotYourStep`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(AT_THE_DOOR)
    had = db.session.scalar(
        select(DayList).where(DayList.id == told.list_id, DayList.office_id == officer.office_id)
    )
    if had is None:
        raise NoDayList()
    came = came_at(told.at, had.made_at, now)
    if not _claim(told, came, officer, now):
        return _first_answer(told, officer)
    case = _case_of(officer, told.code)
    became, ticket = Told.UNKNOWN, None
    if case is not None:
        became = _merge(officer, case, told, had, came, now)
        ticket = _ticket(case, had) if became in (Told.LET_IN, Told.HERE) else None
        if became is Told.LET_IN:
            _note(case, actor, had, came, now)
        elif became not in SETTLED:
            ask_supervisor.put(case, Why(became), None, actor=actor, now=now)
    db.session.execute(
        update(ToldArrival)
        .where(ToldArrival.key == told.key)
        .values(became=became, ticket=ticket, application_id=case.id if case is not None else None)
    )
    return became, ticket


@in_operation
def _claim(told: Arrival, came: datetime, officer: Officer, now: datetime) -> bool:
    """Write it down under its key; False where that key has been here. Its twin waits until this one ends."""
    row = insert(ToldArrival).values(
        key=told.key,
        list_id=told.list_id,
        code=told.code,
        told_at=told.at,
        came_at=came,
        became=Told.UNKNOWN,
        sent_by=officer.staff_id,
        sent_at=moment(now),
    )
    claimed = db.session.execute(row.on_conflict_do_nothing().returning(ToldArrival.key)).scalar()
    return claimed is not None


@in_operation
def _first_answer(told: Arrival, officer: Officer) -> tuple[str, str | None]:
    first = db.session.execute(
        select(ToldArrival, DayList.office_id)
        .join(DayList, DayList.id == ToldArrival.list_id)
        .where(ToldArrival.key == told.key)
    ).one()
    same = (first.ToldArrival.code, first.office_id) == (told.code, officer.office_id)
    if not same:
        raise ToldOtherwise()
    return first.ToldArrival.became, first.ToldArrival.ticket


@in_operation
def _case_of(officer: Officer, code: str) -> Application | None:
    """The case of this office, held for this transaction; None for whatever a queue names beside them."""
    found: Application | None = db.session.scalar(
        select(Application)
        .where(
            Application.code == code,
            Application.office_id == officer.office_id,
            Application.state.not_in(_NOBODYS),
        )
        .with_for_update(key_share=True)
    )
    return found


@in_operation
def _merge(
    officer: Officer, case: Application, told: Arrival, had: DayList, came: datetime, now: datetime
) -> Told:
    zone = acting.office_of(case).time_zone
    if had.day != local_date(now, zone):
        return Told.DAY_OVER
    if _was_here(case, had, came):
        return Told.HERE
    try:
        with db.session.begin_nested():
            let_in(officer, case.code, reason=told.reason, came_at=came, now=now)
    except Refusal as refusal:
        if type(refusal) not in _BECAME:
            raise
        return _BECAME[type(refusal)]
    return Told.LET_IN


@in_operation
def _was_here(case: Application, had: DayList, came: datetime) -> bool:
    """Whether another door let the person in for this coming: they are here, or left after it. A check-in
    that was taken back does not count."""
    left_later = and_(Presence.left_at > came, Presence.why_left != Leaving.TAKEN_BACK)
    found = select(Presence.id).where(
        Presence.application_id == case.id,
        Presence.day == had.day,
        or_(Presence.left_at.is_(None), left_later),
    )
    return db.session.scalar(found.limit(1)) is not None


@in_operation
def _ticket(case: Application, had: DayList) -> str | None:
    here = db.session.scalar(
        select(Presence)
        .where(Presence.application_id == case.id, Presence.day == had.day)
        .order_by(Presence.arrived_at.desc(), Presence.id.desc())
        .limit(1)
    )
    return here.ticket if here is not None else None


@in_operation
def _note(case: Application, actor: Actor, had: DayList, came: datetime, now: datetime) -> None:
    """The history says who had the list, and which moment was believed, beside who told it."""
    events.record(
        TOLD_LATER,
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        details={"came_at": came.isoformat(), "had_list": str(had.staff_id)},
    )
