"""What else becomes of a turn: parked, skipped, handed on to a colleague, taken over, put first."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from mpaspor.desk import acting, presence, turns
from mpaspor.desk.models import Turn
from mpaspor.desk.queue_rules import HELD, RETURNS, TurnState
from mpaspor.desk.refusals import NotTheirTurn, NotYourStep
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.desk.stages import Stage, stations_of
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of
from mpaspor.people.in_force import holds, is_absent_on
from mpaspor.people.models import Staff, StaffAbsence, StaffRole
from mpaspor.people.rules import Role

T = TurnState
TAKEN_OVER, EMERGENCY = "taken_over", "emergency"


@operation
def park(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Set the person aside, for a copy or a call at home: they are called again by hand. Returns the code.

    Raises `NotTheirTurn`, `NotFound`.
    """
    turn, actor = _mine(staff_id, code, HELD)
    turns.move(turn.id, {turn.state}, T.PARKED, actor=actor, now=now)
    return code


@operation
def skip(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """The person did not come when they were called; returns the code. Raises `NotTheirTurn`, `NotFound`."""
    turn, actor = _mine(staff_id, code, {T.CALLED})
    turns.move(turn.id, {T.CALLED}, T.MISSED, actor=actor, now=now)
    return code


@operation
def hand_on(staff_id: uuid.UUID, code: str, *, to: uuid.UUID | None, now: datetime) -> str:
    """Give the turn to a colleague at this station, or back to its queue (`to` is None); returns the code.

    It waits where it stood. Raises `NotTheirTurn`, `NotFound` (also for a colleague who does not work there).
    """
    turn, actor = _mine(staff_id, code, HELD)
    if to is not None:
        office = db.session.get_one(Office, turn.office_id)
        if to not in {found.id for found in colleagues(office, turn.station, now=now)}:
            raise NotFound()
    _let_wait(turn, actor, now, only_for=to)
    return code


@operation
def hand_on_with_priority(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Give the turn back to its queue, with a number of the priority lane; returns the code.

    For whoever cannot wait long again, as the counter sees it now. Raises `NotHere` where they have no
    ordinary number, `NotTheirTurn`, `NotFound`, `StateChanged`.
    """
    officer = acting.officer(staff_id)
    case = acting.take(officer, code, RETURNS)
    turn, actor = _mine(staff_id, code, HELD)
    presence.prefer(case, acting.office_of(case), actor=actor, now=now)
    turn.called_at = None  # by that number nobody was called: the priority lane has not had its turn
    _let_wait(turn, actor, now)
    return code


@operation
def take_over(staff_id: uuid.UUID, code: str, *, seen: str | None, counter: int | None, now: datetime) -> str:
    """Take a case from the colleague who has it; returns the code.

    `seen` is the colleague who was on the screen. Raises `NotTheirTurn` when it is another by now, or when
    the officer has somebody already; `NotYourStep`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(DESK_ROLES)
    case_id = acting.case_for(officer, code)
    turns.one_at_a_time(staff_id)
    turn = turns.open_turn(case_id)
    if turn is None or turn.state not in HELD or str(turn.officer_id) != seen or turn.officer_id == staff_id:
        raise NotTheirTurn()
    if turn.station not in stations_of(officer.roles):
        raise NotYourStep()
    if turns.held_by(staff_id) is not None:
        raise NotTheirTurn()
    turn.officer_id = staff_id
    turn.counter = counter if counter is not None else turn.counter
    _note(TAKEN_OVER, turn, actor, now)
    return code


@operation
def put_first(staff_id: uuid.UUID, code: str, *, reason: str, now: datetime) -> str:
    """An emergency: whoever it is comes first at every station from now on. By a supervisor, with a reason.

    Returns the code. Raises `ReasonNeeded`, `NotYourStep`, `NotTheirTurn` (nothing waits), `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as({Role.SUPERVISOR})
    turn = turns.open_turn(acting.case_for(officer, code))
    words = acting.required(reason)
    if turn is None or turn.is_emergency:
        raise NotTheirTurn()
    turn.is_emergency = True
    _note(EMERGENCY, turn, actor, now, words)
    return code


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at a station: the counter at which they called last today, if any, and whether they
    have somebody now."""

    id: uuid.UUID
    name: str
    counter: int | None
    is_busy: bool


def colleagues(office: Office, station: Stage, *, now: datetime) -> list[Colleague]:
    """Who works at this station of the office now: nobody absent, no role that has run out. By counter, those
    who called nobody yet today last; one statement."""
    today = local_date(now, office.time_zone)
    is_absent = select(StaffAbsence.id).where(StaffAbsence.staff_id == Staff.id, is_absent_on(today)).exists()
    is_busy = select(Turn.id).where(Turn.officer_id == Staff.id, Turn.state.in_(HELD)).exists()
    counter = _counters_of(office, station, today).subquery()
    rows = db.session.execute(
        select(Staff.id, Staff.full_name, StaffRole.role, counter.c.counter, is_busy.label("is_busy"))
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .outerjoin(counter, counter.c.officer_id == Staff.id)
        .where(
            Staff.office_id == office.id,
            Staff.dismissed_at.is_(None),
            holds(now),
            ~is_absent,
        )
        .order_by(counter.c.counter.asc().nulls_last(), Staff.full_name)
    ).all()
    return [
        Colleague(row.id, row.full_name, row.counter, row.is_busy)
        for row in rows
        if station in stations_of({row.role})
    ]


def _counters_of(office: Office, station: Stage, today: date) -> Select[uuid.UUID | None, int | None]:
    """At which counter each officer called last today at a station."""
    began = moment_of(today, time.min, office.time_zone)
    return (
        select(Turn.officer_id, Turn.counter)
        .ext(distinct_on(Turn.officer_id))
        .where(
            Turn.office_id == office.id,
            Turn.station == station,
            or_(Turn.ended_at.is_(None), Turn.ended_at >= began),
            Turn.called_at >= began,
            Turn.counter.is_not(None),
        )
        .order_by(Turn.officer_id, Turn.called_at.desc())
    )


@in_operation
def _mine(staff_id: uuid.UUID, code: str, states: Collection[TurnState]) -> tuple[Turn, Actor]:
    officer = acting.officer(staff_id)
    turn = turns.open_turn(acting.case_for(officer, code))
    if turn is None or turn.officer_id != staff_id or turn.state not in states:
        raise NotTheirTurn()
    return turn, officer.acting_as(DESK_ROLES)


@in_operation
def _let_wait(turn: Turn, actor: Actor, now: datetime, *, only_for: uuid.UUID | None = None) -> None:
    also = {"officer_id": None, "counter": None, "for_officer_id": only_for}
    turns.move(turn.id, {turn.state}, T.WAITING, actor=actor, now=now, **also)


@in_operation
def _note(kind: str, turn: Turn, actor: Actor, now: datetime, reason: str | None = None) -> None:
    db.session.flush()
    events.record(
        kind,
        actor=actor,
        now=now,
        application_id=turn.application_id,
        office_id=turn.office_id,
        reason=reason,
    )
