"""An applicant declares that everything said is true (art. 126 c of Law 6/2011), which opens check-out."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications import transitions
from mpaspor.applications.queries import is_complete
from mpaspor.applications.refusals import Incomplete
from mpaspor.applications.rules import CaseState
from mpaspor.foundation import events
from mpaspor.foundation.operations import operation


@operation
def declare(account_id: uuid.UUID, code: str, *, now: datetime) -> None:
    """Write down the declaration; a second one changes nothing. Any later change of an answer takes it back.

    Raises `NotFound`, `StateChanged`, `Incomplete`.
    """
    case = transitions.take_mine(account_id, code, [CaseState.DRAFT])
    if not is_complete(case):
        raise Incomplete()
    if case.declared_at is not None:
        return
    case.declared_at = case.changed_at = now
    events.record(
        "declared",
        actor=events.applicant(account_id),
        now=now,
        application_id=case.id,
        office_id=case.office_id,
    )
