"""A supervisor, or the command line, closes hours, cuts their places, or opens them again (STATES §7.4).

The operation only stops claims; the worker seats the people again, each in a transaction of its own.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.booking import closures
from mpaspor.booking.closures import Scope
from mpaspor.booking.models import Closure
from mpaspor.booking.rules import ClosureCause
from mpaspor.desk import acting
from mpaspor.desk.refusals import NotYourStep
from mpaspor.desk.rules import HOURS_CLOSED_BY
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound


@operation
def close_hours(
    staff_id: uuid.UUID | None, scope: Scope, cause: ClosureCause, *, note: str, now: datetime
) -> str:
    """Stop all claims on these hours at once; returns the closure's id. Without `staff_id` it is the command
    line's act.

    Raises `NothingToClose`, `ReasonNeeded`, `NotYourStep`.
    """
    actor = who_says_hours(staff_id, scope.office.id)
    words = acting.required(note)
    return str(closures.close(scope, cause, words, actor=actor, now=now).id)


@operation
def reopen_hours(staff_id: uuid.UUID | None, closure_id: uuid.UUID, *, now: datetime) -> str:
    """Undo a closure: who has chosen no other hour gets the old one back, then the hours are open.

    Raises `AlreadyReopened`, `NotYourStep`, `NotFound` (another office's, too).
    """
    closure = db.session.scalars(select(Closure).where(Closure.id == closure_id)).one_or_none()
    if closure is None:
        raise NotFound()
    try:
        actor = who_says_hours(staff_id, closure.office_id)
    except NotYourStep as error:
        raise NotFound() from error
    closures.reopen(closure, actor=actor, now=now)
    return str(closure_id)


@in_operation
def who_says_hours(staff_id: uuid.UUID | None, office_id: uuid.UUID) -> Actor:
    """Who closes. Raises `NotYourStep` for an officer of another office or without the role."""
    if staff_id is None:
        return events.SYSTEM
    officer = acting.officer(staff_id)
    if officer.office_id != office_id:
        raise NotYourStep()
    return officer.acting_as(HOURS_CLOSED_BY)
