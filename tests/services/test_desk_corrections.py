"""A frozen fact is corrected against the card: by whom, when, and what the history says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import refusals
from mpaspor.desk.correct_identity import Identity, correct_identity
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import StateChanged
from mpaspor.people.rules import Role
from tests.stage.desk import House

CARD = Identity("SITI NURHALIZAH", "Prabumulih", date(1996, 8, 14), "female")


def correct(house: House, code: str, card: Identity = CARD, role: Role = Role.VERIFIER) -> list[str]:
    return correct_identity(house[role].id, code, card, reason="Sesuai KTP", now=house.now)


def test_what_the_card_says_is_written_and_the_history_names_fields_not_values(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), CaseState.ARRIVED)
    assert correct(house, code) == ["full_name", "birth_place", "birth_on"]
    case = db.session.scalars(select(Application).where(Application.code == code)).one()
    assert (case.full_name, case.birth_on) == ("SITI NURHALIZAH", date(1996, 8, 14))
    assert scalar("SELECT details::text FROM event WHERE kind = 'corrected'").count("SITI") == 0
    with pytest.raises(refusals.NothingChanged):
        correct(house, code)


def test_a_correction_needs_its_role_its_time_and_a_grown_up(house: House) -> None:
    code = house.guest()
    with pytest.raises(StateChanged):
        correct(house, code)
    house.walk(code, CaseState.ARRIVED)
    with pytest.raises(refusals.NotYourStep):
        correct(house, code, role=Role.PRINTER)
    with pytest.raises(refusals.NotOldEnough):
        correct(house, code, replace(CARD, birth_on=date(2015, 1, 1)))
    granted = house.walk(house.guest(), CaseState.GRANTED)
    with pytest.raises(StateChanged):
        correct(house, granted)


def test_a_name_is_read_at_the_desk_as_everywhere_else(house: House) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    correct(house, code, replace(CARD, full_name="NUR\u02bcAINI MA\u00b4RUF\u200b"))
    case = db.session.scalars(select(Application).where(Application.code == code)).one()
    assert case.full_name == "NUR'AINI MA'RUF"


def test_the_desk_takes_no_day_on_which_nobody_was_born(house: House) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    typed = {"full_name": "SITI", "sex": "female", "birth_place": "Prabumulih", "reason": "Sesuai KTP"}
    day = {"birth_on-day": "1", "birth_on-month": "1", "birth_on-year": "1900"}
    fields = {f"correction-{name}": value for name, value in {**typed, **day}.items()}
    answer = house[Role.VERIFIER].post(f"/petugas/kasus/{code}/betulkan", **fields)
    assert answer.status_code == 422 and "Tahun lahir terlalu lama" in answer.text


def test_the_page_offers_it_filled_in_and_keeps_what_was_typed(house: House) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    who = house[Role.VERIFIER]
    assert "Betulkan isian" in who.get(f"/petugas/kasus/{code}").text
    typed = {"correction-full_name": "SITI NURHALIZAH", "correction-sex": "female"}
    answer = who.post(f"/petugas/kasus/{code}/betulkan", **typed)
    assert answer.status_code == 422 and 'value="SITI NURHALIZAH"' in answer.text
    rest = {"correction-birth_place": "Prabumulih", "correction-reason": "Sesuai KTP"}
    day = {f"correction-birth_on-{part}": n for part, n in (("day", "14"), ("month", "8"), ("year", "1996"))}
    assert who.post(f"/petugas/kasus/{code}/betulkan", **typed, **rest, **day).status_code == 303
    assert "Membetulkan nama lengkap" in who.get(f"/petugas/kasus/{code}").text
