"""One case as the desk sees it, of the officer's own office; a case of another is not there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.orm import aliased

from mpaspor.applications.form_pages import OLD_PASSPORT
from mpaspor.applications.models import AnswerPage, Application, WalkIn
from mpaspor.applications.old_passport import old_passport_in
from mpaspor.applications.paper_queries import Papers, papers_with
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import COUNTED
from mpaspor.desk import acting
from mpaspor.desk.models import (
    Biometrics,
    Booklet,
    Handover,
    Interview,
    InterviewDraft,
    NikCorrection,
    Presence,
    Proposal,
    RegistryCheck,
    Turn,
)
from mpaspor.desk.note_opening import OPENED
from mpaspor.desk.refusals import OwnCase
from mpaspor.desk.registry_rules import Registry
from mpaspor.desk.turns import KIND as TURN
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.people.models import Staff


@dataclass(frozen=True)
class Happening:
    """One line of the history: what, by whom, when and why."""

    kind: str
    from_state: str | None
    to_state: str | None
    actor_kind: str
    actor_name: str | None
    actor_role: str | None
    reason: str | None
    details: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class WholeCase:
    """Everything that one page about a case needs."""

    application: Application
    office: Office
    slot: Slot | None
    bill: Bill | None
    biometrics: Biometrics | None
    interview: Interview | None
    proposal: Proposal | None
    booklet: Booklet | None
    handover: Handover | None
    presence: Presence | None
    turn: Turn | None
    holder: Staff | None
    draft: InterviewDraft | None
    nik_pending: NikCorrection | None
    walk_in: WalkIn | None
    papers: Papers
    answers: Mapping[str, Mapping[str, Any]]
    history: Sequence[Happening]
    checks: Mapping[Registry, RegistryCheck | None]

    @property
    def state(self) -> CaseState:
        return self.application.state

    @property
    def last_step(self) -> Happening | None:
        """The newest change of state, to tell an officer who was second."""
        return next((line for line in self.history if line.kind == "case"), None)


# In the order of `WholeCase`; all but the first two may be missing.
_PARTS = (
    Application,
    Office,
    Slot,
    Bill,
    Biometrics,
    Interview,
    Proposal,
    Booklet,
    Handover,
    Presence,
    Turn,
    Staff,
    InterviewDraft,
    NikCorrection,
    WalkIn,
)
# One row of each register, in the same statement.
_CHECKS: Mapping[Registry, Any] = {registry: aliased(RegistryCheck) for registry in Registry}


# An hour that is only proposed is not theirs yet.
_HAS_HOUR = and_(Booking.state.in_(COUNTED), ~Booking.is_offer)


def _newest(model: Any, when: Any, *also: ColumnElement[bool]) -> ColumnElement[uuid.UUID]:
    return (
        select(model.id)
        .where(model.application_id == Application.id, *also)
        .order_by(when.desc(), model.id.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )


def whole_case(
    office_id: uuid.UUID, code: str, *, reader: uuid.UUID | None = None, with_answers: bool = True
) -> WholeCase:
    """One case with all that belongs to it; four statements. Raises `NotFound` for another office's.

    Without `with_answers`, for the door, one statement less: nothing of what the person wrote is known then.
    `reader` is the officer to whom it is opened: raises `OwnCase` where that one keeps away from it.
    """
    is_kept_from = (acting.is_kept_from(reader) if reader is not None else false()).label("is_kept_from")
    row = db.session.execute(_all_of(office_id, code).add_columns(is_kept_from)).one_or_none()
    if row is None or row.Application.state in (CaseState.DRAFT, CaseState.DISCARDED):
        raise NotFound()
    if row.is_kept_from:
        raise OwnCase(code=code)
    answers = _answers(row.Application.id) if with_answers else {}
    papers = papers_with(row.Application, old_passport_in(answers.get(OLD_PASSPORT.name, {})))
    checks = dict(zip(_CHECKS, row[len(_PARTS) :], strict=False))
    parts: list[Any] = [*row[: len(_PARTS)], papers, answers, _history(row.Application.id), checks]
    return WholeCase(*parts)


def _all_of(office_id: uuid.UUID, code: str) -> Select[Any]:
    """The case with one row of each of its parts; nothing for another office's."""
    parts: Sequence[Any] = (*_PARTS, *_CHECKS.values())
    found = (
        select(*parts)
        .select_from(Application)
        .join(Office, Office.id == Application.office_id)
        .outerjoin(Booking, Booking.id == _newest(Booking, Booking.created_at, _HAS_HOUR))
        .outerjoin(Slot, Slot.id == Booking.slot_id)
        .outerjoin(Bill, (Bill.application_id == Application.id) & Bill.state.in_(PAID))
        .outerjoin(Biometrics, Biometrics.application_id == Application.id)
        .outerjoin(Interview, Interview.id == _newest(Interview, Interview.held_at))
        .outerjoin(Proposal, Proposal.application_id == Application.id)
        .outerjoin(Booklet, Booklet.id == _newest(Booklet, Booklet.printed_at))
        .outerjoin(
            Handover,
            Handover.id == _newest(Handover, Handover.handed_at, Handover.taken_back_at.is_(None)),
        )
        .outerjoin(Presence, (Presence.application_id == Application.id) & Presence.left_at.is_(None))
        .outerjoin(Turn, (Turn.application_id == Application.id) & Turn.ended_at.is_(None))
        .outerjoin(Staff, Staff.id == Turn.officer_id)
        .outerjoin(InterviewDraft, InterviewDraft.application_id == Application.id)
        .outerjoin(
            NikCorrection,
            (NikCorrection.application_id == Application.id) & NikCorrection.decided_at.is_(None),
        )
        .outerjoin(WalkIn, WalkIn.application_id == Application.id)
        .where(Application.code == code, Application.office_id == office_id)
    )
    for registry, check in _CHECKS.items():
        found = found.outerjoin(
            check, (check.application_id == Application.id) & (check.asked_of == registry)
        )
    return found


def _answers(application_id: uuid.UUID) -> dict[str, dict[str, Any]]:
    pages = db.session.scalars(
        select(AnswerPage).where(AnswerPage.application_id == application_id).order_by(AnswerPage.saved_at)
    )
    return {page.page: json.loads(page.answers) for page in pages}


def _history(application_id: uuid.UUID) -> list[Happening]:
    """The newest first."""
    rows = db.session.execute(
        select(Event, Staff.full_name)
        .outerjoin(Staff, Staff.id == Event.actor_id)
        .where(Event.application_id == application_id, Event.kind.not_in([OPENED, TURN]))
        .order_by(*events.newest_first())
        .limit(100)
    )
    return [
        Happening(
            kind=event.kind,
            from_state=event.from_state,
            to_state=event.to_state,
            actor_kind=event.actor_kind,
            actor_name=name,
            actor_role=event.actor_role,
            reason=event.reason,
            details=event.details or {},
            at=event.at,
        )
        for event, name in rows
    ]


def photo_of(office_id: uuid.UUID, code: str, *, reader: uuid.UUID) -> tuple[Application, str]:
    """A case of this office and the key of its photo from the counter. Raises `NotFound`, `OwnCase`."""
    found = db.session.execute(
        select(Application, Biometrics.file_key, acting.is_kept_from(reader))
        .join(Application, Application.id == Biometrics.application_id)
        .where(Application.code == code, Application.office_id == office_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    case, file_key, is_kept_from = found
    if is_kept_from:
        raise OwnCase(code=code)
    return case, str(file_key)
