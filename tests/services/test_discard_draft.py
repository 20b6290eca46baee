"""Throwing a draft away leaves nothing of what was typed or photographed."""

from __future__ import annotations

from datetime import datetime

import pytest

from mpaspor.applications import queries
from mpaspor.applications.discard_draft import discard_draft
from mpaspor.applications.invariants import INVARIANTS
from mpaspor.billing.queries import my_cases
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import NotFound, StateChanged
from tests.stage.cast import Person
from tests.stage.drafts import case_of, fills, gives_papers, starts


def test_answers_facts_and_papers_go(ratna: Person, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    code = starts(ratna, now)
    fills(ratna, code, now)
    gives_papers(code, now)
    discard_draft(ratna.id, code, now=now)
    case = case_of(code)
    assert case.state == "discarded"
    assert (case.full_name, case.nik, case.nik_lookup, case.birth_on, case.phone) == (None,) * 5
    assert scalar("SELECT count(*) FROM answer_page") == 0 and scalar("SELECT count(*) FROM document") == 0
    assert list(broken(INVARIANTS, now)) == [] and my_cases(ratna.id) == []
    with pytest.raises(NotFound):
        queries.mine(ratna.id, code)


def test_a_case_past_its_draft_and_a_strangers_stay(ratna: Person, budi: Person, now: datetime) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now)
    with pytest.raises(NotFound):
        discard_draft(budi.id, code, now=now)
    db.session.execute(
        db.text(
            "UPDATE application SET state = 'awaiting_payment', number = '1234567890123452' WHERE code = :c"
        ),
        {"c": code},
    )
    db.session.commit()
    with pytest.raises(StateChanged):
        discard_draft(ratna.id, code, now=now)
    assert case_of(code).full_name == "Ratna Dewi Kusuma"
