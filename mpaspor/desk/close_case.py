"""A case that ends at the desk without a decision: the person left, or a term ran out."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import LETTER_OF_END, CaseState
from mpaspor.desk import acting, presence
from mpaspor.desk.models import Proposal
from mpaspor.desk.queue_rules import Leaving
from mpaspor.desk.remind_to_collect import ready_since
from mpaspor.desk.rules import CLOSABLE, NEVER_COLLECTED, PAPERS_NEVER_CAME
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation

_BATCH = 200
_FETCHED_WITHIN = timedelta(days=28)  # no month is shorter


@operation
def close_case(staff_id: uuid.UUID, code: str, *, reason: str, now: datetime) -> str:
    """Close a case at the desk. Returns the code.

    Raises `ReasonNeeded`, `NotYourStep`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    case = acting.take(officer, code, CLOSABLE, whoever_holds=True)
    actor = officer.moving(case.state, CaseState.CLOSED)
    words = acting.required(reason)
    pending = db.session.get(Proposal, case.id)
    if pending is not None:
        db.session.delete(pending)
    acting.move(case, CaseState.CLOSED, actor=actor, now=now, reason=words, papers_until=None)
    _tell_end(case.id, CaseState.CLOSED, now)
    return code


@in_operation
def _tell_end(case_id: uuid.UUID, state: CaseState, now: datetime) -> None:
    """An end is told at once, with its letter, since it is never taken back; what still waited to be asked is
    not asked."""
    cases.register_letter(case_id, LETTER_OF_END[state], case_id, now=now)
    outbox.cancel("papers_wanted", case_id, now=now)
    outbox.about_case(state, case_id, dedupe_key=f"{state}:{case_id}", now=now)


def end_overdue(*, now: datetime) -> int:
    """Close cases whose wanted papers never came, void passports that nobody fetched; returns how many.

    For the worker; idempotent.
    """
    return sum(_end(case_id, state, now=now) for case_id, state in _overdue(now))


def _overdue(now: datetime) -> list[tuple[uuid.UUID, CaseState]]:
    unanswered = db.session.execute(
        select(Application.id)
        .where(Application.state == CaseState.DOCUMENTS_WANTED, Application.papers_until < now)
        .order_by(Application.id)
        .limit(_BATCH)
    ).all()
    unfetched = [found for found in ready_since(now - _FETCHED_WITHIN) if found.days_left(now) < 0]
    db.session.remove()
    return [(row.id, CaseState.DOCUMENTS_WANTED) for row in unanswered] + [
        (found.case_id, CaseState.READY) for found in unfetched
    ]


@operation
def _end(case_id: uuid.UUID, state: CaseState, *, now: datetime) -> bool:
    case = db.session.scalar(
        select(Application)
        .where(Application.id == case_id, Application.state == state)
        .with_for_update(key_share=True)
    )
    if case is None:
        return False
    if state is CaseState.READY:
        new, reason = CaseState.VOID, NEVER_COLLECTED
    elif case.papers_until is not None and case.papers_until < now:
        new, reason = CaseState.CLOSED, PAPERS_NEVER_CAME
    else:
        return False
    if not cases.move(case_id, {state}, new, actor=events.SYSTEM, now=now, reason=reason):
        return False
    presence.leave(case_id, Leaving.CLOSED, actor=events.SYSTEM, now=now)
    _tell_end(case_id, new, now)
    return True
