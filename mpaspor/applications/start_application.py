"""An applicant starts an application: the answers of the eligibility questions become a draft."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import transitions
from mpaspor.applications.eligibility import kind_fits
from mpaspor.applications.models import AnswerPage, Application
from mpaspor.applications.queries import DRAFTS_ALLOWED, draft_count
from mpaspor.applications.refusals import NotElectronic, TooManyDrafts
from mpaspor.applications.rules import Need, PassportKind, ReplacementReason
from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.queries import programme_by_code
from mpaspor.people.models import Account


@operation
def start_application(
    account_id: uuid.UUID,
    *,
    need: Need,
    replacement_reason: ReplacementReason | None,
    kind: PassportKind,
    validity_years: int,
    now: datetime,
) -> str:
    """Make a draft and return its code. Raises `TooManyDrafts`, `NotElectronic`."""
    if not kind_fits(replacement_reason, kind):
        raise NotElectronic()
    # The account's row is taken, so that two starts at once cannot both find the last free draft.
    own = select(Account.id).where(Account.id == account_id).with_for_update(key_share=True)
    if db.session.scalar(own) is None:
        raise NotFound()
    if draft_count(account_id) >= DRAFTS_ALLOWED:
        raise TooManyDrafts(allowed=DRAFTS_ALLOWED)
    programme = programme_by_code()
    if programme is None:
        raise NotFound()
    case = Application(
        id=uuid7(),
        account_id=account_id,
        code=transitions.fresh_code(),
        programme_id=programme.id,
        need=need,
        replacement_reason=replacement_reason,
        kind=kind,
        validity_years=validity_years,
        created_at=now,
        changed_at=now,
    )
    db.session.add(case)
    db.session.flush()
    db.session.add(AnswerPage(application_id=case.id, page="kind", answers=json.dumps({}), saved_at=now))
    events.record("started", actor=events.applicant(account_id), now=now, application_id=case.id)
    return case.code
