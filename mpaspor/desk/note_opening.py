"""Opening a case or one of its pictures leaves a trace, as the privacy notice promises."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.desk import steps
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.foundation import events, limits
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed
from mpaspor.foundation.refusals import NotFound

OPENED = "opened"
_ONE_LOOK = 300  # seconds in which the same officer opening the same thing again is the same look


def note_opening(staff_id: uuid.UUID, code: str, what: str, *, now: datetime) -> None:
    """Record that an officer opened `what` of a case: `case`, `photo`, or a paper by its code.

    Raises `NotFound` for a case of another office, `NotYourStep`.
    """
    subject = f"{staff_id}:{code}:{what}"
    if limits.hit(OPENED, subject, allowed=1, per_seconds=_ONE_LOOK, now=now):
        _record(staff_id, code, what, now=now)


@deed
def _record(staff_id: uuid.UUID, code: str, what: str, *, now: datetime) -> None:
    officer = steps.officer(staff_id)
    case_id = db.session.scalar(
        select(Application.id).where(Application.code == code, Application.office_id == officer.office_id)
    )
    if case_id is None:
        raise NotFound()
    events.record(
        OPENED,
        actor=officer.acting_as(DESK_ROLES),
        now=now,
        application_id=case_id,
        office_id=officer.office_id,
        details={"what": what},
    )
