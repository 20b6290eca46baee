"""Somebody whom the door registered connects the case to an account; a stranger with the slip does not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from mpaspor.applications.claim_walk_in import claim_walk_in
from mpaspor.applications.models import WalkIn
from mpaspor.applications.refusals import NotClaimed
from mpaspor.applications.walk_in_rules import CLAIM_TRIES
from mpaspor.desk.renew_claim import renew_claim
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import StateChanged
from mpaspor.people.rules import Role
from tests.stage.cast import Person
from tests.stage.walk_ins import BORN, Door, a_newcomer, the


def test_the_person_claims_the_case_and_it_is_theirs_from_then_on(
    holds: None, door: Door, ratna: Person, budi: Person, now: datetime
) -> None:
    who = a_newcomer()
    code = door.is_paid(door.registers(who))
    assert claim_walk_in(ratna.id, code, BORN, who.nik[-4:], now=now) == code
    assert the(code).account_id == ratna.id
    assert claim_walk_in(ratna.id, code, BORN, who.nik[-4:], now=now) == code, "twice is once"
    with pytest.raises(NotClaimed):
        claim_walk_in(budi.id, code, BORN, who.nik[-4:], now=now)
    assert the(code).account_id == ratna.id


def test_a_stranger_with_the_code_alone_gets_nothing_and_locks_it_after_five_tries(
    door: Door, ratna: Person, budi: Person, now: datetime
) -> None:
    who = a_newcomer()
    code = door.registers(who)
    for number in range(CLAIM_TRIES):
        with pytest.raises(NotClaimed):
            claim_walk_in(budi.id, code, BORN, f"{9000 + number}", now=now)
    with pytest.raises(NotClaimed):
        claim_walk_in(ratna.id, code, BORN, who.nik[-4:], now=now)
    renew_claim(door.house[Role.RECEPTION].id, code, now=now)
    assert claim_walk_in(ratna.id, code, BORN, who.nik[-4:], now=now) == code
    with pytest.raises(StateChanged):
        renew_claim(door.house[Role.RECEPTION].id, code, now=now)


def test_the_right_digits_with_another_birth_date_are_wrong(door: Door, ratna: Person, now: datetime) -> None:
    who = a_newcomer()
    code = door.registers(who)
    with pytest.raises(NotClaimed):
        claim_walk_in(ratna.id, code, BORN + timedelta(days=1), who.nik[-4:], now=now)
    assert db.session.scalars(select(WalkIn.tries)).one() == 1


def test_a_case_of_an_account_is_claimed_by_nobody(door: Door, budi: Person, now: datetime) -> None:
    code = door.house.guest()
    with pytest.raises(NotClaimed):
        claim_walk_in(budi.id, code, date(1992, 8, 7), "0001", now=now)
