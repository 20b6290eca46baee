"""A paper that says something else than the form: a message or a correction is drafted with what it says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from mpaspor.applications.models import Application, Document
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.people.rules import Role
from tests.stage.desk import House


@pytest.fixture
def case(house: House) -> str:
    """Somebody at the counter of the papers; the address of their case."""
    return f"/petugas/kasus/{house.walk(house.guest(), CaseState.ARRIVED)}"


def drafts(house: House, case: str, paper: str = "ktp", *, into: str = "pesan", **read: str) -> Any:
    typed = {f"differs-{field}": text for field, text in read.items()}
    return house[Role.VERIFIER].post(f"{case}/berkas/{paper}/beda", jadi=into, **typed)


def message_on(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="want-message"[^>]*>([^<]*)</textarea>', page)
    assert found is not None
    return found[1].strip()


def value_of(page: str, field: str) -> str:
    found = re.search(rf'<input[^>]*name="correction-{field}"[^>]*>', page)
    assert found is not None
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def name_on(case: str) -> str:
    code = case.rpartition("/")[2]
    name = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(name)


def test_the_message_is_drafted_with_what_the_card_says_and_sends_nothing(house: House, case: str) -> None:
    page = drafts(house, case, full_name="TAMU KE SATU", birth_on="1-1-1990")
    assert page.status_code == 200
    words = message_on(page.text)
    assert f"Nama lengkap: di e-KTP tertulis “TAMU KE SATU”, di isian Anda “{name_on(case)}”." in words
    assert "Tanggal lahir: di e-KTP tertulis “1-1-1990”" in words and "NIK" not in words
    assert re.search(r'<input checked[^>]*value="differs"', page.text)
    states = db.session.scalars(select(Document.state)).all()
    assert set(states) == {"submitted"}
    assert db.session.scalars(select(Event.kind).where(Event.kind.like("paper%"))).all() == []
    db.session.remove()


def test_the_officer_changes_the_draft_before_it_is_sent(house: House, case: str) -> None:
    words = message_on(drafts(house, case, birth_on="1-1-1990").text)
    typed = {"want-why": "differs", "want-message": f"{words} Bawa akta lahir.", "status": "submitted"}
    assert house[Role.VERIFIER].post(f"{case}/berkas/ktp/minta", **typed).status_code == 303
    reason = db.session.scalars(select(Document.reason).where(Document.state == "wanted")).one()
    db.session.remove()
    assert reason is not None and reason.startswith("differs: Tanggal lahir") and "Bawa akta" in reason


def test_of_a_nik_only_its_end_goes_into_the_message(house: House, case: str) -> None:
    words = message_on(drafts(house, case, nik="1671015409969999").text)
    assert "berakhiran 9999" in words and "16710154" not in words


def test_a_correction_is_drafted_with_what_can_be_corrected_and_the_rest_is_asked(
    house: House, case: str
) -> None:
    page = drafts(
        house, case, into="pembetulan", full_name="TAMU KE SATU", birth_on="14-8-1996", nik="1671015409969999"
    ).text
    assert value_of(page, "full_name") == "TAMU KE SATU"
    day = [value_of(page, f"birth_on-{part}") for part in ("day", "month", "year")]
    assert day == ["14", "8", "1996"]
    assert value_of(page, "reason") == "Sesuai e-KTP asli"
    assert message_on(page).startswith("NIK: di e-KTP berakhiran 9999")
    assert name_on(case) != "TAMU KE SATU", "nothing is corrected by a draft"


def test_a_date_that_is_none_is_asked_of_the_applicant(house: House, case: str) -> None:
    for typed in ("31-2-1996", "kemarin"):
        page = drafts(house, case, into="pembetulan", birth_on=typed).text
        assert f"Tanggal lahir: di e-KTP tertulis “{typed}”" in message_on(page)


def test_nothing_read_and_too_much_are_told_where_they_were_typed(house: House, case: str) -> None:
    empty = drafts(house, case)
    assert empty.status_code == 422 and "Tulis yang berbeda seperti di berkas" in empty.text
    long = drafts(house, case, full_name="A" * 121)
    assert long.status_code == 422 and "A" * 121 in long.text and message_on(long.text) == ""
    assert drafts(house, case, "tidak-ada", full_name="A").status_code == 404


def test_only_rows_of_the_paper_on_the_screen_are_drafted(house: House, case: str) -> None:
    words = message_on(drafts(house, case, "bukti", full_name="TAMU", nik="1671015409969999").text)
    assert "Nama lengkap" in words and "NIK" not in words
