"""The day in numbers: hours, stations, what to look at, how long a turn takes; all in one statement."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from mpaspor.applications.models import Application
from mpaspor.booking.closure_queries import has_no_hour
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk import attention
from mpaspor.desk.attention import Attention, needs_look
from mpaspor.desk.board_queries import TODAYS, Board, board_of, on_board, stage_in
from mpaspor.desk.door_models import SupervisorQuestion
from mpaspor.desk.models import Turn
from mpaspor.desk.queue_rules import HELD, MEASURED, STILL_OPEN, TurnState, estimated_wait
from mpaspor.desk.stages import PERSON_WAITS, Stage
from mpaspor.foundation.columns import Moment, is_one_of
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
    found: defaultdict[str, list[Any]] = defaultdict(list)
    given = {**attention.given(now), "open_since": now - STILL_OPEN}
    for row in db.session.execute(_statement(board_of(office, now)), given):
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
        needs={why: sum(getattr(row, why) for row in found["stage"]) for why in Attention},
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


@lru_cache(maxsize=256)  # to build it takes longer than to run it
def _statement(board: Board) -> CompoundSelect[Any]:
    return union_all(
        _hours(board),
        _stages(board),
        _counters(board.office_id),
        _lasted(board),
        _asked_at_door(board.office_id),
        _part("no_hour", "", func.count()).select_from(Application).where(has_no_hour(board.office_id)),
    )


_NONE: ColumnElement[int] = literal_column("0")


def _part(
    kind: str,
    name: Any,
    a: Any,
    b: Any = _NONE,
    starts_at: Any = None,
    ends_at: Any = None,
    needs: Mapping[Attention, Any] | None = None,
) -> Select[Any]:
    """One piece of the statement: all of them have the same columns."""
    nothing = cast(null(), Moment)
    needs = needs or dict.fromkeys(Attention, _NONE)
    return select(
        literal_column(f"'{kind}'").label("kind"),
        (literal_column(f"'{name}'") if isinstance(name, str) else name).label("name"),
        cast(a, Integer).label("a"),
        cast(b, Integer).label("b"),
        (nothing if starts_at is None else starts_at).label("starts_at"),
        (nothing if ends_at is None else ends_at).label("ends_at"),
        *(cast(needs[why], Integer).label(str(why)) for why in Attention),
    )


def _hours(board: Board) -> Select[Any]:
    day = board.day
    came = func.count(Booking.id).filter(Booking.state == BookingState.ATTENDED)
    return (
        _part("hour", "", func.count(Booking.id), came, Slot.starts_at, func.max(Slot.ends_at))
        .select_from(Slot)
        .outerjoin(Booking, and_(Booking.slot_id == Slot.id, is_one_of(Booking.state, TODAYS)))
        .where(Slot.office_id == board.office_id, Slot.starts_at >= day.starts, Slot.starts_at < day.ends)
        .group_by(Slot.starts_at)
    )


def _stages(board: Board) -> Select[Any]:
    """How many stand at each station, and how many of them somebody should look at, by the reason."""
    looked_at = [needs_look(why, board.day.on, board.first_unbroken).label(str(why)) for why in Attention]
    shown = select(stage_in(board.day).label("stage"), *looked_at).where(*on_board(board)).subquery()
    needs = {why: func.count().filter(shown.c[str(why)]) for why in Attention}
    return _part("stage", shown.c.stage, func.count(), needs=needs).group_by(shown.c.stage)


def _counters(office_id: uuid.UUID) -> Select[Any]:
    """At each station, the officers who have somebody or ended a turn a moment ago."""
    return (
        _part("counter", Turn.station, func.count(Turn.officer_id.distinct()))
        .where(
            Turn.office_id == office_id,
            is_one_of(Turn.station, PERSON_WAITS),
            or_(is_one_of(Turn.state, HELD), Turn.ended_at > bindparam("open_since", type_=Moment)),
        )
        .group_by(Turn.station)
    )


def _asked_at_door(office_id: uuid.UUID) -> Select[Any]:
    """Of how many people the door waits for a supervisor's word."""
    return _part("asked", "", func.count(SupervisorQuestion.id)).where(
        SupervisorQuestion.office_id == office_id, SupervisorQuestion.answered_at.is_(None)
    )


def _lasted(board: Board) -> Select[Any]:
    """How many seconds the last turns of today lasted at each station, from the call to the end."""
    newest = func.row_number().over(partition_by=Turn.station, order_by=Turn.ended_at.desc())
    ended = (
        select(
            Turn.station,
            func.extract("epoch", Turn.ended_at - Turn.called_at).label("seconds"),
            newest.label("newest"),
        )
        .where(
            Turn.office_id == board.office_id,
            is_one_of(Turn.station, PERSON_WAITS),
            Turn.state == TurnState.DONE,
            Turn.ended_at >= board.day.starts,
            Turn.began_at.is_not(None),
            Turn.called_at.is_not(None),
        )
        .subquery()
    )
    return _part("lasted", ended.c.station, ended.c.seconds).where(ended.c.newest <= MEASURED)
