"""Cases that an officer began at the door, before anybody claims them as their own."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, select

from mpaspor.applications.models import Application, WalkIn
from mpaspor.foundation.database import db
from mpaspor.offices.queries import programme_by_code


def walk_in_of(application_id: uuid.UUID) -> WalkIn | None:
    """How the case began at the door; None for one that its applicant began."""
    return db.session.get(WalkIn, application_id)


def is_walk_in() -> ColumnElement[bool]:
    """Whether an `Application` began at the door."""
    return select(WalkIn.application_id).where(WalkIn.application_id == Application.id).exists()


def once_lapsed(application_id: uuid.UUID) -> dict[str, Any]:
    """What a case that lapses is from then on, by column: one of the door was declared for today's place,
    so whoever has claimed it completes it and takes an hour like everybody."""
    regular = programme_by_code()
    if regular is None or walk_in_of(application_id) is None:
        return {}
    return {"programme_id": regular.id, "declared_at": None}
