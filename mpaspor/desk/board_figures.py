"""The day in numbers: hours, stations, what to look at, how long a turn takes; all in one statement."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, and_, cast, func, literal, null, or_, select, union_all

from mpaspor.applications.models import Application
from mpaspor.booking.closure_queries import has_no_hour
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk.attention import Attention, needs_look
from mpaspor.desk.board_queries import TODAYS, Day, day_of, on_board, stage_in
from mpaspor.desk.door_models import SupervisorQuestion
from mpaspor.desk.models import Turn
from mpaspor.desk.queue_rules import HELD, MEASURED, STILL_OPEN, TurnState, estimated_wait
from mpaspor.desk.stages import PERSON_WAITS, Stage
from mpaspor.foundation.columns import Moment
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office


@dataclass(frozen=True)
class HourCount:
    """One hour of today: how many came of how many who took a place."""

    starts_at: datetime
    ends_at: datetime
    present: int
    quota: int
    is_now: bool


@dataclass(frozen=True)
class Figures:
    """The day in numbers. `needs` counts what somebody should look at; `waits` says for how long whoever
    comes to a station now will wait there, where that can be known. `asked_at_door` is for a supervisor."""

    booked: int
    present: int
    hours: Sequence[HourCount]
    stages: Mapping[Stage, int]
    needs: Mapping[Attention, int]
    waits: Mapping[Stage, timedelta]
    asked_at_door: int
    without_hour: int  # paid, and nobody holds an hour for them

    @property
    def waiting(self) -> int:
        return sum(self.stages[stage] for stage in PERSON_WAITS)

    @property
    def total(self) -> int:
        return sum(self.stages.values())


def figures(office: Office, *, now: datetime) -> Figures:
    """The strip above the board, the counts of its filters and of what to look at; one statement."""
    day = day_of(office, now)
    found: defaultdict[str, list[Any]] = defaultdict(list)
    parts = (
        _hours(office, day),
        _stages(office, day),
        *(_need(why, office, day, now) for why in Attention),
        _counters(office, now),
        _lasted(office, day),
        _asked_at_door(office),
        _part("no_hour", "", func.count()).select_from(Application).where(has_no_hour(office)),
    )
    for row in db.session.execute(union_all(*parts)):
        found[row.kind].append(row)
    hours = sorted(found["hour"], key=lambda row: row.starts_at)
    stages: Counter[Stage] = Counter({Stage(row.name): row.a for row in found["stage"]})
    return Figures(
        booked=sum(row.a for row in hours),
        present=sum(row.b for row in hours),
        hours=[
            HourCount(row.starts_at, row.ends_at, row.b, row.a, row.starts_at <= now < row.ends_at)
            for row in hours
        ],
        stages=stages,
        needs={Attention(row.name): row.a for row in found["need"]},
        waits=_waits(stages, found["counter"], found["lasted"]),
        asked_at_door=sum(row.a for row in found["asked"]),
        without_hour=sum(row.a for row in found["no_hour"]),
    )


def _waits(
    stages: Mapping[Stage, int], counters: Sequence[Any], lasted: Sequence[Any]
) -> dict[Stage, timedelta]:
    open_at = {Stage(row.name): row.a for row in counters}
    took: defaultdict[Stage, list[timedelta]] = defaultdict(list)
    for row in lasted:
        took[Stage(row.name)].append(timedelta(seconds=row.a))
    told = {
        stage: estimated_wait(stages[stage], open_at.get(stage, 0), took[stage]) for stage in PERSON_WAITS
    }
    return {stage: wait for stage, wait in told.items() if wait is not None}


def _part(
    kind: str, name: Any, a: Any, b: Any = 0, starts_at: Any = None, ends_at: Any = None
) -> Select[Any]:
    """One piece of the statement: all of them have the same columns."""
    nothing = cast(null(), Moment)
    return select(
        literal(kind).label("kind"),
        (literal(name) if isinstance(name, str) else name).label("name"),
        cast(a, Integer).label("a"),
        cast(b, Integer).label("b"),
        (nothing if starts_at is None else starts_at).label("starts_at"),
        (nothing if ends_at is None else ends_at).label("ends_at"),
    )


def _hours(office: Office, day: Day) -> Select[Any]:
    came = func.count(Booking.id).filter(Booking.state == BookingState.ATTENDED)
    return (
        _part("hour", "", func.count(Booking.id), came, Slot.starts_at, func.max(Slot.ends_at))
        .select_from(Slot)
        .outerjoin(Booking, and_(Booking.slot_id == Slot.id, Booking.state.in_(TODAYS)))
        .where(Slot.office_id == office.id, Slot.starts_at >= day.starts, Slot.starts_at < day.ends)
        .group_by(Slot.starts_at)
    )


def _stages(office: Office, day: Day) -> Select[Any]:
    stage = stage_in(day)
    counted = _part("stage", stage, func.count())
    return counted.select_from(Application).where(*on_board(office, day)).group_by(stage)


def _need(why: Attention, office: Office, day: Day, now: datetime) -> Select[Any]:
    return (
        _part("need", str(why), func.count())
        .select_from(Application)
        .where(*on_board(office, day), needs_look(why, office, day.on, now))
    )


def _counters(office: Office, now: datetime) -> Select[Any]:
    """At each station, the officers who have somebody or ended a turn a moment ago."""
    return (
        _part("counter", Turn.station, func.count(Turn.officer_id.distinct()))
        .where(
            Turn.office_id == office.id,
            Turn.station.in_(PERSON_WAITS),
            or_(Turn.state.in_(HELD), Turn.ended_at > now - STILL_OPEN),
        )
        .group_by(Turn.station)
    )


def _asked_at_door(office: Office) -> Select[Any]:
    """Of how many people the door waits for a supervisor's word."""
    return _part("asked", "", func.count(SupervisorQuestion.id)).where(
        SupervisorQuestion.office_id == office.id, SupervisorQuestion.answered_at.is_(None)
    )


def _lasted(office: Office, day: Day) -> Select[Any]:
    """How many seconds the last turns of today lasted at each station, from the call to the end."""
    newest = func.row_number().over(partition_by=Turn.station, order_by=Turn.ended_at.desc())
    ended = (
        select(
            Turn.station,
            func.extract("epoch", Turn.ended_at - Turn.called_at).label("seconds"),
            newest.label("newest"),
        )
        .where(
            Turn.office_id == office.id,
            Turn.station.in_(PERSON_WAITS),
            Turn.state == TurnState.DONE,
            Turn.ended_at >= day.starts,
            Turn.began_at.is_not(None),
            Turn.called_at.is_not(None),
        )
        .subquery()
    )
    return _part("lasted", ended.c.station, ended.c.seconds).where(ended.c.newest <= MEASURED)
