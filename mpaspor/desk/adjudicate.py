"""The decision: one adjudicator grants; to defer or refuse, one proposes and a second decides."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import LETTER_OF_END, CaseState
from mpaspor.desk import acting, ask_registries, turns
from mpaspor.desk.models import Decision, Interview, Proposal
from mpaspor.desk.outcome import until_of
from mpaspor.desk.refusals import (
    ChecksNeedReason,
    DoubtNeedsReason,
    NeedsSecondOfficer,
    NoTerm,
    ProposalPending,
    ReasonNeeded,
)
from mpaspor.desk.rules import DEFERRAL_MONTHS, InterviewVerdict
from mpaspor.desk.tell import tell
from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.foundation.refusals import StateChanged
from mpaspor.offices.rules import local_date

TOLD_LENGTH, GROUND_LENGTH = 1000, 200


@dataclass(frozen=True)
class Told:
    """What the applicant will read: the reason in plain words, its legal ground, the term of a deferral."""

    reason: str
    ground: str
    months: int | None = None


@operation
def grant(staff_id: uuid.UUID, code: str, *, reason: str | None = None, now: datetime) -> str:
    """Grant the passport; against the interviewer's doubt, or while a register has found something or has
    not answered, only with a reason. Returns the code.

    Raises `DoubtNeedsReason`, `ChecksNeedReason`, `ProposalPending`, `PapersUndecided`, `NotYourStep`,
    `Unpaid`, `StateChanged`, `NotFound`.
    """
    case, actor = _take(staff_id, code, CaseState.GRANTED)
    if _pending(case) is not None:
        raise ProposalPending()
    acting.require_papers(case)
    is_doubted = _advice(case) is not InterviewVerdict.RECOMMEND
    is_clear = ask_registries.all_clear(case.id)
    if not (reason or "").strip():
        if is_doubted:
            raise DoubtNeedsReason()
        if not is_clear:
            raise ChecksNeedReason()
    words = acting.required(reason) if is_doubted or not is_clear else None
    acting.move(case, CaseState.GRANTED, actor=actor, now=now, reason=words)
    tell(CaseState.GRANTED, case, now=now)
    return code


@operation
def propose(
    staff_id: uuid.UUID,
    code: str,
    *,
    verdict: CaseState,
    reason: str,
    told: Told,
    now: datetime,
) -> str:
    """Propose to defer or refuse; nothing is decided yet. `reason` is for the second adjudicator, `told`
    for the applicant. Returns the code.

    Raises `ReasonNeeded`, `NoTerm`, `ProposalPending`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    case, actor = _take(staff_id, code, verdict)
    words = acting.required(reason)
    if not told.reason.strip() or not told.ground.strip():
        raise ReasonNeeded()
    if verdict is CaseState.DEFERRED and told.months not in DEFERRAL_MONTHS:
        raise NoTerm()
    if _pending(case) is not None:
        raise ProposalPending()
    db.session.add(
        Proposal(
            application_id=case.id,
            verdict=verdict,
            reason=words,
            told=told.reason.strip()[:TOLD_LENGTH],
            ground=one_line(told.ground, GROUND_LENGTH),
            months=told.months if verdict is CaseState.DEFERRED else None,
            proposed_by=staff_id,
            proposed_at=now,
        )
    )
    turns.give_back(case.id, actor=actor, now=now)  # the second decision is a colleague's
    _note("proposed", case, actor, now, verdict=verdict, reason=words)
    return code


@operation
def decide_proposal(
    staff_id: uuid.UUID,
    code: str,
    *,
    agreed: bool,
    reason: str | None,
    seen: str | None,
    now: datetime,
) -> str:
    """Confirm a colleague's proposal, or decline it with a reason. Returns the code.

    `seen` is the mark of the proposal that was on the screen: nobody confirms another one unseen. Who
    proposed may take the proposal back but not confirm it. Raises `NeedsSecondOfficer`, `ReasonNeeded`,
    `NotYourStep`, `Unpaid`, `StateChanged` (no proposal any more, or another), `NotFound`.
    """
    case, actor = _take(staff_id, code, CaseState.REFUSED)
    pending = _pending(case)
    if pending is None:
        raise StateChanged(state=case.state)
    if agreed and pending.proposed_by == staff_id:
        raise NeedsSecondOfficer()
    if agreed and pending.mark != seen:
        raise StateChanged(state=case.state)
    words = pending.reason if agreed else acting.required(reason)
    verdict = pending.verdict
    db.session.delete(pending)
    if agreed:
        _conclude(case, pending, staff_id, now)
        acting.move(case, verdict, actor=actor, now=now, reason=words)
        tell(verdict, case, now=now)
    else:
        _note("proposal_declined", case, actor, now, verdict=verdict, reason=words)
    return code


@in_operation
def _take(staff_id: uuid.UUID, code: str, verdict: CaseState) -> tuple[Application, Actor]:
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.INTERVIEWED, verdict)
    case = acting.take(officer, code, {CaseState.INTERVIEWED})
    acting.require_paid(case)
    return case, actor


@in_operation
def _pending(case: Application) -> Proposal | None:
    found: Proposal | None = db.session.scalar(select(Proposal).where(Proposal.application_id == case.id))
    return found


@in_operation
def _advice(case: Application) -> InterviewVerdict | None:
    """What the newest interview advised."""
    return db.session.scalar(
        select(Interview.verdict)
        .where(Interview.application_id == case.id)
        .order_by(Interview.held_at.desc())
        .limit(1)
    )


@in_operation
def _conclude(case: Application, proposal: Proposal, staff_id: uuid.UUID, now: datetime) -> None:
    """Keep what the applicant is told; a proposal from before it was asked for has its one reason."""
    zone = acting.office_of(case).time_zone
    made_id = uuid7()
    db.session.add(
        Decision(
            id=made_id,
            application_id=case.id,
            verdict=proposal.verdict,
            told=proposal.told or proposal.reason,
            ground=proposal.ground,
            until=until_of(proposal, local_date(now, zone)),
            proposed_by=proposal.proposed_by,
            decided_by=staff_id,
            decided_at=now,
        )
    )
    cases.register_letter(case.id, LETTER_OF_END[proposal.verdict], made_id, now=now)


@in_operation
def _note(
    kind: str, case: Application, actor: Actor, now: datetime, *, verdict: CaseState, reason: str
) -> None:
    events.record(
        kind,
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        reason=reason,
        details={"verdict": verdict},
    )
