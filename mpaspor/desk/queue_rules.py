"""The queue of the house: lanes and numbers, turns and their states, who is called first, how long. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from mpaspor.applications.rules import CaseState
from mpaspor.booking.rules import ELDERLY_YEARS
from mpaspor.desk.rules import Arrival
from mpaspor.people.rules import age_on

S = CaseState


class Lane(StrEnum):
    """The letter before a queue number; each office counts each lane of a day from one."""

    BOOKED = "A"
    PRIORITY = "B"
    PICKUP = "C"


class Leaving(StrEnum):
    """Why somebody is in the house no more."""

    DONE = "done"
    SENT_HOME = "sent_home"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"
    DAY_OVER = "day_over"


class TurnState(StrEnum):
    """Where a turn at a station stands. Called is a person; work from a pile is served at once."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    DONE = "done"


T = TurnState

TURN_MOVES: Mapping[TurnState, frozenset[TurnState]] = {
    T.WAITING: frozenset({T.CALLED, T.SERVING, T.PARKED, T.DONE}),
    T.CALLED: frozenset({T.SERVING, T.PARKED, T.MISSED, T.WAITING, T.DONE}),
    T.SERVING: frozenset({T.PARKED, T.WAITING, T.DONE}),
    T.PARKED: frozenset({T.CALLED, T.SERVING, T.WAITING, T.DONE}),
    T.MISSED: frozenset({T.CALLED, T.WAITING, T.DONE}),
}
HELD = (T.CALLED, T.SERVING)  # an officer has it; each has one at most
COUNTERS = range(1, 41)
# After one person of the priority lane, two of the others come first, if any wait.
ORDINARY_BETWEEN = 2
# How many turns that ended last say how long one takes, and how few are too few to say it.
MEASURED, _TOO_FEW = 12, 3
_ROUNDED = timedelta(minutes=5)
STILL_OPEN = timedelta(minutes=30)  # a counter that ended a turn since then is at work

# A case that moves to one of these needs its person no longer in the house today.
LEAVES_WITH: Mapping[CaseState, Leaving] = {
    S.GRANTED: Leaving.DONE,
    S.DEFERRED: Leaving.DONE,
    S.REFUSED: Leaving.DONE,
    S.COLLECTED: Leaving.DONE,
    S.CLOSED: Leaving.CLOSED,
    S.SCHEDULED: Leaving.TAKEN_BACK,
}
# States in which a person must come to the office for the next step.
NEEDED = (S.ARRIVED, S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN)
# Whom the door lets in again: for the next step, with a paper, or for the passport.
RETURNS = (*NEEDED, S.DOCUMENTS_WANTED, S.READY)


def lane_of(state: CaseState, birth_on: date | None, today: date, *, is_walk_in: bool = False) -> Lane:
    """The lane in which somebody comes in: whoever the door registered has a place of the priority lane. Of
    others the case knows of no ground but the age; who shows another one is put there by the door."""
    if state is S.READY:
        return Lane.PICKUP
    if is_walk_in:
        return Lane.PRIORITY
    is_elderly = birth_on is not None and age_on(birth_on, today) >= ELDERLY_YEARS
    return Lane.PRIORITY if is_elderly else Lane.BOOKED


def due_at(found: Arrival, starts_at: datetime, now: datetime) -> datetime:
    """The hour by which somebody is called: the one that was booked, for whoever came for it; else now.

    Who comes too late, on another day or once more does not stand before those who are in time.
    """
    return starts_at if found in (Arrival.ON_TIME, Arrival.EARLY) else now


def prefers_priority(called_last: Sequence[Lane]) -> bool:
    """Whether the priority lane is next at a station, by the lanes of those called last (newest first)."""
    return Lane.PRIORITY not in called_last[:ORDINARY_BETWEEN]


def estimated_wait(ahead: int, counters: int, lasted: Collection[timedelta]) -> timedelta | None:
    """How long whoever has `ahead` people before them will wait, by how long the last turns lasted.

    The median of them for each round of the open counters, rounded up to five minutes; None while nobody
    can know: no counter is open, or too few turns have ended.
    """
    if counters < 1 or len(lasted) < _TOO_FEW:
        return None
    rounds = ahead // counters + 1
    seconds = median(one.total_seconds() for one in list(lasted)[:MEASURED]) * rounds
    steps = -(-seconds // _ROUNDED.total_seconds())
    return max(1, int(steps)) * _ROUNDED


def ticket_number(lane: Lane, number: int) -> str:
    """What stands on the ticket and is called: `A012`."""
    return f"{lane}{number:03d}"
