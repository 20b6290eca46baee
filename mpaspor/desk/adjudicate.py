"""The decision: one adjudicator grants; to defer or refuse, one proposes and a second decides."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import steps
from mpaspor.desk.models import Proposal
from mpaspor.desk.refusals import NeedsSecondOfficer, ProposalPending
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import deed, step
from mpaspor.foundation.events import Actor
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.refusals import StateChanged

PROPOSABLE = (CaseState.DEFERRED, CaseState.REFUSED)


@deed
def grant(staff_id: uuid.UUID, code: str, *, key: OneTimeKey | None, now: datetime) -> str:
    """Grant the passport. Returns the code.

    Raises `ProposalPending`, `PapersUndecided`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    case, actor = _take(staff_id, code, CaseState.GRANTED)
    if _pending(case) is not None:
        raise ProposalPending()
    steps.require_papers(case)
    _decide(case, CaseState.GRANTED, actor, now)
    return code


@deed
def propose(
    staff_id: uuid.UUID, code: str, *, verdict: CaseState, reason: str, key: OneTimeKey | None, now: datetime
) -> str:
    """Propose to defer or refuse; nothing is decided yet. Returns the code.

    Raises `ReasonNeeded`, `ProposalPending`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    case, actor = _take(staff_id, code, verdict)
    words = steps.required(reason)
    if _pending(case) is not None:
        raise ProposalPending()
    db.session.add(
        Proposal(
            application_id=case.id, verdict=str(verdict), reason=words, proposed_by=staff_id, proposed_at=now
        )
    )
    _note("proposed", case, actor, now, verdict=str(verdict), reason=words)
    return code


@deed
def decide_proposal(
    staff_id: uuid.UUID, code: str, *, agreed: bool, reason: str | None, key: OneTimeKey | None, now: datetime
) -> str:
    """Confirm a colleague's proposal, or decline it with a reason. Returns the code.

    Who proposed may take the proposal back but not confirm it. Raises `NeedsSecondOfficer`, `ReasonNeeded`,
    `NotYourStep`, `Unpaid`, `StateChanged` (no proposal any more), `NotFound`.
    """
    case, actor = _take(staff_id, code, CaseState.REFUSED)
    pending = _pending(case)
    if pending is None:
        raise StateChanged(state=case.state)
    if agreed and pending.proposed_by == staff_id:
        raise NeedsSecondOfficer()
    words = pending.reason if agreed else steps.required(reason)
    verdict = CaseState(pending.verdict)
    db.session.delete(pending)
    if agreed:
        _decide(case, verdict, actor, now, reason=words)
    else:
        _note("proposal_declined", case, actor, now, verdict=str(verdict), reason=words)
    return code


@step
def _take(staff_id: uuid.UUID, code: str, verdict: CaseState) -> tuple[Application, Actor]:
    officer = steps.officer(staff_id)
    actor = officer.moving(CaseState.INTERVIEWED, verdict)
    case = steps.take(officer, code, {CaseState.INTERVIEWED})
    steps.require_paid(case)
    return case, actor


@step
def _pending(case: Application) -> Proposal | None:
    found: Proposal | None = db.session.scalar(select(Proposal).where(Proposal.application_id == case.id))
    return found


@step
def _decide(
    case: Application, verdict: CaseState, actor: Actor, now: datetime, reason: str | None = None
) -> None:
    steps.move(case, verdict, actor=actor, now=now, reason=reason)
    # Granted, taken back and granted again is told again: the applicant read the first one.
    dedupe = f"{verdict}:{case.id}:{int(now.timestamp())}"
    outbox.add(str(verdict), case.id, dedupe_key=dedupe, now=now)


@step
def _note(kind: str, case: Application, actor: Actor, now: datetime, *, verdict: str, reason: str) -> None:
    events.record(
        kind,
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        reason=reason,
        details={"verdict": verdict},
    )
