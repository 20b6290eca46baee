"""The journey of one case in plain words: what is done, what is next, what comes later.

Pure: events and facts in, rows out. The officer's history has the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mpaspor.applications.rules import ENDED, STEPS_BACK, CaseState

S = CaseState


class Stop(StrEnum):
    """The stops of the journey, in order."""

    CHECKED_OUT = "checked_out"
    PAID = "paid"
    ARRIVED = "arrived"
    AT_THE_DESK = "at_the_desk"
    DECIDED = "decided"
    READY = "ready"
    COLLECTED = "collected"


@dataclass(frozen=True)
class Row:
    """One stop: `state` is done, now, later or bad; `at` is when it happened."""

    stop: Stop
    state: str
    at: datetime | None = None
    until: date | None = None


# The stop that a case in this state is waiting to reach.
_NEXT: Mapping[CaseState, Stop | None] = {
    S.DRAFT: Stop.CHECKED_OUT,
    S.AWAITING_PAYMENT: Stop.PAID,
    S.AWAITING_PLACE: Stop.ARRIVED,
    S.SCHEDULED: Stop.ARRIVED,
    S.MISSED: Stop.ARRIVED,
    S.ARRIVED: Stop.AT_THE_DESK,
    S.DOCUMENTS_CHECKED: Stop.AT_THE_DESK,
    S.BIOMETRICS_TAKEN: Stop.AT_THE_DESK,
    S.DOCUMENTS_WANTED: Stop.AT_THE_DESK,
    S.INTERVIEWED: Stop.DECIDED,
    S.DEFERRED: Stop.DECIDED,
    S.REFUSED: Stop.DECIDED,
    S.GRANTED: Stop.READY,
    S.PRINTED: Stop.READY,
    S.READY: Stop.COLLECTED,
    S.VOID: Stop.COLLECTED,
    S.COLLECTED: None,
    S.WITHDRAWN: Stop.ARRIVED,
    S.CLOSED: Stop.AT_THE_DESK,
    S.DISCARDED: Stop.CHECKED_OUT,
}
_BAD = frozenset(
    {S.MISSED, S.DEFERRED, S.REFUSED, S.VOID, S.WITHDRAWN, S.CLOSED, S.DISCARDED, S.DOCUMENTS_WANTED}
)
_TOLD = frozenset({S.GRANTED, S.READY, S.COLLECTED})
_REACHED_BY: Mapping[Stop, frozenset[CaseState]] = {
    Stop.CHECKED_OUT: frozenset({S.AWAITING_PAYMENT}),
    Stop.PAID: frozenset({S.SCHEDULED, S.AWAITING_PLACE}),
    Stop.ARRIVED: frozenset({S.ARRIVED}),
    Stop.AT_THE_DESK: frozenset({S.INTERVIEWED}),
    Stop.DECIDED: frozenset({S.GRANTED}),
    Stop.READY: frozenset({S.READY}),
    Stop.COLLECTED: frozenset({S.COLLECTED}),
}


def rows(
    state: CaseState,
    moments: Sequence[tuple[CaseState, datetime]],
    promised_on: date | None,
    *,
    money_back: bool = False,
) -> list[Row]:
    """The seven stops of a case, as far as it may still come. `moments` are (state entered, when), oldest
    first. A case that ended is promised nothing and goes nowhere; one whose bank took the money back
    (`money_back`) goes no further before that is settled."""
    following = Stop.PAID if money_back else _NEXT[state]
    forward = _forward(moments)
    found: list[Row] = []
    reached = True
    for stop in Stop:
        if stop is following:
            reached = False
            found.append(
                Row(stop, "bad" if money_back or state in _BAD else "now", until=_promise(stop, promised_on))
            )
            if state in ENDED:
                break
        elif reached:
            found.append(Row(stop, "done", at=_last(forward, _REACHED_BY[stop])))
        else:
            found.append(Row(stop, "later", until=_promise(stop, promised_on)))
    return found


def taken_back(moments: Sequence[tuple[CaseState, datetime]]) -> tuple[CaseState, datetime] | None:
    """The news that no longer holds, and since when: the newest step was one back from what was told."""
    if len(moments) < 2:
        return None
    (old, _at), (new, at) = moments[-2:]
    return (old, at) if old in _TOLD and STEPS_BACK.get(old) is new else None


def _forward(moments: Sequence[tuple[CaseState, datetime]]) -> list[tuple[CaseState, datetime]]:
    """The moments without the steps back: a failed quality test does not move the day of the decision."""
    steps = zip(moments, moments[1:], strict=False)
    return [*moments[:1], *(new for old, new in steps if STEPS_BACK.get(old[0]) is not new[0])]


def _promise(stop: Stop, promised_on: date | None) -> date | None:
    return promised_on if stop is Stop.READY else None


def _last(moments: Sequence[tuple[CaseState, datetime]], states: frozenset[CaseState]) -> datetime | None:
    return max((at for state, at in moments if state in states), default=None)
