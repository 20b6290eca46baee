"""Where somebody who is in the house stands: their number, before whom, and for how long about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ScalarSelect, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.desk.models import Presence, Turn
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import HELD, MEASURED, STILL_OPEN, TurnState, estimated_wait
from mpaspor.desk.stages import Stage
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of


@dataclass(frozen=True)
class Waiting:
    """Somebody in the house: what they are called by, at which station, and where to go once called."""

    number: str
    station: Stage | None
    state: TurnState | None
    counter: int | None
    ahead: int
    about: timedelta | None

    @property
    def is_called(self) -> bool:
        return self.state is TurnState.CALLED

    @property
    def is_waiting(self) -> bool:
        return self.state is TurnState.WAITING


def waiting_by_code(code: str, office: Office, now: datetime) -> Waiting | None:
    """As `waiting_of`, by the code of a case of this office; None for any other."""
    which = (Application.code == code, Application.office_id == office.id)
    case_id = db.session.scalar(select(Application.id).where(*which))
    return waiting_of(case_id, office, now) if case_id is not None else None


def waiting_of(application_id: uuid.UUID, office: Office, now: datetime) -> Waiting | None:
    """How the person of a case waits; None while they are not in the house. One statement.

    Who is `ahead` is told by booked hour and arrival: emergencies and the priority lane come between.
    """
    today = local_date(now, office.time_zone)
    row = db.session.execute(
        select(Presence, Turn, _ahead(today), _counters(now), _lasted(office, today))
        .outerjoin(Turn, and_(Turn.presence_id == Presence.id, Turn.ended_at.is_(None)))
        .where(Presence.application_id == application_id, is_todays(today))
    ).one_or_none()
    if row is None:
        return None
    here, turn, ahead, counters, lasted = row
    took = [timedelta(seconds=float(seconds)) for seconds in lasted or ()]
    return Waiting(
        number=here.ticket,
        station=turn.station if turn is not None else None,
        state=turn.state if turn is not None else None,
        counter=turn.counter if turn is not None else None,
        ahead=ahead,
        about=estimated_wait(ahead, counters, took),
    )


_other, _theirs = aliased(Turn), aliased(Presence)


def _ahead(today: date) -> ScalarSelect[int]:
    """How many wait at the same station and come sooner."""
    return (
        select(func.count())
        .select_from(_other)
        .join(_theirs, _theirs.id == _other.presence_id)
        .where(
            _other.office_id == Turn.office_id,
            _other.station == Turn.station,
            _other.ended_at.is_(None),
            _other.state == TurnState.WAITING,
            _theirs.left_at.is_(None),
            _theirs.day == today,
            tuple_(_theirs.due_at, _theirs.arrived_at, _other.id)
            < tuple_(Presence.due_at, Presence.arrived_at, Turn.id),
        )
        .correlate(Turn, Presence)
        .scalar_subquery()
    )


def _counters(now: datetime) -> ScalarSelect[int]:
    """How many officers are at work at the same station."""
    return (
        select(func.count(_other.officer_id.distinct()))
        .where(
            _other.office_id == Turn.office_id,
            _other.station == Turn.station,
            or_(_other.state.in_(HELD), _other.ended_at > now - STILL_OPEN),
        )
        .correlate(Turn)
        .scalar_subquery()
    )


def _lasted(office: Office, today: date) -> ScalarSelect[list[float]]:
    """How many seconds the last turns at the same station lasted today, from the call to the end."""
    began = moment_of(today, time.min, office.time_zone)
    newest = (
        select(func.extract("epoch", _other.ended_at - _other.called_at).label("seconds"))
        .where(
            _other.office_id == Turn.office_id,
            _other.station == Turn.station,
            _other.state == TurnState.DONE,
            _other.ended_at >= began,
            _other.began_at.is_not(None),
            _other.called_at.is_not(None),
        )
        .order_by(_other.ended_at.desc())
        .limit(MEASURED)
        .correlate(Turn)
        .subquery()
    )
    return select(func.array_agg(newest.c.seconds)).scalar_subquery()
