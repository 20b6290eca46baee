"""Who opened an application at the office, as its person may see it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from mpaspor.desk.note_opening import OPENED
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.people.models import Staff
from mpaspor.people.rules import Role

PAGE = 30


@dataclass(frozen=True)
class Opening:
    """One look: what was opened (`case`, `photo`, `letter`, or a paper by its code), by whom, as what."""

    what: str
    role: Role
    officer: str
    at: datetime


@dataclass(frozen=True)
class Openings:
    """A page of looks, the newest first, and how many there are in all."""

    found: Sequence[Opening]
    total: int

    @property
    def last_page(self) -> int:
        return max(1, -(-self.total // PAGE))


def openings(application_id: uuid.UUID, page: int = 1) -> Openings:
    """The looks at one case; the caller has made sure whose it is. One statement for a page that has any."""
    rows = db.session.execute(
        select(Event.details, Event.actor_role, Event.at, Staff.full_name, func.count().over())
        .join(Staff, Staff.id == Event.actor_id)
        .where(Event.application_id == application_id, Event.kind == OPENED)
        .order_by(*events.newest_first())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    found = [
        Opening((details or {}).get("what", "case"), Role(role), name, at)
        for details, role, at, name, _ in rows
    ]
    return Openings(found, rows[0][-1] if rows else 0)
