"""Who is in the house: whoever the door let in today, and who has not sent a paper from elsewhere since."""

from __future__ import annotations

import uuid
from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of

S = CaseState

CAME_BACK = "came_back"  # let in another time; the state of the case says nothing about presence
# States in which a person must come to the office for the next step.
NEEDED = (S.ARRIVED, S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN)


def day_began(now: datetime, zone: str) -> datetime:
    """When today began at the office."""
    return moment_of(local_date(now, zone), time.min, zone)


def is_here(since: datetime) -> ColumnElement[bool]:
    """Whether the person of a case was let in since then, and sent no paper themselves afterwards."""
    was_let_in = and_(
        Event.kind == "case",
        Event.from_state.in_([S.SCHEDULED, S.MISSED]),
        Event.to_state == S.ARRIVED,
    )
    return _came(or_(was_let_in, Event.kind == CAME_BACK), since, "paper_given")


def is_back(since: datetime) -> ColumnElement[bool]:
    """Whether a person who was asked for a paper came with it since then, and was asked for nothing new."""
    return _came(Event.kind == CAME_BACK, since, "paper_given", "paper_wanted")


def _came(entry: ColumnElement[bool], since: datetime, *but_not_before: str) -> ColumnElement[bool]:
    """Whether there is such an entry, with none of these events after it."""
    later = aliased(Event)
    has_ended = exists().where(
        later.application_id == Event.application_id, later.kind.in_(but_not_before), later.seq > Event.seq
    )
    return (
        select(Event.id)
        .where(Event.application_id == Application.id, Event.at >= since, entry, ~has_ended)
        .correlate(Application)
        .exists()
    )


def _holds(fact: ColumnElement[bool], application_id: uuid.UUID) -> bool:
    return bool(db.session.scalar(select(fact).where(Application.id == application_id)))


def need_not_come_in(case: Application, zone: str, now: datetime) -> bool:
    """Whether the door need not let this person in again: here for the next step, or with the paper."""
    began = day_began(now, zone)
    fact = is_back(began) if case.state == S.DOCUMENTS_WANTED else is_here(began)
    return _holds(fact, case.id)


def must_return(case: Application, office: Office, now: datetime) -> bool:
    """Whether the next step needs the person, who is not in the house."""
    return case.state in NEEDED and not _holds(is_here(day_began(now, office.time_zone)), case.id)
