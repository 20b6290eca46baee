"""One step back, with a reason: people at a desk make mistakes, and the history says so."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import STEPS_BACK, CaseState
from mpaspor.booking import transitions as places
from mpaspor.booking.rules import BookingState
from mpaspor.desk import acting, stock
from mpaspor.desk.check_quality import current_booklet
from mpaspor.desk.models import Handover, Proposal
from mpaspor.desk.refusals import NotTheSameDay
from mpaspor.desk.rules import WHO_BACK
from mpaspor.desk.tell import take_word_back
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.models import Event
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import StateChanged
from mpaspor.offices.rules import local_date

# Steps whose news went to the applicant; the message is named like the state.
TOLD = (CaseState.GRANTED, CaseState.READY, CaseState.COLLECTED)


@operation
def take_back(staff_id: uuid.UUID, code: str, *, state: CaseState, reason: str, now: datetime) -> str:
    """Undo the step that led to `state`, the state that the officer saw. Returns the new state.

    Raises `NotTheSameDay` (a check-in of another day), `ReasonNeeded`, `NotYourStep`, `StateChanged`,
    `NotFound`. It needs no paid bill: a case whose money was taken back must be able to go back.
    """
    if state not in STEPS_BACK:
        raise StateChanged(state=state)
    officer = acting.officer(staff_id)
    actor = officer.acting_as(WHO_BACK[state])
    case = acting.take(officer, code, {state}, whoever_holds=True)
    words = acting.required(reason)
    undo = _UNDO.get(state)
    also = {"biometrics_at": None} if state is CaseState.BIOMETRICS_TAKEN else {}
    if state is CaseState.ARRIVED:
        _require_same_day(case, now)
    acting.move(case, STEPS_BACK[state], actor=actor, now=now, reason=words, **also)
    if undo is not None:
        undo(case, actor, words, now)
    if state in TOLD:
        take_word_back(state, case, now=now)
    return str(STEPS_BACK[state])


@in_operation
def _require_same_day(case: Application, now: datetime) -> None:
    zone = acting.office_of(case).time_zone
    arrived_at = db.session.scalars(
        select(Event.at)
        .where(
            Event.application_id == case.id,
            Event.kind == "case",
            Event.to_state == CaseState.ARRIVED,
            Event.from_state.in_([CaseState.SCHEDULED, CaseState.MISSED]),
        )
        .order_by(*events.newest_first())
        .limit(1)
    ).one()
    if local_date(arrived_at, zone) != local_date(now, zone):
        raise NotTheSameDay()


@in_operation
def _leave_the_house(case: Application, actor: Actor, reason: str, now: datetime) -> None:
    places.move(case.id, {BookingState.ATTENDED}, BookingState.CONFIRMED, actor=actor, now=now, reason=reason)


@in_operation
def _forget_proposal(case: Application, actor: Actor, reason: str, now: datetime) -> None:
    db.session.execute(delete(Proposal).where(Proposal.application_id == case.id))


@in_operation
def _spoil_booklet(case: Application, actor: Actor, reason: str, now: datetime) -> None:
    booklet = current_booklet(case)
    booklet.passed, booklet.reason = False, reason
    stock.spoil_used(booklet.number, reason, actor=actor, now=now)


@in_operation
def _untest_booklet(case: Application, actor: Actor, reason: str, now: datetime) -> None:
    booklet = current_booklet(case)
    booklet.tested_by = booklet.tested_at = booklet.passed = None
    booklet.checked = []


@in_operation
def _bring_home(case: Application, actor: Actor, reason: str, now: datetime) -> None:
    db.session.execute(
        update(Handover)
        .where(Handover.application_id == case.id, Handover.taken_back_at.is_(None))
        .values(taken_back_at=now)
    )


# What a step wrote beside the state, and how it is unwritten.
_UNDO: dict[CaseState, Callable[[Application, Actor, str, datetime], None]] = {
    CaseState.ARRIVED: _leave_the_house,
    CaseState.INTERVIEWED: _forget_proposal,
    CaseState.PRINTED: _spoil_booklet,
    CaseState.READY: _untest_booklet,
    CaseState.COLLECTED: _bring_home,
}
