"""The office in figures, over some of its days: places, waiting and serving, promises, work, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, func, select, true

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.desk.models import Booklet, Decision, Interview, Turn
from mpaspor.desk.stages import Stage
from mpaspor.desk.walk_in_report import Admission, AtTheDoor, at_the_door
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.queries import promised_on
from mpaspor.offices.rules import local_date, moment_of
from mpaspor.people.models import Staff

LONGEST = timedelta(days=92)


@dataclass(frozen=True)
class Day:
    """The places of one day: opened, taken, and of those who came and who did not."""

    on: date
    places: int
    taken: int
    came: int
    missed: int


@dataclass(frozen=True)
class StationTimes:
    """One station: turns that ended; minutes of waiting and serving that half and nine in ten stay below."""

    station: Stage
    turns: int
    waited_median: float | None
    waited_p90: float | None
    served_median: float | None
    served_p90: float | None


@dataclass(frozen=True)
class Report:
    """Everything between two days of the office, both included."""

    first: date
    last: date
    days: Sequence[Day]
    stations: Sequence[StationTimes]
    work: Sequence[tuple[str, Stage, int]]  # officer, station, turns
    ready_in_time: int
    ready_late: int
    ends: Sequence[tuple[CaseState, str | None, int]]  # refused or deferred, on what ground, how many
    door: Sequence[AtTheDoor]  # who registered people without an appointment, on which grounds
    admissions: Sequence[Admission]

    @property
    def places(self) -> int:
        return sum(day.places for day in self.days)

    @property
    def taken(self) -> int:
        return sum(day.taken for day in self.days)

    @property
    def came(self) -> int:
        return sum(day.came for day in self.days)

    @property
    def missed(self) -> int:
        return sum(day.missed for day in self.days)

    @property
    def kept_promises(self) -> int | None:
        """Of passports that became ready, how many per cent did so by the promised day; None without any."""
        all_ready = self.ready_in_time + self.ready_late
        return round(100 * self.ready_in_time / all_ready) if all_ready else None


def report(office: Office, first: date, last: date) -> Report:
    """The figures of the office's days from `first` to `last`; six statements and the calendar."""
    begin, end = _between(office, first, last)
    in_time, late = _promises(office, begin, end)
    return Report(
        first, last, days(office, first, last), _stations(office, begin, end), _work(office, begin, end),
        in_time, late, _ends(office, begin, end), *at_the_door(office, begin, end),
    )  # fmt: skip


def days(office: Office, first: date, last: date) -> list[Day]:
    """The places of each of these days on which the office had any; one statement."""
    begin, end = _between(office, first, last)
    on = cast(func.timezone(office.time_zone, Slot.starts_at), Date)
    of_slot = (
        select(
            func.count().filter(Booking.state == BookingState.ATTENDED).label("came"),
            func.count().filter(Booking.state == BookingState.MISSED).label("missed"),
        )
        .where(Booking.slot_id == Slot.id)
        .lateral()
    )
    rows = db.session.execute(
        select(
            on,
            func.sum(Slot.released),
            func.sum(Slot.taken),
            func.sum(of_slot.c.came),
            func.sum(of_slot.c.missed),
        )
        .join(of_slot, true())
        .where(Slot.office_id == office.id, Slot.starts_at >= begin, Slot.starts_at < end)
        .group_by(on)
        .order_by(on)
    )
    return [Day(day, *map(int, numbers)) for day, *numbers in rows]


def _stations(office: Office, begin: datetime, end: datetime) -> list[StationTimes]:
    began = func.coalesce(Turn.began_at, Turn.called_at)
    waited, served = _minutes(began - Turn.since), _minutes(Turn.ended_at - began)
    rows = db.session.execute(
        select(Turn.station, func.count(), *(_at(part, of) for of in (waited, served) for part in (0.5, 0.9)))
        .where(_ended(office, begin, end))
        .group_by(Turn.station)
    ).all()
    by_station = {row[0]: StationTimes(*row) for row in rows}
    return [by_station[station] for station in Stage if station in by_station]


def _work(office: Office, begin: datetime, end: datetime) -> list[tuple[str, Stage, int]]:
    rows = db.session.execute(
        select(Staff.full_name, Turn.station, func.count())
        .join(Staff, Staff.id == Turn.officer_id)
        .where(_ended(office, begin, end))
        .group_by(Staff.id, Staff.full_name, Turn.station)
        .order_by(Staff.full_name, func.count().desc())
    )
    return [(name, station, count) for name, station, count in rows]


def _promises(office: Office, begin: datetime, end: datetime) -> tuple[int, int]:
    """How many passports became ready by the promised day, and how many after it."""
    held_at = (
        select(func.max(Interview.held_at))
        .where(Interview.application_id == Booklet.application_id)
        .correlate(Booklet)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(held_at, Booklet.tested_at).where(
            Booklet.office_id == office.id,
            Booklet.passed.is_(True),
            Booklet.tested_at >= begin,
            Booklet.tested_at < end,
        )
    ).all()
    zone = office.time_zone
    spans = [(local_date(held, zone), local_date(tested, zone)) for held, tested in rows if held and tested]
    promised = {held_on: promised_on(office, held_on) for held_on in {held_on for held_on, _ in spans}}
    in_time = sum(tested_on <= promised[held_on] for held_on, tested_on in spans)
    return in_time, len(spans) - in_time


def _ends(office: Office, begin: datetime, end: datetime) -> list[tuple[CaseState, str | None, int]]:
    rows = db.session.execute(
        select(Decision.verdict, Decision.ground, func.count())
        .join(Application, Application.id == Decision.application_id)
        .where(Application.office_id == office.id, Decision.decided_at >= begin, Decision.decided_at < end)
        .group_by(Decision.verdict, Decision.ground)
        .order_by(func.count().desc(), Decision.ground)
    )
    return [(CaseState(verdict), ground, count) for verdict, ground, count in rows]


def _between(office: Office, first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which these days of the office lie."""
    zone = office.time_zone
    return moment_of(first, time.min, zone), moment_of(last + timedelta(days=1), time.min, zone)


def _ended(office: Office, begin: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(Turn.office_id == office.id, Turn.ended_at >= begin, Turn.ended_at < end)


def _minutes(span: Any) -> Any:
    return func.extract("epoch", span) / 60.0


def _at(part: float, minutes: Any) -> Any:
    return func.percentile_cont(part).within_group(minutes)
