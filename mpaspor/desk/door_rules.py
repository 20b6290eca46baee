"""Why the door asks a supervisor. Pure."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why the door asks a supervisor: in its own words, or by what an arrival told later came to."""

    ASKED = "asked"
    EARLY = "early"
    LATE = "late"
    WRONG_DAY = "wrong_day"
    UNPAID = "unpaid"
    NOT_EXPECTED = "not_expected"
    OWN_CASE = "own_case"
    DAY_OVER = "day_over"
