"""The passport leaves the house."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.desk.models import Handover
from mpaspor.desk.refusals import ReasonNeeded
from mpaspor.desk.rules import Relation
from mpaspor.desk.tell import tell
from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people.names import read_name


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
    name = read_name((case.full_name if relation is Relation.SELF else collected_by) or "")
    if not name:
        raise ReasonNeeded()
    handover = Handover(
        application_id=case.id,
        collected_by=name,
        relation=relation,
        handed_by=staff_id,
        handed_at=now,
    )
    db.session.add(handover)
    acting.move(case, CaseState.COLLECTED, actor=actor, now=now)
    outbox.cancel("ready", case.id, now=now)  # who waited at the counter need not be sent for
    tell("collected", case, now=now)
    return code
