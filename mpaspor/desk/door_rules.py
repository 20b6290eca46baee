"""Of the door, pure: why it asks a supervisor; when somebody came who is told of later, and what follows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Told(StrEnum):
    """What became of an arrival of which the door tells when the server is there again."""

    LET_IN = "let_in"
    HERE = "here"  # another door was first
    EARLY = "early"
    LATE = "late"
    WRONG_DAY = "wrong_day"
    UNPAID = "unpaid"
    NOT_EXPECTED = "not_expected"
    OWN_CASE = "own_case"
    DAY_OVER = "day_over"
    UNKNOWN = "unknown"


# Nothing is left to decide, or nobody is known about whom to decide.
SETTLED = (Told.LET_IN, Told.HERE, Told.UNKNOWN)


class Why(StrEnum):
    """Why the door asks a supervisor: in its own words, or by what an arrival told later came to."""

    ASKED = "asked"
    EARLY = Told.EARLY
    LATE = Told.LATE
    WRONG_DAY = Told.WRONG_DAY
    UNPAID = Told.UNPAID
    NOT_EXPECTED = Told.NOT_EXPECTED
    OWN_CASE = Told.OWN_CASE
    DAY_OVER = Told.DAY_OVER


def came_at(told: datetime, list_made: datetime, now: datetime) -> datetime:
    """When somebody came, by a device whose clock may be wrong: not before it had the day's list, nor later
    than now. So a clock puts nobody before others, nor into another day."""
    return max(list_made, min(told, now))
