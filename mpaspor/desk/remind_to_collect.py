"""A ready passport waits one month: its owner is reminded a week and a day before it is void."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.models import Booklet
from mpaspor.desk.rules import collect_by
from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date

REMINDER = "pickup_reminder"
# How many days are left when a reminder is due, and its name: it is sent once, late rather than never.
_REMINDERS = ((1, "day"), (7, "week"))
_EARLIEST = timedelta(days=20)  # a week before the end of the shortest month
_BATCH = 200


@dataclass(frozen=True)
class Waiting:
    """A passport that nobody has fetched yet."""

    case_id: uuid.UUID
    booklet_id: uuid.UUID
    ready_at: datetime | None
    time_zone: str

    def days_left(self, now: datetime) -> int:
        """How many days it is still handed over, at the office: 0 is the last of them."""
        assert self.ready_at is not None  # it was tested before it passed
        last = collect_by(local_date(self.ready_at, self.time_zone))
        return (last - local_date(now, self.time_zone)).days


def remind_to_collect(*, now: datetime) -> int:
    """Queue the reminders that are due; returns how many. For the worker; idempotent."""
    due = [
        (found, name)
        for _days, name in _REMINDERS
        for found in ready_since(now - _EARLIEST, unless_reminded=name)
        if _due(found.days_left(now)) == name
    ]
    db.session.remove()
    for found, name in due:
        _remind(found, name, now=now)
    return len(due)


def ready_since(before: datetime, *, unless_reminded: str | None = None) -> Sequence[Waiting]:
    """Passports that became ready before this moment, the oldest first."""
    reminder = func.concat(f"{REMINDER}:", Booklet.id, f":{unless_reminded}")
    reminded = select(OutboxRow.id).where(OutboxRow.dedupe_key == reminder).exists()
    rows = db.session.execute(
        select(Application.id, Booklet.id, Booklet.tested_at, Office.time_zone)
        .join(Booklet, Booklet.application_id == Application.id)
        .join(Office, Office.id == Application.office_id)
        .where(
            Application.state == CaseState.READY,
            Booklet.passed.is_(True),
            Booklet.tested_at < before,
            *([] if unless_reminded is None else [~reminded]),
        )
        .order_by(Booklet.tested_at)
        .limit(_BATCH)
    )
    return [Waiting(*row) for row in rows]


def _due(days_left: int) -> str | None:
    return next((name for days, name in _REMINDERS if 0 <= days_left <= days), None)


@operation
def _remind(found: Waiting, name: str, *, now: datetime) -> None:
    dedupe = f"{REMINDER}:{found.booklet_id}:{name}"
    outbox.about_case(REMINDER, found.case_id, dedupe_key=dedupe, now=now)
