"""Which hours an office should have, with how many places: worked out of its rows. Pure.

Weekly hours and single days of programmes make hours; caps cut what a day cannot bear (too few cameras,
printers, booklets).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from mpaspor.offices.programme_rules import Cutoffs, begins_in_time, runs_on, version_on
from mpaspor.offices.rules import Hour, in_force, moment_of

Key = tuple[uuid.UUID, uuid.UUID, datetime]  # what makes an hour one of its kind


@dataclass(frozen=True)
class WeeklyHour:
    """One hour of a weekday at a service point, between two dates."""

    point_id: uuid.UUID
    programme_id: uuid.UUID
    hour: Hour
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True)
class SingleHour:
    """One hour of one date: a van, an event, a Saturday on which the office opens."""

    point_id: uuid.UUID
    programme_id: uuid.UUID
    on: date
    starts_at: time
    ends_at: time
    capacity: int


@dataclass(frozen=True)
class Cap:
    """The most people of a day between two dates, of one programme or of all."""

    programme_id: uuid.UUID | None
    first: date
    last: date | None
    places: int


@dataclass(frozen=True)
class Version:
    """What of a programme's terms decides over its hours, from a day on."""

    valid_from: date
    makes_hours: bool
    cutoffs: Cutoffs
    days_ahead_least: int = 1


@dataclass(frozen=True)
class Supply:
    """Everything of which an office's hours are made."""

    weekly: Sequence[WeeklyHour] = ()
    single: Sequence[SingleHour] = ()
    caps: Sequence[Cap] = ()
    versions: Mapping[uuid.UUID, Sequence[Version]] = field(default_factory=dict)
    ends: Mapping[uuid.UUID, date] = field(default_factory=dict)  # programme → its last day
    days_off: Collection[date] = ()
    known_years: Collection[int] = ()


@dataclass(frozen=True)
class WantedHour:
    """One hour that the office should have; `notice_days` more than others it must be taken ahead."""

    point_id: uuid.UUID
    programme_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    capacity: int
    notice_days: int = 0

    @property
    def key(self) -> Key:
        return self.point_id, self.programme_id, self.starts_at


def wanted_hours(
    supply: Supply, first: date, last: date, *, time_zone: str, notice_of: Callable[[int], int]
) -> list[WantedHour]:
    """The hours from `first` (today at the office) to `last`. Days of a year whose holidays are not known yet
    have none, whatever is planned for them. `notice_of` says how many days more than others an hour must be
    taken ahead, by what its programme asks for."""
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.year in supply.known_years:
            hours = _of_day(supply, day, first, time_zone, notice_of)
            found += _within_caps(hours, supply.caps, day)
    return found


def cut(capacities: Sequence[int], most: int) -> list[int]:
    """The same hours with `most` places in all: each gives in proportion, the earlier ones keep what is left
    over by rounding."""
    total = sum(capacities)
    if total <= most:
        return list(capacities)
    shares = [each * most // total for each in capacities]
    by_rest = sorted(range(len(shares)), key=lambda n: (-(capacities[n] * most % total), n))
    for n in by_rest[: most - sum(shares)]:
        shares[n] += 1
    return shares


def places_by_counters(counters: int, minutes_each: int, begins: time, ends: time) -> int:
    """How many people `counters` serve between two times, each taking so many minutes."""
    length = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return counters * (length // minutes_each)


def hours_between(
    begins: time, ends: time, *, minutes: int = 60, pause: tuple[time, time] | None = None
) -> list[tuple[time, time]]:
    """The arrival hours of a day, each `minutes` long; none begins or ends inside the pause."""
    spans = [(begins, ends)] if pause is None else [(begins, pause[0]), (pause[1], ends)]
    return [hour for span in spans for hour in _steps(*span, minutes)]


def _steps(begins: time, ends: time, minutes: int) -> Iterator[tuple[time, time]]:
    at, end = begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
    while at + minutes <= end:
        yield time(*divmod(at, 60)), time(*divmod(at + minutes, 60))
        at += minutes


def _of_day(
    supply: Supply, day: date, today: date, time_zone: str, notice_of: Callable[[int], int]
) -> list[WantedHour]:
    found: dict[Key, WantedHour] = {}
    for weekly in supply.weekly:
        version = _version(supply, weekly.programme_id, day, today)
        if version is None or weekly.hour.weekday != day.weekday():
            continue
        if not in_force(weekly.valid_from, weekly.valid_until, day):
            continue
        if runs_on(version.cutoffs, day, supply.days_off) and begins_in_time(
            version.cutoffs, weekly.hour.starts_at
        ):
            hour = weekly.hour
            plain = SingleHour(
                weekly.point_id, weekly.programme_id, day, hour.starts_at, hour.ends_at, hour.capacity
            )
            made = _wanted(plain, version, time_zone, notice_of)
            found[made.key] = made
    for single in supply.single:
        version = _version(supply, single.programme_id, day, today)
        if version is not None and single.on == day:  # said for this very date: it wins
            made = _wanted(single, version, time_zone, notice_of)
            found[made.key] = made
    return sorted(found.values(), key=lambda hour: (hour.starts_at, hour.programme_id, hour.point_id))


def _version(supply: Supply, programme_id: uuid.UUID, day: date, today: date) -> Version | None:
    """What holds of a programme on `day`; None where it makes no hours then."""
    version = version_on(supply.versions.get(programme_id, ()), day)
    end = supply.ends.get(programme_id)
    if version is None or not version.makes_hours or (end is not None and day > end):
        return None
    most = version.cutoffs.days_ahead_most
    return None if most is not None and day > today + timedelta(days=most) else version


def _wanted(
    single: SingleHour, version: Version, time_zone: str, notice_of: Callable[[int], int]
) -> WantedHour:
    return WantedHour(
        single.point_id,
        single.programme_id,
        moment_of(single.on, single.starts_at, time_zone),
        moment_of(single.on, single.ends_at, time_zone),
        single.capacity,
        notice_of(version.days_ahead_least),
    )


def _within_caps(hours: list[WantedHour], caps: Iterable[Cap], day: date) -> list[WantedHour]:
    """The hours of a day, cut by the caps of their programmes first and then by those of the office."""
    todays = [cap for cap in caps if in_force(cap.first, cap.last, day)]
    for cap in sorted(todays, key=lambda cap: cap.programme_id is None):
        mine = [n for n, hour in enumerate(hours) if cap.programme_id in (None, hour.programme_id)]
        for n, left in zip(mine, cut([hours[n].capacity for n in mine], cap.places), strict=True):
            hours[n] = replace(hours[n], capacity=left)
    return [hour for hour in hours if hour.capacity > 0]
