"""Opening a case or one of its pictures leaves a trace, as the privacy notice promises."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.desk import acting
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.foundation import events, limits
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

OPENED = "opened"
_ONE_LOOK = 300  # seconds in which the same officer opening the same thing again is the same look


@operation
def note_opening(reader: acting.Officer, case: Application, what: str, *, now: datetime) -> None:
    """Record that an officer opened `what` of a case: `case`, `photo`, or a paper by its code.

    The case was read for this officer (`desk/queries.py`); it is noted before anything of it is shown. Count
    and event are one statement: a look that was counted cannot go unrecorded.
    """
    subject = f"{reader.staff_id}:{case.code}:{what}"
    looks = limits.counting(OPENED, subject, per_seconds=_ONE_LOOK, now=now).cte("looks")
    events.record_where(
        select(looks.c.count).where(looks.c.count == 1).exists(),
        OPENED,
        actor=reader.acting_as(DESK_ROLES),
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        details={"what": what},
    )


@operation
def note_barred(staff_id: uuid.UUID, code: str, *, now: datetime) -> None:
    """Record that an officer tried to open or handle their own case or a relative's."""
    officer = acting.officer(staff_id)
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
