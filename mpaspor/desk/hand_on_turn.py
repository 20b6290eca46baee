"""What else becomes of a turn: parked, skipped, handed on to a colleague, taken over, put first."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from mpaspor.desk import acting, turns
from mpaspor.desk.models import Turn
from mpaspor.desk.queue_rules import HELD, TurnState
from mpaspor.desk.refusals import NotTheirTurn, NotYourStep
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.desk.stages import Stage, stations_of
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
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
        if to not in {found for found, _name in colleagues(office, turn.station, now=now)}:
            raise NotFound()
    also = {"officer_id": None, "counter": None, "for_officer_id": to}
    turns.move(turn.id, {turn.state}, T.WAITING, actor=actor, now=now, **also)
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


def colleagues(office: Office, station: Stage, *, now: datetime) -> list[tuple[uuid.UUID, str]]:
    """Who works at this station of the office now, by name: nobody absent, no role that has run out."""
    today = local_date(now, office.time_zone)
    is_absent = select(StaffAbsence.id).where(StaffAbsence.staff_id == Staff.id, is_absent_on(today)).exists()
    rows = db.session.execute(
        select(Staff.id, Staff.full_name, StaffRole.role)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(
            Staff.office_id == office.id,
            Staff.dismissed_at.is_(None),
            holds(now),
            ~is_absent,
        )
        .order_by(Staff.full_name)
    ).all()
    return [(row.id, row.full_name) for row in rows if station in stations_of({row.role})]


@in_operation
def _mine(staff_id: uuid.UUID, code: str, states: Collection[TurnState]) -> tuple[Turn, Actor]:
    officer = acting.officer(staff_id)
    turn = turns.open_turn(acting.case_for(officer, code))
    if turn is None or turn.officer_id != staff_id or turn.state not in states:
        raise NotTheirTurn()
    return turn, officer.acting_as(DESK_ROLES)


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
