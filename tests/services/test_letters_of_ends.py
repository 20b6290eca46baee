"""Every end that the office decides has its letter: registered at once, genuine, found by its owner."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from mpaspor.applications.models import Application, Letter
from mpaspor.applications.rules import LETTER_OF_END, CaseState
from mpaspor.correspondence.end_letter import TITLES
from mpaspor.desk import adjudicate, check_documents
from mpaspor.desk.close_case import close_case, end_overdue
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from mpaspor.web.labels.correspondence import LETTER_NAMES
from tests.stage import cast
from tests.stage.desk import House, accept_papers, mark_of_proposal, officer

S = CaseState


def ends(house: House, end: CaseState) -> str:
    """A case that ended in this way."""
    if end is S.VOID:
        code = house.walk(house.guest(), S.READY)
        end_overdue(now=house.now + timedelta(days=31))
    elif end is S.CLOSED:
        code = house.walk(house.guest(), S.ARRIVED)
        close_case(
            house[Role.SUPERVISOR].id, code, reason="Pemohon pulang dan tidak melanjutkan", now=house.now
        )
    else:
        code = house.walk(house.guest(), S.INTERVIEWED)
        told = adjudicate.Told("Akta lahir tidak cocok.", "UU 6/2011 Pasal 126", 6)
        adjudicate.propose(
            house[Role.ADJUDICATOR].id, code, verdict=end, reason="-", told=told, now=house.now
        )
        second = officer(house.app, house.office, Role.ADJUDICATOR, now=house.now)
        seen = mark_of_proposal(code)
        adjudicate.decide_proposal(second.id, code, agreed=True, reason=None, seen=seen, now=house.now)
    assert house.state_of(code) == end
    return code


def letter_of(code: str) -> Letter:
    of_case = select(Letter).join(Application, Application.id == Letter.application_id)
    found = db.session.scalars(
        of_case.where(Application.code == code, Letter.kind.in_(LETTER_OF_END.values()))
    ).one()
    db.session.expunge(found)
    db.session.remove()
    return found


@pytest.mark.parametrize("end", list(LETTER_OF_END))
def test_an_end_has_one_letter_that_is_genuine_and_at_hand(
    house: House, client: FlaskClient, end: CaseState
) -> None:
    code = ends(house, end)
    letter = letter_of(code)
    page = client.get(f"/v/{letter.code}").text
    assert "Surat ini asli" in page and "tetapi" not in page and str(LETTER_NAMES[letter.kind]) in page
    owner = cast.owner_of(code, house.now).at(house.app)
    status = owner.get(f"/permohonan/{code}").text
    slug = status.split(f"/permohonan/{code}/surat/")[1].split('"')[0]
    pdf = owner.get(f"/permohonan/{code}/surat/{slug}")
    assert pdf.data.startswith(b"%PDF") and letter.code in pdf.headers["Content-Disposition"]
    at_the_desk = house[Role.RECEPTION].get(f"/petugas/kasus/{code}/surat")
    assert at_the_desk.data == pdf.data
    stranger = cast.applicant("Budi", "budi@warga.example", house.now).at(house.app)
    assert stranger.get(f"/permohonan/{code}/surat/{slug}").status_code == 404


def test_both_adjudicators_see_the_letter_before_it_is_one(house: House, scalar: Any) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    who = house[Role.ADJUDICATOR]
    assert who.get(f"/petugas/kasus/{code}/usul/surat").status_code == 404
    told = adjudicate.Told("Akta lahir tidak cocok.", "UU 6/2011 Pasal 126", 6)
    adjudicate.propose(who.id, code, verdict=S.DEFERRED, reason="Catatan dalam", told=told, now=house.now)
    second = officer(house.app, house.office, Role.ADJUDICATOR, now=house.now)
    for reader in (who, second):
        assert "/usul/surat" in reader.get(f"/petugas/kasus/{code}").text
        pdf = reader.get(f"/petugas/kasus/{code}/usul/surat").data
        words = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
        assert "Konsep" in words and "Belum diputuskan" in words and "Pindai untuk memeriksa" not in words
        assert "Akta lahir tidak cocok." in words and "23 Mei 2027" in words
        assert "Catatan dalam" not in words and "/v/" not in words
    assert scalar("SELECT count(*) FROM letter WHERE kind = 'deferral_letter'") == 0


def test_titles_are_the_names_of_the_letters() -> None:
    assert {kind: str(LETTER_NAMES[kind]) for kind in LETTER_OF_END.values()} == dict(TITLES)


def test_a_case_that_goes_on_has_no_such_letter(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    assert house[Role.HANDOVER].get(f"/petugas/kasus/{code}/surat").status_code == 404


def test_papers_that_never_came_close_the_case_on_a_named_ground(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    verifier = house[Role.VERIFIER].id
    check_documents.decide_paper(
        verifier, code, "kk", accepted=False, reason="blurry", seen=None, now=house.now
    )
    check_documents.finish_documents(verifier, code, now=house.now)
    end_overdue(now=house.now + timedelta(days=8))
    page = cast.owner_of(code, house.now).at(house.app).get(f"/permohonan/{code}").text
    assert "tidak dikirim sampai batas waktu" in page and "tujuh hari" in page
    assert letter_of(code).kind == "closing_letter"
