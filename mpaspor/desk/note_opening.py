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

OPENED = "opened"
_ONE_LOOK = 300  # seconds in which the same officer opening the same thing again is the same look


def note_opening(staff_id: uuid.UUID, code: str, what: str, *, now: datetime) -> None:
    """Record that an officer opened `what` of a case: `case`, `photo`, or a paper by its code.

    Raises `NotFound` for a case of another office, `OwnCase`, `NotYourStep`.
    """
    subject = f"{staff_id}:{code}:{what}"
    if limits.hit(OPENED, subject, allowed=1, per_seconds=_ONE_LOOK, now=now):
        _record(staff_id, code, what, now=now)


@deed
def note_barred(staff_id: uuid.UUID, code: str, *, now: datetime) -> None:
    """Record that an officer tried to open or handle their own case or a relative's."""
    officer = steps.officer(staff_id)
    case = db.session.execute(
        select(Application.id, Application.office_id).where(Application.code == code)
    ).one()
    events.record(
        "own_case_refused",
        actor=officer.acting_as(DESK_ROLES),
        now=now,
        application_id=case.id,
        office_id=case.office_id,
    )


@deed
def _record(staff_id: uuid.UUID, code: str, what: str, *, now: datetime) -> None:
    officer = steps.officer(staff_id)
    case_id = steps.case_for(officer, code)
    events.record(
        OPENED,
        actor=officer.acting_as(DESK_ROLES),
        now=now,
        application_id=case_id,
        office_id=officer.office_id,
        details={"what": what},
    )
