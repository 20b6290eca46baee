"""Who may do what at the desk, and who is let in when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from mpaspor.applications.rules import MOVES, STEPS_BACK, CaseState, PaperState
from mpaspor.desk.rules import (
    NOBODY,
    WHO,
    WHO_BACK,
    Arrival,
    after_papers,
    arrival,
    may_admit,
    may_move,
    may_take_back,
)
from mpaspor.desk.stages import BESIDE, STAGE_OF, Stage
from mpaspor.people.rules import Role

STARTS = datetime.fromisoformat("2026-11-23T10:00:00+07:00")
ENDS = STARTS + timedelta(hours=1)
TODAY = date(2026, 11, 23)


def test_every_step_of_the_table_says_who_may_make_it_and_no_other() -> None:
    assert set(WHO) == {(old, new) for old, news in MOVES.items() for new in news}


def test_every_step_back_says_who_may_take_it() -> None:
    assert set(WHO_BACK) == set(STEPS_BACK)
    assert all(WHO_BACK.values())


def test_every_step_inside_the_house_belongs_to_somebody() -> None:
    inside = {step for step in WHO if WHO[step] is not NOBODY}
    assert {old for old, _new in inside} >= {CaseState.SCHEDULED, CaseState.READY, CaseState.INTERVIEWED}


def test_the_administrator_makes_no_step() -> None:
    assert not any(Role.ADMIN in roles for roles in (*WHO.values(), *WHO_BACK.values()))


def test_collected_is_taken_back_by_a_supervisor_alone() -> None:
    assert may_take_back(CaseState.COLLECTED, {Role.SUPERVISOR})
    assert not may_take_back(CaseState.COLLECTED, set(Role) - {Role.SUPERVISOR})


def test_nobody_moves_a_case_by_the_side_of_the_table() -> None:
    assert not may_move(CaseState.SCHEDULED, CaseState.GRANTED, set(Role))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-61, Arrival.EARLY),
        (-60, Arrival.ON_TIME),
        (0, Arrival.ON_TIME),
        (75, Arrival.ON_TIME),
        (76, Arrival.LATE),
    ],
)
def test_an_hour_early_and_a_quarter_late_are_in_time(minutes: int, expected: Arrival) -> None:
    moment = STARTS + timedelta(minutes=minutes)
    found = arrival(now=moment, today=TODAY, visit_on=TODAY, starts_at=STARTS, ends_at=ENDS)
    assert found is expected


def test_another_day_is_the_wrong_day_at_any_hour() -> None:
    found = arrival(
        now=STARTS, today=TODAY, visit_on=TODAY + timedelta(days=1), starts_at=STARTS, ends_at=ENDS
    )
    assert found is Arrival.WRONG_DAY


def test_only_a_supervisor_admits_another_day() -> None:
    assert may_admit(Arrival.WRONG_DAY, False, {Role.SUPERVISOR})
    assert not may_admit(Arrival.WRONG_DAY, False, set(Role) - {Role.SUPERVISOR})


@pytest.mark.parametrize("found", [Arrival.EARLY, Arrival.LATE])
def test_reception_admits_another_hour_of_the_day(found: Arrival) -> None:
    assert may_admit(found, False, {Role.RECEPTION})
    assert not may_admit(found, False, {Role.VERIFIER})


def test_who_missed_the_day_is_admitted_like_anybody_late() -> None:
    assert may_admit(Arrival.WRONG_DAY, True, {Role.RECEPTION})


def test_papers_lead_on_only_when_each_is_decided() -> None:
    accepted, wanted, submitted = PaperState.ACCEPTED, PaperState.WANTED, PaperState.SUBMITTED
    assert after_papers([accepted, submitted], CaseState.ARRIVED) is None
    assert after_papers([], CaseState.ARRIVED) is None
    assert after_papers([accepted, wanted], CaseState.ARRIVED) is CaseState.DOCUMENTS_WANTED
    assert after_papers([accepted], CaseState.ARRIVED) is CaseState.DOCUMENTS_CHECKED
    assert after_papers([accepted], CaseState.INTERVIEWED) is CaseState.INTERVIEWED


def test_every_state_that_an_officer_can_meet_has_a_station() -> None:
    never_here = {CaseState.DRAFT, CaseState.DISCARDED, CaseState.AWAITING_PAYMENT}
    assert set(STAGE_OF) == set(CaseState) - never_here
    assert set(STAGE_OF.values()) == set(Stage) - BESIDE
