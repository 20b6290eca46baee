"""Who may go on here, and who is served better elsewhere. Pure (DOMAIN §1.4, §1.5, §2.4, §3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mpaspor.applications.rules import Need, ReplacementReason

ADULT_YEARS = 17
# "Under 17 or unmarried" is a child; who was ever married counts as grown up.
_UNMARRIED = "single"


class Age(StrEnum):
    """The values are words of the address bar."""

    ADULT = "dewasa"
    CHILD = "anak"


class Before(StrEnum):
    """Whether there was a passport before, and what became of it."""

    NEVER = "belum"
    EXPIRED = "habis"
    PAGES_FULL = "penuh"
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
    """What is asked of the state. Raises `ValueError` for a lost or damaged passport: not here."""
    if before is Before.NEVER:
        return Need.NEW, None
    if before is Before.EXPIRED:
        return Need.REPLACEMENT, ReplacementReason.EXPIRED
    if before is Before.PAGES_FULL:
        return Need.REPLACEMENT, ReplacementReason.PAGES_FULL
    raise ValueError(f"{before} cannot go on here")


def before_of(need: Need, reason: ReplacementReason | None) -> Before:
    """The answer that led to a need."""
    if need is Need.NEW:
        return Before.NEVER
    return Before.PAGES_FULL if reason is ReplacementReason.PAGES_FULL else Before.EXPIRED


def age_on(birth_on: date, day: date) -> int:
    """Full years on `day`; who was born on 29 February turns a year older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def is_adult(birth_on: date, civil_status: str, day: date) -> bool:
    """Seventeen, or married once: the same line as for the ten-year passport (DOMAIN §1.4, §2.4)."""
    return age_on(birth_on, day) >= ADULT_YEARS or civil_status != _UNMARRIED
