"""Notes of an interview: kept while they are typed, read by nobody else, gone once it is written down."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import AnswerPage, Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import adjudicate, refusals
from mpaspor.desk.keep_notes import keep_notes
from mpaspor.desk.record_interview import record_interview
from mpaspor.desk.rules import InterviewVerdict
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.people.rules import Role
from tests.stage.desk import House

S = CaseState
HTMX = {"HX-Request": "true"}


@pytest.fixture
def asked(house: House) -> str:
    return house.walk(house.guest(), S.BIOMETRICS_TAKEN)


def test_what_was_typed_is_there_again_after_the_computer_died(house: House, asked: str) -> None:
    who, at = house[Role.INTERVIEWER], f"/petugas/kasus/{asked}"
    for notes in ("Tujuan: wis", "Tujuan: wisata ke Kuala Lumpur"):
        answer = who.post(f"{at}/wawancara/catatan", headers=HTMX, **{"interview-notes": notes})
        assert answer.status_code == 200 and "Catatan tersimpan pukul 08.00" in answer.text
    page = who.get(at).text
    assert "Tujuan: wisata ke Kuala Lumpur</textarea>" in page and "Catatan tersimpan pukul 08.00" in page


def test_a_draft_is_sealed_and_no_advice(house: House, asked: str, scalar) -> None:  # type: ignore[no-untyped-def]
    keep_notes(house[Role.INTERVIEWER].id, asked, notes="Rahasia", now=house.now)
    assert b"Rahasia" not in scalar("SELECT notes FROM interview_draft")
    assert "Rahasia" not in house[Role.SUPERVISOR].get(f"/petugas/kasus/{asked}").text
    assert house.state_of(asked) == "biometrics_taken"


def test_once_it_is_written_down_the_draft_is_gone_and_a_late_one_changes_nothing(
    house: House, asked: str, scalar
) -> None:  # type: ignore[no-untyped-def]
    who = house[Role.INTERVIEWER].id
    keep_notes(who, asked, notes="Setengah", now=house.now)
    record_interview(who, asked, notes="Selesai", verdict=InterviewVerdict.RECOMMEND, now=house.now)
    with pytest.raises(StateChanged):
        keep_notes(who, asked, notes="Terlambat", now=house.now + timedelta(seconds=5))
    assert scalar("SELECT count(*) FROM interview_draft") == 0


def test_only_interviewers_of_the_office_keep_notes(house: House, asked: str) -> None:
    with pytest.raises(refusals.NotYourStep):
        keep_notes(house[Role.VERIFIER].id, asked, notes="x", now=house.now)
    with pytest.raises(NotFound):
        keep_notes(house[Role.INTERVIEWER].id, "00000000", notes="x", now=house.now)


def test_advice_against_asks_for_a_reason_to_grant_all_the_same(house: House, asked: str) -> None:
    who = house[Role.INTERVIEWER].id
    record_interview(who, asked, notes="Akan bekerja", verdict=InterviewVerdict.AGAINST, now=house.now)
    page = house[Role.ADJUDICATOR].get(f"/petugas/kasus/{asked}").text
    assert page.index("Disarankan tidak disetujui") < page.index("Setujui paspor")
    with pytest.raises(refusals.DoubtNeedsReason):
        adjudicate.grant(house[Role.ADJUDICATOR].id, asked, now=house.now)
    adjudicate.grant(house[Role.ADJUDICATOR].id, asked, reason="Bukti kerja sah", now=house.now)
    assert house.state_of(asked) == "granted"


def test_the_interviewer_sees_photo_journey_and_questions(house: House, asked: str) -> None:
    page = house[Role.INTERVIEWER].get(f"/petugas/kasus/{asked}").text
    assert "Foto loket" in page and "/foto/gambar" in page and "Yang ditulis pemohon" in page
    assert 'data-insert="Siapa yang membiayai: "' in page and "Alt + 3" in page


def test_the_desk_reads_of_the_applicant_and_not_of_itself(house: House, asked: str, app: Flask) -> None:
    case_id = db.session.scalars(select(Application.id).where(Application.code == asked)).one()
    given = {"relative_name": "Ahmad", "relative_relation": "sibling"}
    db.session.add(
        AnswerPage(application_id=case_id, page="relatives", answers=json.dumps(given), saved_at=house.now)
    )
    db.session.commit()
    page = house[Role.INTERVIEWER].get(f"/petugas/kasus/{asked}").text
    assert "Hubungan dengan pemohon" in page and "dengan Anda" not in page
