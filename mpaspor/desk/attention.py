"""What somebody should look at, beside the queue: waiting too long, a broken promise, a second decision."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.models import Interview, Presence, Proposal, Turn
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import HELD, TurnState
from mpaspor.desk.rules import WAITS_LONG
from mpaspor.desk.stages import PERSON_WAITS
from mpaspor.offices.models import Office
from mpaspor.offices.queries import unbroken_since
from mpaspor.offices.rules import moment_of

# The office owes a passport that it has not made.
_OWED = (CaseState.INTERVIEWED, CaseState.GRANTED, CaseState.PRINTED)


class Attention(StrEnum):
    """Why a case is shown to be looked at."""

    LONG = "long"
    PROMISE = "promise"
    SECOND = "second"


def needs_look(why: Attention, office: Office, today: date, now: datetime) -> ColumnElement[bool]:
    """Whether a case of the office should be looked at for this reason."""
    if why is Attention.LONG:
        return (
            select(Turn.id)
            .join(Presence, Presence.id == Turn.presence_id)
            .where(
                Turn.application_id == Application.id,
                Turn.ended_at.is_(None),
                Turn.state.not_in([*HELD, TurnState.PARKED]),
                Turn.station.in_(PERSON_WAITS),
                Turn.since < now - WAITS_LONG,
                is_todays(today),
            )
            .correlate(Application)
            .exists()
        )
    if why is Attention.PROMISE:
        first_unbroken = moment_of(unbroken_since(office, today), time.min, office.time_zone)
        held_last = (
            select(func.max(Interview.held_at))
            .where(Interview.application_id == Application.id)
            .correlate(Application)
            .scalar_subquery()
        )
        return and_(Application.state.in_(_OWED), held_last < first_unbroken)
    return (
        select(Proposal.application_id)
        .where(Proposal.application_id == Application.id)
        .correlate(Application)
        .exists()
    )
