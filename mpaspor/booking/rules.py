"""Places: the states of a booking, and until when an hour may be taken or changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum

from mpaspor.people.rules import age_on


class BookingState(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    MISSED = "missed"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class ClosureCause(StrEnum):
    """Why hours are closed, as people are told."""

    POWER = "power"
    SYSTEM = "system"
    EQUIPMENT = "equipment"
    STAFF = "staff"
    BUILDING = "building"
    BOOKLETS = "booklets"
    EVENT = "event"
    DISASTER = "disaster"
    OTHER = "other"


class ReseatingEnd(StrEnum):
    """How it ended that somebody needed another hour because theirs was closed."""

    ACCEPTED = "accepted"  # took the proposed hour
    CHOSEN = "chosen"  # took another
    SILENT = "silent"  # did not answer in time, and chooses when they like
    RESTORED = "restored"  # the hour was opened again, and is theirs again
    MOOT = "moot"  # withdrew, lapsed, or came by another way


B = BookingState

MOVES: Mapping[BookingState, frozenset[BookingState]] = {
    B.HELD: frozenset({B.CONFIRMED, B.LAPSED, B.CANCELLED}),
    B.CONFIRMED: frozenset({B.ATTENDED, B.MISSED, B.CANCELLED}),
    B.ATTENDED: frozenset({B.CONFIRMED}),
    B.MISSED: frozenset({B.ATTENDED}),
}
LIVE = (B.HELD, B.CONFIRMED)
COUNTED = (B.HELD, B.CONFIRMED, B.ATTENDED, B.MISSED)
FEW_LEFT = 5
YOUNG_YEARS, ELDERLY_YEARS = 5, 60  # SE IMI-UM.01.01-2435/2018 (DOMAIN §4)
FAR_DAYS = 120  # how far ahead a calendar goes; what lies further is for nobody to see
LONGEST_RELEASE = 62  # days that one release opens at once
MOVES_ALLOWED = 1  # DOMAIN §8.2: a paid visit may be changed once


def is_few(left: int) -> bool:
    """Whether so few places are left that the page says so in colour; none is not few but full."""
    return 0 < left <= FEW_LEFT


def next_weekly(after: date, weekday: int, *, until: date) -> Iterator[date]:
    """Every such day of the week (Monday 0) that follows `after`, to `until` at the latest."""
    day = after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)
    while day <= until:
        yield day
        day += timedelta(weeks=1)


def keeps_priority(birth_on: date | None, today: date) -> bool:
    """Whether somebody is seated again before others: the young and the elderly."""
    if birth_on is None:
        return False
    age = age_on(birth_on, today)
    return age <= YOUNG_YEARS or age >= ELDERLY_YEARS


def last_change_on(visit_on: date) -> date:
    """The last of the office's own days on which a visit may be moved: the day before it."""
    return visit_on - timedelta(days=1)


def may_move_on(today: date, visit_on: date, moves_made: int) -> bool:
    """Whether a visit may still be moved: once, and not after the last day for it."""
    return moves_made < MOVES_ALLOWED and today <= last_change_on(visit_on)
