"""The declaration opens check-out, once everything is there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mpaspor.applications import queries
from mpaspor.applications.declare import declare
from mpaspor.applications.form_pages import TASKS, TaskState
from mpaspor.applications.refusals import Incomplete
from mpaspor.foundation.refusals import NotFound
from tests.stage.cast import Person
from tests.stage.drafts import ANSWERS, case_of, fills, gives_papers, starts


@pytest.mark.parametrize("missing", sorted(ANSWERS))
def test_one_missing_page_is_enough_to_refuse(ratna: Person, now: datetime, missing: str) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now, but=missing)
    gives_papers(code, now)
    with pytest.raises(Incomplete):
        declare(ratna.id, code, now=now)
    assert case_of(code).declared_at is None


def test_without_papers_nothing_is_declared(ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now)
    with pytest.raises(Incomplete):
        declare(ratna.id, code, now=now)


def test_a_second_declaration_changes_nothing(ratna: Person, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    code = starts(ratna, now)
    fills(ratna, code, now)
    gives_papers(code, now)
    declare(ratna.id, code, now=now)
    declare(ratna.id, code, now=now + timedelta(hours=1))
    assert case_of(code).declared_at == now
    assert scalar("SELECT count(*) FROM event WHERE kind = 'declared'") == 1


def test_the_tasks_say_how_far_it_is(ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    assert _states(code)["check"] is TaskState.LOCKED and _states(code)["kind"] is TaskState.DONE
    fills(ratna, code, now)
    assert _states(code)["documents"] is TaskState.NOT_STARTED
    gives_papers(code, now)
    assert _states(code)["check"] is TaskState.NOT_STARTED
    declare(ratna.id, code, now=now)
    assert set(_states(code).values()) == {TaskState.DONE}


def test_a_stranger_declares_nothing(ratna: Person, budi: Person, now: datetime) -> None:
    with pytest.raises(NotFound):
        declare(budi.id, starts(ratna, now), now=now)


def _states(code: str) -> dict[str, TaskState]:
    case = case_of(code)
    found = queries.my_progress(case.account_id, code)
    return {task.name: found.state(task) for task in TASKS}
