"""Turns at the stations. The only writer of `turn.state`; a case has one open turn at most."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.models import Presence, Turn
from mpaspor.desk.queue_rules import HELD, TURN_MOVES, TurnState
from mpaspor.desk.refusals import HeldByColleague
from mpaspor.desk.stages import PERSON_WAITS, Stage, station_of
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, moment
from mpaspor.foundation.transitions import Machine, transition
from mpaspor.people.models import Staff

T = TurnState
KIND = "turn"
_TURN = Machine(KIND, Turn, TURN_MOVES, Turn.application_id, Turn.office_id, detail="turn")


@in_operation
def move(
    turn_id: uuid.UUID,
    expected: Collection[TurnState],
    new: TurnState,
    *,
    actor: Actor,
    now: datetime,
    **also: Any,
) -> bool:
    """Move a turn that is in one of `expected`, setting the columns `also` with it; True if this call won."""
    which = {"id": turn_id}
    return transition(_TURN, which, expected, new, actor=actor, now=now, values=also) is not None


@in_operation
def open_turn(application_id: uuid.UUID) -> Turn | None:
    """The open turn of a case, held for this transaction."""
    found: Turn | None = db.session.scalar(
        select(Turn)
        .where(Turn.application_id == application_id, Turn.ended_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found


@in_operation
def queue(
    case: Application,
    state: CaseState,
    presence: Presence | None,
    *,
    now: datetime,
    since: datetime | None = None,
    is_emergency: bool = False,
) -> None:
    """Put a case that has no open turn into the queue of the station at which its new state stands, where it
    waits from now on, or `since` an earlier moment."""
    station = station_of(state, is_here=presence is not None)
    if station is not None:
        at_counter = presence is not None and station in (*PERSON_WAITS, Stage.DECISION)
        db.session.add(
            Turn(
                application_id=case.id,
                office_id=case.office_id,
                presence_id=presence.id if presence is not None and at_counter else None,
                station=station,
                since=since or moment(now),
                is_emergency=is_emergency,
            )
        )
        db.session.flush()


@in_operation
def follow(
    case: Application, state: CaseState, presence: Presence | None, *, actor: Actor, now: datetime
) -> None:
    """The case has moved on to `state`: its turn is done, and the next station's begins."""
    done = open_turn(case.id)
    if done is not None:
        finish(done, actor=actor, now=now)
    if state is not CaseState.DOCUMENTS_WANTED:
        queue(case, state, presence, now=now, is_emergency=done is not None and done.is_emergency)


@in_operation
def finish(turn: Turn, *, actor: Actor, now: datetime) -> None:
    """End a turn, whoever has it; of one that nobody was called to, whoever ended it is kept."""
    ended = moment(now)
    began = turn.began_at or (turn.called_at if turn.state in HELD else None)
    officer_id = turn.officer_id or (actor.id if actor.kind == "officer" else None)
    also = {"ended_at": ended, "began_at": began, "officer_id": officer_id}
    move(turn.id, set(TURN_MOVES), T.DONE, actor=actor, now=now, **also)


@in_operation
def leave_counter(application_id: uuid.UUID, *, actor: Actor, now: datetime) -> None:
    """The person has left: nobody calls them any more. What lies on a pile stays there."""
    found = open_turn(application_id)
    if found is not None and found.station in PERSON_WAITS:
        finish(found, actor=actor, now=now)


@in_operation
def wait_aside(case: Application, presence: Presence, *, actor: Actor, now: datetime) -> None:
    """The person waits in the house for a paper: parked at the counter that asked for it."""
    if open_turn(case.id) is None:
        queue(case, CaseState.DOCUMENTS_WANTED, presence, now=now)
    found = open_turn(case.id)
    if found is not None and found.state in (T.WAITING, *HELD):
        move(found.id, {found.state}, T.PARKED, actor=actor, now=now, officer_id=actor.id)


@in_operation
def begin(case: Application, *, actor: Actor, now: datetime) -> None:
    """The officer does something with the case: they serve it from now on, unless they serve another."""
    one_at_a_time(actor.id)
    found = open_turn(case.id)
    if found is None or found.state is T.SERVING:
        return
    if found.state is not T.CALLED and held_by(actor.id) is not None:
        return
    if found.state in (T.WAITING, T.CALLED, T.PARKED):
        expected = {found.state}
        move(found.id, expected, T.SERVING, actor=actor, now=now, officer_id=actor.id, began_at=moment(now))


@in_operation
def give_back(application_id: uuid.UUID, *, actor: Actor, now: datetime) -> None:
    """Whoever had the case leaves it to a colleague: it waits again, where it stood."""
    found = open_turn(application_id)
    if found is not None and found.state in HELD:
        also = {"officer_id": None, "counter": None}
        move(found.id, {found.state}, T.WAITING, actor=actor, now=now, **also)


@in_operation
def one_at_a_time(staff_id: uuid.UUID | None) -> None:
    """What one officer calls, they call one after the other: two presses of a key are no two people.

    An advisory lock: calling somebody needs no right to change the rows of officers.
    """
    if staff_id is not None:
        number = staff_id.int & 0x7FFF_FFFF_FFFF_FFFF
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


@in_operation
def held_by(staff_id: uuid.UUID | None) -> Turn | None:
    """The turn that an officer has now."""
    found: Turn | None = db.session.scalar(
        select(Turn).where(Turn.officer_id == staff_id, Turn.state.in_(HELD))
    )
    return found


@in_operation
def refuse_if_held(application_id: uuid.UUID, but_by: uuid.UUID) -> None:
    """Raises `HeldByColleague` while another officer has the case."""
    row = db.session.execute(
        select(Staff.full_name, Turn.counter)
        .join(Staff, Staff.id == Turn.officer_id)
        .where(
            Turn.application_id == application_id,
            Turn.state.in_(HELD),
            Turn.officer_id != but_by,
        )
    ).one_or_none()
    if row is not None:
        raise HeldByColleague(name=row.full_name, counter=row.counter)
