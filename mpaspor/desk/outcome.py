"""How a case ended, as its person may know it: why, on what ground, until when. And what was promised."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.models import Booklet, Decision, Handover, Interview, Proposal
from mpaspor.desk.rules import PROMISED, add_months, collect_by
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.offices.models import Office
from mpaspor.offices.queries import promised_on
from mpaspor.offices.rules import local_date

ENDED_HERE = frozenset({CaseState.REFUSED, CaseState.DEFERRED, CaseState.CLOSED, CaseState.VOID})


@dataclass(frozen=True)
class Outcome:
    """The end of one case. `reason` is a sentence, or the name of a term that ran out."""

    state: CaseState
    reason: str | None = None
    ground: str | None = None
    until: date | None = None


def taken_by(case: Application) -> Handover | None:
    """Who took the passport, as its owner may know it; None while it is here."""
    if case.state is not CaseState.COLLECTED:
        return None
    found: Handover | None = db.session.scalar(
        select(Handover)
        .where(Handover.application_id == case.id, Handover.taken_back_at.is_(None))
        .order_by(Handover.handed_at.desc())
        .limit(1)
    )
    return found


def outcome_of(case: Application) -> Outcome | None:
    """How the case ended; None for one that goes on, was collected or was withdrawn."""
    state = case.state
    if state not in ENDED_HERE:
        return None
    if state in (CaseState.REFUSED, CaseState.DEFERRED):
        made = _decision(case.id)
        if made is not None:
            return Outcome(state, made.told, made.ground, made.until)
    event = db.session.scalars(
        select(Event)
        .where(Event.application_id == case.id, Event.kind == "case", Event.to_state == state)
        .order_by(*events.newest_first())
        .limit(1)
    ).one_or_none()
    return Outcome(state, event.reason) if event else Outcome(state)


def until_of(proposal: Proposal, today: date) -> date | None:
    """Until when a case is deferred if the proposal is confirmed on this day at the office."""
    return add_months(today, proposal.months) if proposal.months else None


def _decision(application_id: uuid.UUID) -> Decision | None:
    found: Decision | None = db.session.scalar(
        select(Decision)
        .where(Decision.application_id == application_id)
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    return found


@dataclass(frozen=True)
class Terms:
    """Until when a passport is promised, and the last day on which a ready one is handed over."""

    promised_on: date | None = None
    collect_by: date | None = None


def terms_of(case: Application, office: Office) -> Terms:
    """Both dates, by the interview that was held last and the booklet that passed."""
    if case.state not in (*PROMISED, CaseState.VOID):
        return Terms()
    held_at = (
        select(Interview.held_at)
        .where(Interview.application_id == case.id)
        .order_by(Interview.held_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    ready_at = (
        select(Booklet.tested_at)
        .where(Booklet.application_id == case.id, Booklet.passed.is_(True))
        .order_by(Booklet.printed_at.desc(), Booklet.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    held, ready = db.session.execute(select(held_at, ready_at)).one()
    promised = promised_from(held, case, office)
    if ready is None or case.state not in (CaseState.READY, CaseState.VOID):
        return Terms(promised)
    return Terms(promised, collect_by(local_date(ready, office.time_zone)))


def promised_from(held_at: datetime | None, case: Application, office: Office) -> date | None:
    """Until when the passport is promised: working days from the completed interview (8/2014 art. 22).

    None before the interview and for a case that has ended or waits for papers.
    """
    if held_at is None or case.state not in PROMISED:
        return None
    return promised_on(office, local_date(held_at, office.time_zone))
