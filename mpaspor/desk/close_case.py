"""A case that ends at the desk without a decision: the person left, or a term ran out."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import or_, select

from mpaspor.applications import steps as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import steps
from mpaspor.desk.models import Booklet, Proposal
from mpaspor.desk.rules import CLOSABLE, PICKUP_TERM
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed
from mpaspor.foundation.one_time_keys import OneTimeKey

_BATCH = 200
PAPERS_NEVER_CAME = "papers_never_came"
NEVER_COLLECTED = "never_collected"


@deed
def close_case(staff_id: uuid.UUID, code: str, *, reason: str, key: OneTimeKey | None, now: datetime) -> str:
    """Close a case at the desk. Returns the code.

    Raises `ReasonNeeded`, `NotYourStep`, `StateChanged`, `NotFound`.
    """
    officer = steps.officer(staff_id)
    case = steps.take(officer, code, CLOSABLE)
    actor = officer.moving(CaseState(case.state), CaseState.CLOSED)
    words = steps.required(reason)
    pending = db.session.get(Proposal, case.id)
    if pending is not None:
        db.session.delete(pending)
    steps.move(case, CaseState.CLOSED, actor=actor, now=now, reason=words, papers_until=None)
    return code


def end_overdue(*, now: datetime) -> int:
    """Close cases whose wanted papers never came, void passports that nobody fetched; returns how many.

    For the worker; idempotent.
    """
    return sum(_end(case_id, CaseState(state), now=now) for case_id, state in _overdue(now))


def _overdue(now: datetime) -> list[tuple[uuid.UUID, str]]:
    fetched_by = now - PICKUP_TERM
    waits = select(Booklet.id).where(
        Booklet.application_id == Application.id, Booklet.passed.is_(True), Booklet.printed_at < fetched_by
    )
    rows = db.session.execute(
        select(Application.id, Application.state)
        .where(
            or_(
                (Application.state == CaseState.DOCUMENTS_WANTED.value) & (Application.papers_until < now),
                (Application.state == CaseState.READY.value) & waits.exists(),
            )
        )
        .order_by(Application.id)
        .limit(_BATCH)
    ).all()
    db.session.remove()
    return [(row.id, row.state) for row in rows]


@deed
def _end(case_id: uuid.UUID, state: CaseState, *, now: datetime) -> bool:
    case = db.session.scalar(
        select(Application)
        .where(Application.id == case_id, Application.state == state.value)
        .with_for_update(key_share=True)
    )
    if case is None:
        return False
    if state is CaseState.READY:
        return cases.move(
            case_id, {state}, CaseState.VOID, actor=events.SYSTEM, now=now, reason=NEVER_COLLECTED
        )
    if case.papers_until is None or case.papers_until >= now:
        return False
    return cases.move(
        case_id, {state}, CaseState.CLOSED, actor=events.SYSTEM, now=now, reason=PAPERS_NEVER_CAME
    )
