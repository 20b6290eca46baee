"""Who registered whom at the door: what a supervisor, and a supervisor's own head, look at for favours."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from mpaspor.applications.models import Application, WalkIn
from mpaspor.applications.rules import CaseState
from mpaspor.applications.walk_in_rules import Ground
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.people.models import Staff

_CAME_TO_NOTHING = (CaseState.DRAFT, CaseState.DISCARDED)


@dataclass
class AtTheDoor:
    """What one officer did at the door; it names no applicant."""

    officer: str
    grounds: Counter[Ground] = field(default_factory=Counter)
    unpaid: int = 0


@dataclass(frozen=True)
class Admission:
    """Somebody of no priority group, on a supervisor's word."""

    on: date
    officer: str
    reason: str


def at_the_door(
    office: Office, begin: datetime, end: datetime
) -> tuple[Sequence[AtTheDoor], Sequence[Admission]]:
    """Of each officer who registered somebody between two moments; and each admission, the newest first.
    One statement."""
    rows = db.session.execute(
        select(
            Staff.id,
            Staff.full_name,
            WalkIn.ground,
            WalkIn.reason,
            WalkIn.registered_at,
            Application.state,
        )
        .join(Staff, Staff.id == WalkIn.registered_by)
        .join(Application, Application.id == WalkIn.application_id)
        .where(WalkIn.office_id == office.id, WalkIn.registered_at >= begin, WalkIn.registered_at < end)
        .order_by(Staff.full_name, WalkIn.registered_at.desc())
    ).all()
    found: dict[uuid.UUID, AtTheDoor] = {}
    admissions = []
    for row in rows:
        one = found.setdefault(row.id, AtTheDoor(row.full_name))
        one.grounds[row.ground] += 1
        one.unpaid += row.state in _CAME_TO_NOTHING
        if row.reason is not None:
            on = local_date(row.registered_at, office.time_zone)
            admissions.append((row.registered_at, Admission(on, row.full_name, row.reason)))
    newest = sorted(admissions, key=lambda pair: pair[0], reverse=True)
    return list(found.values()), [admission for _at, admission in newest]
