"""Who may go on here, and who is served better elsewhere. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mpaspor.applications.choices import CivilStatus
from mpaspor.applications.rules import Need, PassportKind, ReplacementReason
from mpaspor.people import rules as people

# A child of two nationalities chooses one at eighteen or on marrying, and has three years for it
# (UU 12/2006 art. 6). No passport is valid beyond that day.
AGE_OF_CHOICE = 21
DUAL_MOST_YEARS = 5


class Age(StrEnum):
    """The values are words of the address bar."""

    ADULT = "dewasa"
    CHILD = "anak"


class Before(StrEnum):
    """Whether there was a passport before, and what became of it."""

    NEVER = "belum"
    EXPIRED = "habis"
    PAGES_FULL = "penuh"
    EXCHANGE = "tukar"
    STILL_VALID = "berlaku"
    LOST = "hilang"
    DAMAGED = "rusak"


class Priority(StrEnum):
    """Whether the person may come without an appointment (60 and older, disabled, pregnant)."""

    NO = "tidak"
    YES = "ya"
    YES_BUT_HERE = "tetap"


class Way(StrEnum):
    """Where the way leads."""

    HERE = "here"
    CHILD = "child"
    LOST_OR_DAMAGED = "lost_or_damaged"
    STILL_VALID = "still_valid"
    PRIORITY = "priority"


class Question(StrEnum):
    """The questions, in their order; each is one page."""

    AGE = "usia"
    BEFORE = "paspor"
    PRIORITY = "prioritas"


@dataclass(frozen=True)
class Asked:
    """What was answered so far."""

    age: Age | None = None
    before: Before | None = None
    priority: Priority | None = None


def way(asked: Asked) -> Way | None:
    """Where the answers lead, or None while more has to be asked."""
    if asked.age is Age.CHILD:
        return Way.CHILD
    if asked.before in (Before.LOST, Before.DAMAGED):
        return Way.LOST_OR_DAMAGED
    if asked.before is Before.STILL_VALID:
        return Way.STILL_VALID
    if asked.priority is Priority.YES:
        return Way.PRIORITY
    return None if next_question(asked) else Way.HERE


def next_question(asked: Asked) -> Question | None:
    """The first question that is not answered."""
    if asked.age is None:
        return Question.AGE
    if asked.before is None:
        return Question.BEFORE
    return Question.PRIORITY if asked.priority is None else None


def need_of(before: Before) -> tuple[Need, ReplacementReason | None]:
    """What is asked of the state. Raises `ValueError` for a passport that is not replaced here."""
    if before is Before.NEVER:
        return Need.NEW, None
    if before not in _REASONS:
        raise ValueError(f"{before} cannot go on here")
    return Need.REPLACEMENT, _REASONS[before]


def before_of(need: Need, reason: ReplacementReason | None) -> Before:
    """The answer that led to a need."""
    if need is Need.NEW:
        return Before.NEVER
    return next((before for before, found in _REASONS.items() if found is reason), Before.EXPIRED)


def kind_fits(reason: ReplacementReason | None, kind: PassportKind) -> bool:
    """A passport is exchanged for one with a chip, or not at all."""
    return reason is not ReplacementReason.TO_ELECTRONIC or kind is not PassportKind.NON_ELECTRONIC


_REASONS = {
    Before.EXPIRED: ReplacementReason.EXPIRED,
    Before.PAGES_FULL: ReplacementReason.PAGES_FULL,
    Before.EXCHANGE: ReplacementReason.TO_ELECTRONIC,
}


def is_adult(birth_on: date, civil_status: str, day: date) -> bool:
    """Whether somebody with this civil status counts as grown up on `day`."""
    return people.is_adult(birth_on, day, was_married=civil_status != CivilStatus.SINGLE)
