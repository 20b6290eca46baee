"""Today's board of one office: who is due, who is in the house and waits for what."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, load_only

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk import attention
from mpaspor.desk.attention import Attention, first_unbroken, needs_look
from mpaspor.desk.models import Presence, Turn
from mpaspor.desk.presence import is_here, is_todays
from mpaspor.desk.queue_rules import HELD, TurnState
from mpaspor.desk.rules import IN_HOUSE, WAITS_LONG
from mpaspor.desk.stages import PERSON_WAITS, STAGE_OF, Stage, states_of
from mpaspor.foundation.columns import is_one_of, listed, read_code
from mpaspor.foundation.database import db
from mpaspor.foundation.typed_text import joined
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, moment_of
from mpaspor.people.models import Staff

PAGE = 60
# Whom the office told to come later is not late before.
DELAY = Slot.delay_minutes * literal(timedelta(minutes=1), Interval())
TODAYS = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.MISSED)
_NOT_SHOWN = tuple(state for state in CaseState if state not in STAGE_OF)
_ANY = aliased(Application)
_STATES_OF = {stage: states_of(stage) for stage in Stage if states_of(stage)}


@dataclass(frozen=True)
class BoardRow:
    """One case on the board."""

    code: str
    name: str
    birth_year: int | None
    state: CaseState
    stage: Stage
    kind: str
    validity_years: int
    need: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_today: bool
    number: str | None
    turn: TurnState | None
    counter: int | None
    officer_id: uuid.UUID | None
    officer: str | None
    is_emergency: bool
    since: datetime
    minutes: int

    @property
    def is_late(self) -> bool:
        """Due, and the hour is over; or a person who has been waiting long."""
        if self.stage is Stage.DUE:
            return self.minutes > 0
        return self.stage in PERSON_WAITS and timedelta(minutes=self.minutes) > WAITS_LONG


@dataclass(frozen=True)
class Day:
    """One day of an office: its date, and the moments between which it lies."""

    on: date
    starts: datetime
    ends: datetime


def day_of(office: Office, now: datetime) -> Day:
    """The office's day in which `now` lies."""
    on = local_date(now, office.time_zone)
    return Day(
        on,
        moment_of(on, time.min, office.time_zone),
        moment_of(on + timedelta(days=1), time.min, office.time_zone),
    )


@dataclass(frozen=True)
class Board:
    """One office's board of a day: what its statements are built from, once, for every refresh of it."""

    office_id: uuid.UUID
    day: Day
    first_unbroken: datetime | None  # asked for only where broken promises are looked for


def board_of(office: Office, now: datetime, *, with_promises: bool = True) -> Board:
    """The board of the office's day in which `now` lies."""
    day = day_of(office, now)
    return Board(office.id, day, first_unbroken(office, day.on) if with_promises else None)


@lru_cache(maxsize=8)  # an expression of the day, the same for every refresh of it
def stage_in(day: Day) -> ColumnElement[str]:
    """What a case waits for: its state, papers that were sent, and whether its person is here."""
    at_a_counter = [state for stage in PERSON_WAITS for state in states_of(stage)]
    is_wanted = _is(CaseState.DOCUMENTS_WANTED)
    is_sent = and_(is_wanted, Application.papers_until.is_(None))
    here = is_here(day.on)
    has_left = and_(is_one_of(Application.state, at_a_counter), not_(here))
    is_here_with_paper = and_(is_wanted, here)
    return case(
        (is_here_with_paper, _named(Stage.PAPERS)),
        (is_sent, _named(Stage.SENT)),
        (has_left, case((_is(CaseState.READY), _named(Stage.SHELF)), else_=_named(Stage.AWAY))),
        *((is_one_of(Application.state, states), _named(stage)) for stage, states in _STATES_OF.items()),
    )


def _named(stage: Stage) -> ColumnElement[str]:
    return literal_column(f"'{stage}'")


def _is(state: CaseState) -> ColumnElement[bool]:
    return Application.state == literal_column(f"'{state}'")


@lru_cache(maxsize=8)
def _visit_id(day: Day) -> ColumnElement[uuid.UUID]:
    """The booking that a case is seen under: today's, else its newest."""
    seen = Booking.__table__.alias("seen")
    hour = Slot.__table__.alias("hour")
    is_today = and_(hour.c.starts_at >= day.starts, hour.c.starts_at < day.ends)
    return (
        select(seen.c.id)
        .join(hour, hour.c.id == seen.c.slot_id)
        .where(seen.c.application_id == Application.id, is_one_of(seen.c.state, TODAYS))
        .order_by(is_today.desc(), seen.c.created_at.desc())
        .limit(literal_column("1"))
        .correlate(Application)
        .scalar_subquery()
    )


def on_board(board: Board) -> tuple[ColumnElement[bool], ...]:
    """Today's visits, whatever became of them, and everybody and everything still in the house.

    It names the cases before anything else is asked of them, each kind by an index of its own: an office
    keeps tens of thousands.
    """
    day = board.day
    todays = (
        select(Booking.application_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(
            Slot.office_id == board.office_id,
            Slot.starts_at >= day.starts,
            Slot.starts_at < day.ends,
            is_one_of(Booking.state, TODAYS),
        )
    )
    ours = select(_ANY.id).where(_ANY.office_id == board.office_id)
    in_house = ours.where(is_one_of(_ANY.state, IN_HOUSE))
    collected = ours.where(is_one_of(_ANY.state, [CaseState.COLLECTED]), _ANY.changed_at >= day.starts)
    return (
        Application.office_id == board.office_id,
        not_(is_one_of(Application.state, _NOT_SHOWN)),
        Application.id.in_(union_all(todays, in_house, collected)),
    )


def rows(
    office: Office,
    *,
    stage: Stage | tuple[Stage, ...] | None,
    text: str,
    page: int,
    now: datetime,
    need: Attention | None = None,
    first: Collection[Stage] = (),
) -> tuple[Sequence[BoardRow], int]:
    """One page of the board, with how many rows there are in all; one statement. `first` are the stations of
    whoever looks, which stand before all others; `need` shows only what somebody must look at.

    `text` is part of a name, or a code or number in whole: it searches this list and nothing beyond.
    """
    board = board_of(office, now, with_promises=need is Attention.PROMISE)
    statement = _rows(board, stage, need, frozenset(first), has_text=bool(text))
    given = {**attention.given(now), **(_texts(text) if text else {}), "skipped": (page - 1) * PAGE}
    found = db.session.execute(statement, given).all()
    return [_row(row, board.day, now) for row in found], (found[0].total if found else 0)


@lru_cache(maxsize=256)  # to build it takes longer than to run it
def _rows(
    board: Board,
    stage: Stage | tuple[Stage, ...] | None,
    need: Attention | None,
    first: frozenset[Stage],
    *,
    has_text: bool,
) -> Select[Any]:
    day = board.day
    shown = select(Application.id, stage_in(day).label("stage")).where(*on_board(board)).cte("c")
    stands = shown.c.stage
    statement: Select[Any] = (
        select(
            *_SHOWN,
            stands,
            Presence,
            Turn,
            Staff.full_name.label("officer"),
            Slot.starts_at,
            (Slot.ends_at + DELAY).label("ends_at"),
            func.count().over().label("total"),
        )
        .options(
            load_only(Presence.lane, Presence.number, Presence.arrived_at, raiseload=True),
            load_only(
                Turn.state, Turn.since, Turn.counter, Turn.officer_id, Turn.is_emergency, raiseload=True
            ),
        )
        .select_from(shown)
        .join(Application, Application.id == shown.c.id)
        .outerjoin(Booking, Booking.id == _visit_id(day))
        .outerjoin(Slot, Slot.id == Booking.slot_id)
        .outerjoin(Presence, and_(Presence.application_id == Application.id, is_todays(day.on)))
        .outerjoin(Turn, and_(Turn.application_id == Application.id, Turn.ended_at.is_(None)))
        .outerjoin(Staff, and_(Staff.id == Turn.officer_id, is_one_of(Turn.state, HELD)))
        .order_by(_urgency(stands, first), _turn(day), Application.changed_at, Application.id)
        .limit(literal_column(str(PAGE)))
        .offset(bindparam("skipped"))
    )
    if need is not None:
        statement = statement.where(needs_look(need, day.on, board.first_unbroken))
    elif stage is not None:
        statement = statement.where(is_one_of(stands, stage if isinstance(stage, tuple) else [stage]))
    elif not has_text:
        statement = statement.where(stands != _named(Stage.DONE))
    return statement.where(_MATCHES) if has_text else statement


_MATCHES = or_(
    Application.full_name.ilike(bindparam("part_of_name"), escape="\\"),
    Application.code == bindparam("whole_code"),
    Application.number == bindparam("whole_number"),
)


def _texts(text: str) -> dict[str, str]:
    """The values of `_MATCHES`."""
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"part_of_name": f"%{escaped}%", "whole_code": read_code(text), "whole_number": joined(text)}


def _urgency(stands: ColumnElement[str], first: Collection[Stage]) -> ColumnElement[int]:
    """The own stations, people in the order of the stations, those who have not come, what is done."""
    stages = [*(one for one in _URGENCY if one in first), *(one for one in _URGENCY if one not in first)]
    return func.array_position(literal_column(f"ARRAY[{listed(stages)}]"), stands)


def _turn(day: Day) -> ColumnElement[datetime]:
    """Who is here is called by their hour, who is due stands by it; else whoever waits longest."""
    is_today = and_(Slot.starts_at >= day.starts, Slot.starts_at < day.ends)
    is_due = and_(is_one_of(Application.state, states_of(Stage.DUE)), is_today)
    return case((is_due, Slot.starts_at), else_=func.coalesce(Presence.due_at, Application.changed_at))


_URGENCY = (
    Stage.PAPERS,
    Stage.PHOTO,
    Stage.INTERVIEW,
    Stage.PICKUP,
    Stage.DECISION,
    Stage.PRINT,
    Stage.QUALITY,
    Stage.DUE,
    Stage.SHELF,
    Stage.SENT,
    Stage.WANTED,
    Stage.AWAY,
    Stage.DONE,
)


# No more of sixty cases than the board shows: each of their NIKs would be opened for nothing.
_SHOWN = (
    Application.code,
    Application.full_name,
    Application.state,
    Application.kind,
    Application.validity_years,
    Application.need,
    Application.birth_on,
    Application.changed_at,
)


def _row(row: Any, day: Day, now: datetime) -> BoardRow:
    stage, turn = Stage(row.stage), row.Turn
    is_today = row.starts_at is not None and day.starts <= row.starts_at < day.ends
    since = row.ends_at if stage is Stage.DUE and row.ends_at is not None else row.changed_at
    if row.Presence is not None:
        since = turn.since if turn is not None else max(since, row.Presence.arrived_at)
    return BoardRow(
        code=row.code,
        name=row.full_name or "",
        birth_year=row.birth_on.year if row.birth_on is not None else None,
        state=row.state,
        stage=stage,
        kind=row.kind or "",
        validity_years=row.validity_years or 0,
        need=row.need or "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_today=is_today,
        number=row.Presence.ticket if row.Presence is not None else None,
        turn=turn.state if turn is not None else None,
        counter=turn.counter if turn is not None else None,
        officer_id=turn.officer_id if turn is not None and turn.state in HELD else None,
        officer=row.officer,
        is_emergency=turn is not None and turn.is_emergency,
        since=since,
        minutes=int((now - since).total_seconds() // 60),
    )
