"""The passport leaves the house."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.desk.models import Handover
from mpaspor.desk.rules import Relation
from mpaspor.desk.tell import tell
from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.plain_text import one_line


@operation
def hand_over(
    staff_id: uuid.UUID,
    code: str,
    *,
    collected_by: str | None,
    relation: Relation,
    now: datetime,
) -> str:
    """Record who took the passport home: its owner, a relative of the same family card, or a proxy.

    Returns the code. Raises `ReasonNeeded` (no name), `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.READY, CaseState.COLLECTED)
    case = acting.take(officer, code, {CaseState.READY})
    acting.require_paid(case)
    name = case.full_name if relation is Relation.SELF else acting.required(collected_by)
    handover = Handover(
        application_id=case.id,
        collected_by=one_line(name or "", 120),
        relation=relation,
        handed_by=staff_id,
        handed_at=now,
    )
    db.session.add(handover)
    acting.move(case, CaseState.COLLECTED, actor=actor, now=now)
    outbox.cancel("ready", case.id, now=now)  # who waited at the counter need not be sent for
    tell("collected", case, now=now)
    return code
