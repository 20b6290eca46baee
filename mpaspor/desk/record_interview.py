"""The interview: what was said, and what the interviewer advises."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete

from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, ask_registries
from mpaspor.desk.models import Interview, InterviewDraft
from mpaspor.desk.rules import InterviewVerdict
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def record_interview(
    staff_id: uuid.UUID,
    code: str,
    *,
    notes: str,
    verdict: InterviewVerdict,
    now: datetime,
) -> str:
    """Write the interview down and hand the case to the adjudicator, for whom the registers are
    asked meanwhile. Returns the code.

    The notes are sealed. Raises `PapersUndecided`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.BIOMETRICS_TAKEN, CaseState.INTERVIEWED)
    case = acting.take(officer, code, {CaseState.BIOMETRICS_TAKEN})
    acting.require_paid(case)
    acting.require_papers(case)
    db.session.add(
        Interview(application_id=case.id, notes=notes, verdict=verdict, held_by=staff_id, held_at=now)
    )
    db.session.execute(delete(InterviewDraft).where(InterviewDraft.application_id == case.id))
    acting.move(case, CaseState.INTERVIEWED, actor=actor, now=now)
    ask_registries.ask(case.id, now=now)
    return code
