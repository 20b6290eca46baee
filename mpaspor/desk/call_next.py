"""Calling: the next one at an officer's stations, one that they choose, or the same person again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select

from mpaspor.applications.models import Application
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID
from mpaspor.desk import acting, turns
from mpaspor.desk.acting import Officer
from mpaspor.desk.models import Booklet, Presence, Proposal, Turn
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import ORDINARY_BETWEEN, Lane, TurnState, prefers_priority
from mpaspor.desk.refusals import NoCounter, NotTheirTurn, NotYourStep
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.desk.stages import PERSON_WAITS, Stage, stations_of
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, moment, operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date

T = TurnState


@operation
def call_next(staff_id: uuid.UUID, *, counter: int | None, now: datetime) -> str | None:
    """Call the next one at the officer's stations to their counter; the code of the case, or None.

    One claim: of two officers who press at once, each gets another person. Whoever has somebody gets that
    one again: nobody is served by halves. Raises `NoCounter`, `NotYourStep`.
    """
    officer = acting.officer(staff_id)
    stations = stations_of(officer.roles)
    actor = officer.acting_as(DESK_ROLES)
    if not stations:
        raise NotYourStep()
    turns.one_at_a_time(staff_id)
    mine = turns.held_by(staff_id)
    if mine is None:
        mine = _claim(officer, stations, counter, actor, now)
    if mine is None:
        return None
    return db.session.scalars(select(Application.code).where(Application.id == mine.application_id)).one()


@operation
def call_this_one(staff_id: uuid.UUID, code: str, *, counter: int | None, now: datetime) -> str:
    """Call somebody who waits at one of the officer's stations, was parked or did not come; returns the code.

    Raises `NotTheirTurn` (the officer has another, or a colleague was first), `NoCounter`, `NotYourStep`,
    `HeldByColleague`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(DESK_ROLES)
    case_id = acting.case_for(officer, code)
    turns.one_at_a_time(staff_id)
    turns.refuse_if_held(case_id, staff_id)
    found = turns.open_turn(case_id)
    if found is None:
        raise NotFound()
    if found.station not in stations_of(officer.roles):
        raise NotYourStep()
    if turns.held_by(staff_id) is not None or not _call(found, staff_id, counter, actor, now):
        raise NotTheirTurn()
    return code


@operation
def call_again(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Call the person once more, to the same counter; returns the code. Raises `NotTheirTurn`, `NotFound`."""
    officer = acting.officer(staff_id)
    found = turns.open_turn(acting.case_for(officer, code))
    if found is None or found.officer_id != staff_id or found.state is not T.CALLED:
        raise NotTheirTurn()
    found.calls, found.called_at = found.calls + 1, moment(now)
    return code


@in_operation
def _claim(
    officer: Officer, stations: Sequence[Stage], counter: int | None, actor: Actor, now: datetime
) -> Turn | None:
    office = db.session.get_one(Office, officer.office_id)
    today = local_date(now, office.time_zone)
    is_priority_next = prefers_priority(_called_last(office, stations, today))
    picked: Turn | None = db.session.scalar(
        _next_one(officer, stations, today, is_priority_next=is_priority_next)
    )
    if picked is None:
        return None
    _call(picked, officer.staff_id, counter, actor, now)
    return picked


@in_operation
def _call(turn: Turn, staff_id: uuid.UUID, counter: int | None, actor: Actor, now: datetime) -> bool:
    """Give the turn to the officer: a person is called, work from a pile is served at once."""
    also = {"officer_id": staff_id, "for_officer_id": None}
    if turn.station not in PERSON_WAITS:
        expected = {T.WAITING, T.PARKED}
        return turns.move(turn.id, expected, T.SERVING, actor=actor, now=now, began_at=moment(now), **also)
    if counter is None:
        raise NoCounter()
    called = {"counter": counter, "calls": turn.calls + 1, "called_at": moment(now)}
    return turns.move(
        turn.id, {T.WAITING, T.PARKED, T.MISSED}, T.CALLED, actor=actor, now=now, **called, **also
    )


@in_operation
def _called_last(office: Office, stations: Sequence[Stage], today: date) -> Sequence[Lane]:
    """The lanes of those who were called last at these stations today, newest first."""
    return db.session.scalars(
        select(Presence.lane)
        .join(Turn, Turn.presence_id == Presence.id)
        .where(
            Turn.office_id == office.id,
            Turn.station.in_(stations),
            Turn.called_at.is_not(None),
            Presence.day == today,
        )
        .order_by(Turn.called_at.desc())
        .limit(ORDINARY_BETWEEN)
    ).all()


def _next_one(
    officer: Officer, stations: Sequence[Stage], today: date, *, is_priority_next: bool
) -> Select[Any]:
    """The turn that comes first for this officer, locked; one that a colleague is taking is passed over."""
    at_counter = Turn.station.in_(PERSON_WAITS)
    return (
        select(Turn)
        .join(Application, Application.id == Turn.application_id)
        .outerjoin(Presence, and_(Presence.id == Turn.presence_id, is_todays(today)))
        .where(
            Turn.office_id == officer.office_id,
            Turn.ended_at.is_(None),
            Turn.state == T.WAITING,
            Turn.station.in_(stations),
            or_(not_(at_counter), Presence.id.is_not(None)),
            or_(Turn.for_officer_id.is_(None), Turn.for_officer_id == officer.staff_id),
            *_may_be_served_by(officer.staff_id),
        )
        .order_by(
            case((Turn.for_officer_id == officer.staff_id, 0), else_=1),
            Turn.is_emergency.desc(),
            case((Presence.id.is_not(None), 0), else_=1),
            _lane_order(is_priority_next),
            func.coalesce(Presence.due_at, Turn.since),
            func.coalesce(Presence.arrived_at, Turn.since),
            Turn.id,
        )
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=Turn)
        .execution_options(populate_existing=True)
    )


def _lane_order(is_priority_next: bool) -> ColumnElement[int]:
    first, second = (0, 1) if is_priority_next else (1, 0)
    return case((Presence.lane == Lane.PRIORITY, first), else_=second)


def _may_be_served_by(staff_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """Neither an own case, nor one without money, nor what a colleague must look at: an own proposal, an own
    print."""
    return (
        not_(acting.is_kept_from(staff_id)),
        select(Bill.id).where(Bill.application_id == Application.id, Bill.state.in_(PAID)).exists(),
        ~select(Proposal.application_id)
        .where(Proposal.application_id == Application.id, Proposal.proposed_by == staff_id)
        .exists(),
        ~and_(
            Turn.station == Stage.QUALITY,
            select(Booklet.id)
            .where(
                Booklet.application_id == Application.id,
                Booklet.printed_by == staff_id,
                Booklet.passed.is_(None),
            )
            .exists(),
        ),
    )
