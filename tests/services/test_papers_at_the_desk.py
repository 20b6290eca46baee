"""Papers at the desk: seen by those whose work needs them, accepted by their originals, on by the last."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from mpaspor.applications.models import Application, Document
from mpaspor.applications.papers import ALL_PAPERS
from mpaspor.applications.rules import CaseState
from mpaspor.desk import refusals
from mpaspor.desk.check_documents import decide_paper
from mpaspor.desk.rules import DESK_ROLES, PAPERS_SEEN, PHOTO_SEEN_BY, may_see_paper
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from tests.stage.desk import House, accept_papers

S = CaseState
PAPERS = ("ktp", "kk", "bukti")


def seen(code: str, kind: str) -> str:
    mine = select(Document.file_key).join(Application, Application.id == Document.application_id)
    found = db.session.scalars(mine.where(Application.code == code, Document.kind == kind)).one()
    db.session.remove()
    assert found is not None
    return found


def test_the_table_names_papers_that_there_are_and_nobody_twice() -> None:
    codes = {paper.code for paper in ALL_PAPERS}
    assert all(papers <= codes for papers in PAPERS_SEEN.values())
    assert PAPERS_SEEN[Role.VERIFIER] == codes
    assert not may_see_paper("ktp", [Role.RECEPTION, Role.PRINTER, Role.QUALITY])


def test_abuse_36_each_role_opens_the_papers_that_its_work_needs_and_no_other(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    for role in DESK_ROLES:
        page = house[role].get(f"/petugas/kasus/{code}").text
        for paper in PAPERS:
            may = may_see_paper(paper, [role])
            answer = house[role].get(f"/petugas/kasus/{code}/berkas/{paper}/gambar")
            assert answer.status_code == (200 if may else 404), (role, paper)
            assert (f"?berkas={paper}" in page) == may, (role, paper)
        answer = house[role].get(f"/petugas/kasus/{code}/foto/gambar")
        assert answer.status_code == (200 if role in PHOTO_SEEN_BY else 404), role


def test_two_roles_see_what_either_needs(house: House) -> None:
    assert may_see_paper("kk", [Role.PRINTER, Role.HANDOVER])
    assert not may_see_paper("bukti", [Role.BIOMETRICS, Role.HANDOVER])


def test_a_paper_is_accepted_by_its_original(house: House) -> None:
    code, who = house.walk(house.guest(), S.ARRIVED), house[Role.VERIFIER]
    at, key = f"/petugas/kasus/{code}/berkas/ktp/terima", seen(code, "national_id_card")
    answer = who.post(at, dilihat=key)
    assert answer.status_code == 422 and "Pegang aslinya dulu" in answer.text
    with pytest.raises(refusals.OriginalNotHeld):
        decide_paper(who.id, code, "ktp", accepted=True, reason=None, seen=key, now=house.now)
    assert who.post(at, dilihat=key, asli="y").status_code == 303


def test_the_last_accepted_paper_takes_the_case_on(house: House) -> None:
    code, who = house.walk(house.guest(), S.ARRIVED), house[Role.VERIFIER]
    for paper, kind in zip(PAPERS, ("national_id_card", "family_card", "birth_certificate"), strict=True):
        assert house.state_of(code) == "arrived"
        who.post(f"/petugas/kasus/{code}/berkas/{paper}/terima", dilihat=seen(code, kind), asli="y")
    assert house.state_of(code) == "documents_checked"


def test_asking_for_a_paper_stays_a_step_of_its_own(house: House) -> None:
    code, who = house.walk(house.guest(), S.ARRIVED), house[Role.VERIFIER]
    accept_papers(house, code)
    typed = {"want-why": "blurry", "want-message": ""}
    assert who.post(f"/petugas/kasus/{code}/berkas/kk/minta", **typed).status_code == 303
    assert house.state_of(code) == "arrived"


def test_beside_a_paper_stand_the_fields_that_it_says_and_no_others(house: House) -> None:
    code, who = house.walk(house.guest(), S.ARRIVED), house[Role.VERIFIER]
    card = who.get(f"/petugas/kasus/{code}?berkas=ktp").text
    proof = who.get(f"/petugas/kasus/{code}?berkas=bukti").text
    assert 'data-row="nik"' in card and 'data-row="nik"' not in proof
    assert 'data-row="full_name"' in card and 'data-row="full_name"' in proof
