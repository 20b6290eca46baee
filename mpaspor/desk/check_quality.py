"""The quality test of a booklet, never by who printed it; passed is ready, and the applicant is told."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.desk.models import Booklet
from mpaspor.desk.refusals import OwnPrint
from mpaspor.desk.tell import tell
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import StateChanged


@operation
def check_quality(
    staff_id: uuid.UUID,
    code: str,
    *,
    passed: bool,
    reason: str | None,
    seen: str | None,
    now: datetime,
) -> str:
    """Pass the booklet, or send the case back to printing with a reason. Returns the code.

    `seen` is the number of the booklet that was on the screen: one printed anew is not judged unseen.
    Raises `OwnPrint`, `ReasonNeeded`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.PRINTED, CaseState.READY)
    case = acting.take(officer, code, {CaseState.PRINTED})
    acting.require_paid(case)
    booklet = current_booklet(case)
    if booklet.printed_by == staff_id:
        raise OwnPrint()
    if booklet.number != seen:
        raise StateChanged(state=case.state)
    booklet.tested_by, booklet.tested_at, booklet.passed = staff_id, now, passed
    if passed:
        acting.move(case, CaseState.READY, actor=actor, now=now)
        tell("ready", case, now=now)
    else:
        booklet.reason = acting.required(reason)
        acting.move(case, CaseState.GRANTED, actor=actor, now=now, reason=booklet.reason)
    return code


@in_operation
def current_booklet(case: Application) -> Booklet:
    """The last booklet that was printed for the case."""
    found: Booklet = db.session.scalars(
        select(Booklet)
        .where(Booklet.application_id == case.id)
        .order_by(Booklet.printed_at.desc(), Booklet.id.desc())
        .limit(1)
    ).one()
    return found
