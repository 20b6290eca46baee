"""Notes of an interview are kept while they are typed: no ended session or dead computer takes them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.desk.models import InterviewDraft
from mpaspor.desk.rules import NOTES_LENGTH
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def keep_notes(staff_id: uuid.UUID, code: str, *, notes: str, now: datetime) -> str:
    """Keep what stands in the field now, sealed; the last to come wins. Returns the code.

    Text beyond what an interview may have is cut here and refused when it is written down. Raises
    `NotYourStep`, `HeldByColleague`, `StateChanged` (it is written down by now), `NotFound`.
    """
    officer = acting.officer(staff_id)
    officer.moving(CaseState.BIOMETRICS_TAKEN, CaseState.INTERVIEWED)
    case = acting.take(officer, code, {CaseState.BIOMETRICS_TAKEN})
    kept = {"notes": notes[:NOTES_LENGTH], "held_by": staff_id, "saved_at": now}
    db.session.execute(
        insert(InterviewDraft)
        .values(application_id=case.id, **kept)
        .on_conflict_do_update(index_elements=["application_id"], set_=kept)
    )
    return code
