"""Programmes: who may use one, on which days it runs, and what holds on a day. Pure.

A programme (regular, percepatan, Laksan …) is rows, not code: an office makes one on a Tuesday morning.
What it asks and promises is a version with the day from which it holds; the next one ends it, so that no two
hold at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Protocol, TypeVar

_SATURDAY = 5


class Errand(StrEnum):
    """What somebody comes for: a first passport, or why the old one is replaced."""

    NEW = "new"
    EXPIRED = "expired"
    PAGES_FULL = "pages_full"
    TO_ELECTRONIC = "to_electronic"


class Unfit(StrEnum):
    """Why somebody cannot book a programme."""

    WALK_IN = "walk_in"  # one comes without an hour
    BY_REQUEST = "by_request"  # the office agrees on a day with whoever asks
    ERRAND = "errand"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"


class CapCause(StrEnum):
    """What a day has too little of."""

    CAMERAS = "cameras"
    PRINTERS = "printers"
    BOOKLETS = "booklets"
    STAFF = "staff"
    ROOM = "room"
    OTHER = "other"


@dataclass(frozen=True)
class Conditions:
    """Who may use a programme, and how one comes in. Ages in whole years, both included."""

    errands: frozenset[Errand] = frozenset(Errand)
    age_from: int | None = None
    age_to: int | None = None
    is_booked: bool = True
    is_walk_in: bool = False


@dataclass(frozen=True)
class Cutoffs:
    """When a visit may lie: its latest beginning, how many days ahead it can be had at most, and whether
    Saturdays and Sundays count."""

    latest_start: time | None = None
    days_ahead_most: int | None = None
    on_days_off: bool = False


class Dated(Protocol):
    """Something that holds from a day on."""

    @property
    def valid_from(self) -> date: ...


D = TypeVar("D", bound=Dated)


def why_not(conditions: Conditions, errand: Errand | None, age: int | None) -> Unfit | None:
    """Why somebody cannot book this programme; None where they can, as far as is known.

    What is not known yet (None) stands against nothing: it is asked again before anything is bought.
    """
    if not conditions.is_booked:
        return Unfit.WALK_IN if conditions.is_walk_in else Unfit.BY_REQUEST
    if errand is not None and errand not in conditions.errands:
        return Unfit.ERRAND
    if age is not None and conditions.age_from is not None and age < conditions.age_from:
        return Unfit.TOO_YOUNG
    if age is not None and conditions.age_to is not None and age > conditions.age_to:
        return Unfit.TOO_OLD
    return None


def version_on(versions: Iterable[D], day: date) -> D | None:
    """The version that holds on `day`: the newest that has begun; None before the first."""
    begun = [version for version in versions if version.valid_from <= day]
    return max(begun, key=lambda version: version.valid_from, default=None)


def runs_on(cutoffs: Cutoffs, day: date, holidays: Collection[date]) -> bool:
    """Whether the weekly hours of a programme take place on `day`. A holiday is one for all: whoever opens on
    it says so by that date."""
    if day in holidays:
        return False
    return day.weekday() < _SATURDAY or cutoffs.on_days_off


def begins_in_time(cutoffs: Cutoffs, at: time) -> bool:
    """Whether a visit may begin at `at`, so that its promise can be kept."""
    return cutoffs.latest_start is None or at <= cutoffs.latest_start
