"""What somebody should look at, beside the queue: waiting too long, a broken promise, a second decision."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, bindparam, func, not_, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk.models import Interview, Presence, Proposal, Turn
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import HELD, TurnState
from mpaspor.desk.rules import WAITS_LONG
from mpaspor.desk.stages import PERSON_WAITS
from mpaspor.foundation.columns import Moment, is_one_of
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


def given(now: datetime) -> dict[str, datetime]:
    """The values of a statement with `needs_look` in it."""
    return {"long_since": now - WAITS_LONG}


def first_unbroken(office: Office, today: date) -> datetime:
    """What was begun before this moment, and is not made, is late."""
    return moment_of(unbroken_since(office, today), time.min, office.time_zone)


def needs_look(why: Attention, today: date, first_unbroken: datetime | None) -> ColumnElement[bool]:
    """Whether a case should be looked at for this reason, on a day of its office."""
    if why is Attention.LONG:
        return (
            select(Turn.id)
            .join(Presence, Presence.id == Turn.presence_id)
            .where(
                Turn.application_id == Application.id,
                Turn.ended_at.is_(None),
                not_(is_one_of(Turn.state, [*HELD, TurnState.PARKED])),
                is_one_of(Turn.station, PERSON_WAITS),
                Turn.since < bindparam("long_since", type_=Moment),
                is_todays(today),
            )
            .correlate(Application)
            .exists()
        )
    if why is Attention.PROMISE:
        held_last = (
            select(func.max(Interview.held_at))
            .where(Interview.application_id == Application.id)
            .correlate(Application)
            .scalar_subquery()
        )
        return and_(is_one_of(Application.state, _OWED), held_last < first_unbroken)
    return (
        select(Proposal.application_id)
        .where(Proposal.application_id == Application.id)
        .correlate(Application)
        .exists()
    )
