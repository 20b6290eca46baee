"""What the door wrote down of somebody who never paid and claimed nothing does not stay (STATES §6.1)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.discard_draft import wipe
from mpaspor.applications.models import Application, WalkIn
from mpaspor.applications.rules import CaseState
from mpaspor.applications.walk_in_rules import UNPAID_KEPT
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

_BATCH = 200


def forget_unpaid(*, now: datetime) -> int:
    """Wipe each of them a day after its bill lapsed; returns how many. Any number of workers may run it."""
    return sum(_forget(case_id, now=now) for case_id in _due(now))


def _due(now: datetime) -> Sequence[uuid.UUID]:
    found = db.session.scalars(
        select(Application.id)
        .join(WalkIn, WalkIn.application_id == Application.id)
        .where(
            Application.state == CaseState.DRAFT,
            Application.account_id.is_(None),
            Application.changed_at <= now - UNPAID_KEPT,
        )
        .order_by(Application.id)
        .limit(_BATCH)
    ).all()
    db.session.remove()
    return found


@operation
def _forget(case_id: uuid.UUID, *, now: datetime) -> bool:
    case = db.session.scalars(
        select(Application)
        .where(
            Application.id == case_id,
            Application.state == CaseState.DRAFT,
            Application.account_id.is_(None),
        )
        .with_for_update(key_share=True)
    ).one_or_none()
    if case is None:  # paid late, or another worker was first
        return False
    wipe(case.id, actor=events.SYSTEM, now=now)
    return True
