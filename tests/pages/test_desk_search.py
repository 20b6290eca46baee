"""Looking for somebody beyond the day's list: by exact facts, counted, and with a trace."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.applications.visit_token import Visit, sign
from mpaspor.desk.models import Booklet
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.people.rules import Role
from tests.pages.test_desk_pages import name_of
from tests.stage.desk import House

S = CaseState


def test_abuse_16_a_name_beyond_the_day_finds_nobody(house: House) -> None:
    far = house.guest(hours=24 * 9)
    who = house[Role.RECEPTION]
    assert name_of(far) not in who.get(f"/petugas?q={name_of(far)}").text.replace(
        f"“{name_of(far)}”", ""
    ).replace(f'value="{name_of(far)}"', "").replace(f"q={name_of(far)}", "")
    assert who.post("/petugas/cari", wanted="").status_code == 422


def test_abuse_16_a_search_beyond_the_day_needs_exact_facts_and_leaves_a_trace(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.guest(hours=24 * 9)
    nik = "1671015409960001"
    db.session.execute(
        update(Application).where(Application.code == code).values(nik_lookup=lookup_hash(nik, "nik"))
    )
    db.session.commit()
    who = house[Role.RECEPTION]
    assert who.post("/petugas/cari", wanted=nik).status_code == 422
    assert who.post("/petugas/cari", wanted=code[:6]).status_code == 422
    wrong = {"birth_on-day": "1", "birth_on-month": "1", "birth_on-year": "1990"}
    assert "Tidak ada permohonan yang cocok" in who.post("/petugas/cari", wanted=nik, **wrong).text
    right = {"birth_on-day": "7", "birth_on-month": "8", "birth_on-year": "1992"}
    found = who.post("/petugas/cari", wanted="1671 0154 0996 0001", **right)
    assert found.status_code == 303 and found.location.endswith(code)
    assert who.post("/petugas/cari", wanted=code).status_code == 303
    assert scalar("SELECT count(*) FROM event WHERE kind = 'looked_up'") == 4


def test_one_field_finds_by_name_passport_and_the_code_of_a_letter(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), S.PRINTED)
    named = update(Application).where(Application.code == code).values(full_name="SITI NUR HALIZA")
    db.session.execute(named)
    db.session.commit()
    case = db.session.execute(
        select(Application.full_name, Application.birth_on, Booklet.number)
        .join(Booklet, Booklet.application_id == Application.id)
        .where(Application.code == code)
    ).one()
    who = house[Role.PRINTER]
    born = {f"birth_on-{part}": str(getattr(case.birth_on, part)) for part in ("day", "month", "year")}
    first, *_others, last = case.full_name.split()
    for typed in (f"{last} {first}".lower(), f"{first[:3]}, {last}"):
        assert who.post("/petugas/cari", wanted=typed, **born).location.endswith(code), typed
    alone = who.post("/petugas/cari", wanted=case.full_name)
    assert (
        alone.status_code == 422 and "Isi juga tanggal lahir" in alone.text and case.full_name in alone.text
    )
    visit = Visit(code, house.office.code, house.now)
    letter = sign(visit, app.extensions["settings"].secrets.signing_key).lower()
    grouped = f"{case.number[:2]} {case.number[2:]}".lower()
    for exact in (grouped, f"http://localhost/cek?kode={code}", letter):
        assert who.post("/petugas/cari", wanted=exact).location.endswith(code), exact
    assert who.post("/petugas/cari", wanted="Budi Amin").status_code == 422, "as long as a code"
    middle = first[1:4]
    assert "Tidak ada permohonan yang cocok" in who.post("/petugas/cari", wanted=middle, **born).text


def test_abuse_16_signs_with_a_meaning_to_a_search_are_only_signs(house: House) -> None:
    house.guest(hours=24 * 9)
    born = {"birth_on-day": "7", "birth_on-month": "8", "birth_on-year": "1992"}
    for typed in ("%", "_", "a%", "' OR 1=1 --", "\\"):
        answer = house[Role.RECEPTION].post("/petugas/cari", wanted=typed, **born)
        assert answer.status_code in (200, 422) and "Permohonan yang cocok" not in answer.text, typed


def test_abuse_16_searches_are_counted_and_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from mpaspor.desk import look_up

    monkeypatch.setattr(look_up, "SEARCHES_AN_HOUR", 2)
    who = house[Role.RECEPTION]
    statuses = [who.post("/petugas/cari", wanted="00000000").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
