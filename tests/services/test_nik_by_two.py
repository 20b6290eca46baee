"""A NIK typed wrong: two officers read the card, neither alone, and neither sees what the other read."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import correct_nik, invariants, refusals
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import StateChanged
from mpaspor.people.rules import Role
from tests.stage.desk import House, Officer, officer

S = CaseState
CARD, OTHER = "1671015408960021", "1671015408960012"


@pytest.fixture
def here(house: House) -> str:
    return house.walk(house.guest(), S.ARRIVED)


@pytest.fixture
def second(house: House, app: Flask) -> Officer:
    return officer(app, house.office, Role.VERIFIER, now=house.now, name="Petugas kedua")


def proposes(house: House, code: str, nik: str = CARD) -> None:
    correct_nik.propose_nik(house[Role.VERIFIER].id, code, nik=nik, reason="Salah ketik", now=house.now)


def nik_of(code: str) -> tuple[str | None, bytes | None]:
    found = db.session.execute(
        select(Application.nik, Application.nik_lookup).where(Application.code == code)
    ).one()
    db.session.remove()
    return found.nik, found.nik_lookup


def test_two_officers_who_read_the_same_correct_it_with_its_lookup(
    house: House, here: str, second: Officer, scalar
) -> None:  # type: ignore[no-untyped-def]
    before = nik_of(here)
    proposes(house, here)
    assert nik_of(here) == before, "nothing changes by one"
    correct_nik.confirm_nik(second.id, here, nik=CARD, now=house.now)
    assert nik_of(here) == (CARD, lookup_hash(CARD, "nik"))
    assert scalar("SELECT count(*) FROM event WHERE kind IN ('nik_proposed', 'nik_corrected')") == 2
    assert not scalar("SELECT count(*) FROM event WHERE details::text LIKE '%1671015408960021%'")
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_abuse_38_who_proposed_a_nik_may_not_confirm_it(house: House, here: str) -> None:
    proposes(house, here)
    with pytest.raises(refusals.NeedsSecondReader):
        correct_nik.confirm_nik(house[Role.VERIFIER].id, here, nik=CARD, now=house.now)


def test_readings_that_differ_change_nothing_and_wait(house: House, here: str, second: Officer) -> None:
    before = nik_of(here)
    proposes(house, here)
    with pytest.raises(refusals.NikReadDiffers):
        correct_nik.confirm_nik(second.id, here, nik=OTHER, now=house.now)
    assert nik_of(here) == before
    with pytest.raises(refusals.NikProposed):
        proposes(house, here, OTHER)
    correct_nik.decline_nik(second.id, here, reason="Foto KTP lain", now=house.now)
    proposes(house, here, OTHER)


def test_what_can_be_no_nik_or_is_the_same_is_refused(house: House, here: str) -> None:
    with pytest.raises(refusals.NotANik):
        proposes(house, here, "123")
    with pytest.raises(refusals.NothingChanged):
        proposes(house, here, nik_of(here)[0] or "")
    with pytest.raises(refusals.NotYourStep):
        correct_nik.propose_nik(house[Role.PRINTER].id, here, nik=CARD, reason="x", now=house.now)


def test_a_nik_with_another_live_case_is_not_taken(house: House, here: str, second: Officer) -> None:
    other = house.walk(house.guest(), S.ARRIVED)
    proposes(house, other)
    correct_nik.confirm_nik(second.id, other, nik=CARD, now=house.now)
    proposes(house, here)
    with pytest.raises(refusals.AnotherCaseLive):
        correct_nik.confirm_nik(second.id, here, nik=CARD, now=house.now)


def test_confirming_twice_finds_nothing_that_waits(house: House, here: str, second: Officer) -> None:
    proposes(house, here)
    correct_nik.confirm_nik(second.id, here, nik=CARD, now=house.now)
    with pytest.raises(StateChanged):
        correct_nik.confirm_nik(second.id, here, nik=CARD, now=house.now)


def test_through_the_pages_the_second_types_what_nobody_shows_and_the_history_says_who(
    house: House, here: str, second: Officer
) -> None:
    at = f"/petugas/kasus/{here}"
    first = house[Role.VERIFIER]
    typed = {"nik-nik": "1671 0154 0896 0021", "nik-reason": "Salah ketik"}
    assert first.post(f"{at}/nik", **{**typed, "nik-nik": "12"}).status_code == 422
    assert first.post(f"{at}/nik", **typed).status_code == 303
    page = second.get(at).text
    assert "Pastikan NIK" in page and CARD not in page and "1671 0154 0896 0021" not in page
    assert "/nik/pastikan" not in first.get(at).text
    answer = second.post(f"{at}/nik/pastikan", **{"nikagain-nik": OTHER})
    assert answer.status_code == 422 and "berbeda dari yang dibaca rekan" in answer.text
    assert second.post(f"{at}/nik/pastikan", **{"nikagain-nik": CARD}).status_code == 303
    page = second.get(at).text
    assert "1671 0154 0896 0021" in page
    assert "Mengusulkan pembetulan NIK" in page and "Memastikan pembetulan NIK" in page
