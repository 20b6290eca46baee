"""The queue of the house: lanes and numbers, by which hour somebody is called, how a stay ends. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from mpaspor.applications.rules import CaseState
from mpaspor.desk.rules import Arrival
from mpaspor.people.rules import age_on

S = CaseState

ELDERLY_YEARS = 60  # SE IMI-UM.01.01-2435/2018 (DOMAIN §4); who shows another ground is let in by the door


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


def lane_of(state: CaseState, birth_on: date | None, today: date) -> Lane:
    """The lane in which somebody comes in. The case knows of no ground of priority but the age."""
    if state is S.READY:
        return Lane.PICKUP
    is_elderly = birth_on is not None and age_on(birth_on, today) >= ELDERLY_YEARS
    return Lane.PRIORITY if is_elderly else Lane.BOOKED


def due_at(found: Arrival, starts_at: datetime, now: datetime) -> datetime:
    """The hour by which somebody is called: the one that was booked, for whoever came for it; else now.

    Who comes too late, on another day or once more does not stand before those who are in time.
    """
    return starts_at if found in (Arrival.ON_TIME, Arrival.EARLY) else now


def ticket_number(lane: Lane, number: int) -> str:
    """What stands on the ticket and is called: `A012`."""
    return f"{lane}{number:03d}"
