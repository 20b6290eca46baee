"""What a case has been through, and what a stranger who holds its code may know."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event

_HIDDEN = (CaseState.DRAFT, CaseState.DISCARDED)


def moments(application_id: uuid.UUID) -> list[tuple[CaseState, datetime]]:
    """(state entered, when) of a case, oldest first."""
    found = db.session.execute(
        select(Event.to_state, Event.at)
        .where(Event.application_id == application_id, Event.kind == "case")
        .order_by(*events.in_order())
    )
    return [(CaseState(row.to_state), row.at) for row in found]


def by_public_code(code: str) -> Application | None:
    """The case that a code names, for the masked status; drafts are their owner's business alone."""
    return db.session.scalar(
        select(Application).where(Application.code == code, Application.state.not_in(_HIDDEN))
    )
