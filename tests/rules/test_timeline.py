"""The journey in plain words: one "now" at a time, everything before it done, everything after it later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mpaspor.applicants.timeline import Stop, rows, taken_back
from mpaspor.applications.rules import ENDED, CaseState
from mpaspor.web.labels.journey import NEXT, STOPS

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_has_its_words_and_at_most_one_stop_that_is_next(state: CaseState) -> None:
    assert state in NEXT
    found = rows(state, [], None)
    assert [row.stop for row in found] == list(Stop)[: len(found)]
    assert len(found) == len(Stop) or state in ENDED, "only what has ended goes no further"
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


@pytest.mark.parametrize("state", sorted(ENDED - {CaseState.COLLECTED}))
def test_a_case_that_ended_is_promised_nothing(state: CaseState) -> None:
    found = rows(state, [], date(2026, 12, 3))
    assert found[-1].state == "bad"
    assert not [row for row in found if row.stop is Stop.READY and row.until]


def test_a_failed_quality_test_does_not_move_the_day_of_the_decision() -> None:
    later = AT.replace(day=27)
    moments = [
        (CaseState.INTERVIEWED, AT),
        (CaseState.GRANTED, AT.replace(hour=6)),
        (CaseState.PRINTED, AT.replace(day=26)),
        (CaseState.GRANTED, later),
    ]
    found = {row.stop: row for row in rows(CaseState.GRANTED, moments, None)}
    assert found[Stop.DECIDED].at == AT.replace(hour=6)
    assert taken_back(moments) is None, "the test failed; the decision still holds"


def test_what_was_told_and_taken_back_is_known_until_the_case_goes_on() -> None:
    moments = [(CaseState.PRINTED, AT), (CaseState.READY, AT), (CaseState.PRINTED, AT.replace(hour=7))]
    assert taken_back(moments) == (CaseState.READY, AT.replace(hour=7))
    assert taken_back([*moments, (CaseState.READY, AT.replace(hour=8))]) is None
