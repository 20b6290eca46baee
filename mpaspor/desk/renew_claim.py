"""Wrong answers have locked a slip: the door, with the person before it, lets them be given anew."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update

from mpaspor.applications.models import WalkIn
from mpaspor.applications.rules import CaseState
from mpaspor.applications.walk_in_rules import CLAIM_TRIES
from mpaspor.desk import acting
from mpaspor.desk.rules import REGISTERED_BY
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import StateChanged

RENEWED = "slip_renewed"
_ANY = tuple(set(CaseState) - {CaseState.DRAFT, CaseState.DISCARDED})


@operation
def renew_claim(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Forget the wrong answers of a case that nobody has claimed; returns the code.

    Raises `StateChanged` where none had locked it, `NotYourStep`, `OwnCase`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(REGISTERED_BY)
    case = acting.take(officer, code, _ANY, whoever_holds=True)
    renewed = db.session.scalar(
        update(WalkIn)
        .where(WalkIn.application_id == case.id, WalkIn.claimed_at.is_(None), WalkIn.tries >= CLAIM_TRIES)
        .values(tries=0)
        .returning(WalkIn.application_id)
    )
    if renewed is None:
        raise StateChanged()
    events.record(RENEWED, actor=actor, now=now, application_id=case.id, office_id=case.office_id)
    return code
