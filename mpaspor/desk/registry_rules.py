"""What registers say of a person before the decision, and what of it tells against granting. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mpaspor.applications.rules import CaseState, Need


class Registry(StrEnum):
    """Who is asked: the list of people who may not leave, our own cases, the population registry."""

    WATCH_LIST = "watch_list"
    DUPLICATES = "duplicates"
    POPULATION = "population"


class CheckState(StrEnum):
    """Where one question stands. `unavailable` is asked again by itself until the case is decided."""

    ASKED = "asked"
    CLEAR = "clear"
    HIT = "hit"
    UNAVAILABLE = "unavailable"


class FindingKind(StrEnum):
    """What was found. The text beside it is a number of the list, a field's name or a case's state."""

    LISTED = "listed"
    NIK_UNKNOWN = "nik_unknown"
    DIFFERS = "differs"
    SAME_NIK = "same_nik"
    SAME_PERSON = "same_person"


@dataclass(frozen=True)
class Finding:
    """One thing that was found, and whether it tells against granting or is only good to know."""

    kind: FindingKind
    text: str = ""
    count: int = 1
    tells_against: bool = True


# Ends without a passport in somebody's hand that say nothing of the person.
_HARMLESS = frozenset({CaseState.MISSED, CaseState.WITHDRAWN, CaseState.CLOSED, CaseState.VOID})


def verdict(findings: Iterable[Finding]) -> CheckState:
    """Whether an answer is clear or a hit."""
    return CheckState.HIT if any(found.tells_against for found in findings) else CheckState.CLEAR


def is_all_clear(states: Sequence[CheckState | None]) -> bool:
    """Whether as many answers as there are registers say that all is well; silence is no answer."""
    return sum(state is CheckState.CLEAR for state in states) == len(Registry)


def other_case_tells_against(kind: FindingKind, state: CaseState, need: Need | None) -> bool:
    """Whether a person's other case is a duplicate. The same NIK may have withdrawn one before, and whoever
    replaces a passport was given one; the same name and birth date under another NIK is always looked at."""
    if kind is FindingKind.SAME_PERSON:
        return True
    return state not in _HARMLESS and not (state is CaseState.COLLECTED and need is Need.REPLACEMENT)


def written(findings: Sequence[Finding]) -> str | None:
    """The findings as they are kept, sealed; None for nothing."""
    rows = [[found.kind, found.text, found.count, found.tells_against] for found in findings]
    return json.dumps(rows) if rows else None


def read(details: str | None) -> list[Finding]:
    """The findings again."""
    rows = json.loads(details) if details else []
    return [Finding(FindingKind(kind), text, count, against) for kind, text, count, against in rows]
