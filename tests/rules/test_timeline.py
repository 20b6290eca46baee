"""The journey in plain words: one "now" at a time, everything before it done, everything after it later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mpaspor.applicants.timeline import Stop, rows
from mpaspor.applications.rules import CaseState
from mpaspor.web.labels.journey import NEXT, STOPS

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_its_words_and_at_most_one_stop_that_is_next(state: CaseState) -> None:
    assert state in NEXT
    found = rows(state, [], None)
    assert [row.stop for row in found] == list(Stop)
    marked = [row for row in found if row.state in ("now", "bad")]
    assert len(marked) == (0 if state is CaseState.COLLECTED else 1)
    states = [row.state for row in found]
    cut = states.index(marked[0].state) if marked else len(states)
    assert set(states[:cut]) <= {"done"} and set(states[cut + 1 :]) <= {"later"}


def test_every_stop_has_its_words() -> None:
    assert set(STOPS) == {str(stop) for stop in Stop}


def test_a_done_stop_says_when_and_the_promise_stands_at_ready() -> None:
    moments = [(CaseState.AWAITING_PAYMENT, AT), (CaseState.SCHEDULED, AT.replace(hour=5))]
    found = {row.stop: row for row in rows(CaseState.SCHEDULED, moments, date(2026, 12, 1))}
    assert found[Stop.CHECKED_OUT].at == AT
    assert found[Stop.PAID].at == AT.replace(hour=5)
    assert found[Stop.ARRIVED].state == "now"
    assert found[Stop.READY].until == date(2026, 12, 1)
