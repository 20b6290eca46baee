"""What the desk tells people: after the time for second thoughts, corrected when wrong, and to the end."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update

from mpaspor.applications import letter_queries
from mpaspor.applications.models import Application
from mpaspor.applications.rules import LETTER_OF_END, CaseState
from mpaspor.applications.upload_document import upload_document
from mpaspor.booking.mark_missed import mark_missed
from mpaspor.correspondence import registered
from mpaspor.demo.models import DemoMessage
from mpaspor.desk import adjudicate, check_documents, invariants, outcome, refusals
from mpaspor.desk.check_in import check_in
from mpaspor.desk.close_case import close_case, end_overdue
from mpaspor.desk.record_interview import record_interview
from mpaspor.desk.remind_to_collect import remind_to_collect
from mpaspor.desk.rules import InterviewVerdict, add_months, collect_by
from mpaspor.desk.take_back import take_back
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.people.models import Account
from mpaspor.people.rules import Role
from mpaspor.worker.loop import make_worker
from tests.house.text_browser import words_of
from tests.stage import cast
from tests.stage.desk import House, accept_papers, hands_over, mark_of_proposal, officer, photo

S = CaseState
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def reads(house: House) -> Callable[[timedelta], list[tuple[str, str]]]:
    """What was mailed until so long after the beginning: kinds and texts, in order."""

    def until(later: timedelta) -> list[tuple[str, str]]:
        with clock.at(house.now + later):
            worker = make_worker(house.app)
            while worker.hand_out(urgent=False):
                pass
        rows = db.session.execute(select(DemoMessage.kind, DemoMessage.body).order_by(DemoMessage.sent_at))
        found = [(kind, body) for kind, body in rows if kind != "visit_letter"]
        db.session.remove()
        return found

    return until


def undo(house: House, code: str, state: CaseState, role: Role, later: timedelta = timedelta(0)) -> None:
    take_back(house[role].id, code, state=state, reason="Salah tekan", now=house.now + later)


def case_of(code: str) -> Application:
    return db.session.scalars(select(Application).where(Application.code == code)).one()


def letter_of(code: str) -> str:
    """What the letter of the end of this case says."""
    case = case_of(code)
    letter = letter_queries.newest_letter(case.id, LETTER_OF_END[case.state])
    assert letter is not None
    pages = PdfReader(io.BytesIO(registered.draw(letter, letter.made_at))).pages
    db.session.remove()
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def refuse(house: House, code: str, verdict: CaseState = S.REFUSED) -> None:
    adjudicate.propose(
        house[Role.ADJUDICATOR].id,
        code,
        verdict=verdict,
        reason="Catatan dalam",
        told=adjudicate.Told("Akta lahir tidak cocok dengan KTP.", "UU 6/2011 Pasal 126 huruf c", 6),
        now=house.now,
    )
    second = officer(house.app, house.office, Role.ADJUDICATOR, now=house.now)
    seen = mark_of_proposal(code)
    adjudicate.decide_proposal(second.id, code, agreed=True, reason=None, seen=seen, now=house.now)


def test_a_decision_is_told_after_the_time_for_second_thoughts(house: House, reads: Any) -> None:
    house.walk(house.guest(), S.GRANTED)
    assert reads(4 * MINUTE) == []
    assert [kind for kind, _ in reads(5 * MINUTE)] == ["granted"]


@pytest.mark.parametrize(("state", "role"), [(S.GRANTED, Role.ADJUDICATOR), (S.READY, Role.QUALITY)])
def test_what_was_taken_back_in_time_is_never_told(
    house: House, reads: Any, state: CaseState, role: Role
) -> None:
    code = house.walk(house.guest(), state)
    undo(house, code, state, role, 2 * MINUTE)
    assert str(state) not in [kind for kind, _ in reads(60 * MINUTE)]
    assert "taken_back" not in [kind for kind, _ in reads(60 * MINUTE)]
    assert not list(broken(invariants.INVARIANTS, house.now))


@pytest.mark.parametrize(
    ("state", "role", "words"),
    [(S.GRANTED, Role.ADJUDICATOR, "belum diputuskan"), (S.READY, Role.QUALITY, "Jangan datang dulu")],
)
def test_what_was_told_and_taken_back_is_corrected_and_then_told_again(
    house: House, reads: Any, state: CaseState, role: Role, words: str
) -> None:
    code = house.walk(house.guest(), state)
    reads(6 * MINUTE)
    undo(house, code, state, role, 7 * MINUTE)
    kind, body = reads(10 * MINUTE)[-1]
    assert kind == "taken_back" and words in body
    again = {
        S.GRANTED: lambda now: adjudicate.grant(house[role].id, code, now=now),
        S.READY: lambda now: house.walk_on(code, S.READY, now),
    }
    again[state](house.now + 11 * MINUTE)
    assert reads(20 * MINUTE)[-1][0] == str(state)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_hand_over_that_was_wrong_is_corrected(house: House, reads: Any) -> None:
    code = house.walk(house.guest(), S.READY)
    hands_over(house, code)
    told = reads(6 * MINUTE)
    assert "ready" not in [kind for kind, _ in told], "who took it need not be sent for"
    assert f"Diserahkan kepada: {case_of(code).full_name} (Pemilik sendiri)" in dict(told)["collected"]
    undo(house, code, S.COLLECTED, Role.SUPERVISOR, 7 * MINUTE)
    kind, body = reads(10 * MINUTE)[-1]
    assert kind == "taken_back" and "masih ada di" in body
    assert not list(broken(invariants.INVARIANTS, house.now))


@pytest.mark.parametrize("verdict", [S.REFUSED, S.DEFERRED])
def test_a_refusal_says_why_on_what_ground_and_what_comes_next(
    house: House, reads: Any, verdict: CaseState
) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    refuse(house, code, verdict)
    assert reads(4 * MINUTE) == []
    [(kind, body)] = reads(6 * MINUTE)
    assert kind == str(verdict)
    assert "Alasan: Akta lahir tidak cocok dengan KTP." in body
    assert "Dasar: UU 6/2011 Pasal 126 huruf c" in body and "Langkah berikutnya" in body
    assert "Catatan dalam" not in body
    assert ("23 Mei 2027" in body) == (verdict is S.DEFERRED)
    words = letter_of(code)
    for told in ("Akta lahir tidak cocok dengan KTP.", "UU 6/2011 Pasal 126 huruf c", "Langkah berikutnya"):
        assert told in words
    assert "Catatan dalam" not in words and ("23 Mei 2027" in words) == (verdict is S.DEFERRED)
    found = outcome.outcome_of(case_of(code))
    assert found is not None and found.until == (date(2027, 5, 23) if verdict is S.DEFERRED else None)
    assert outcome.terms_of(case_of(code), house.office).promised_on is None


def test_a_deferral_needs_its_term_and_a_reason_for_the_applicant(house: House) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    for told, refusal in (
        (adjudicate.Told("Alasan", "Dasar", 5), refusals.NoTerm),
        (adjudicate.Told("Alasan", "Dasar", None), refusals.NoTerm),
        (adjudicate.Told(" ", "Dasar", 6), refusals.ReasonNeeded),
        (adjudicate.Told("Alasan", " ", 6), refusals.ReasonNeeded),
    ):
        with pytest.raises(refusal):
            adjudicate.propose(
                house[Role.ADJUDICATOR].id, code, verdict=S.DEFERRED, reason="x", told=told, now=house.now,
            )  # fmt: skip


def test_granting_against_a_doubt_needs_a_reason_that_stays(house: House, scalar: Any) -> None:
    code = house.walk(house.guest(), S.BIOMETRICS_TAKEN)
    doubt = InterviewVerdict.DOUBT
    record_interview(house[Role.INTERVIEWER].id, code, notes="Ragu", verdict=doubt, now=house.now)
    who = house[Role.ADJUDICATOR]
    with pytest.raises(refusals.DoubtNeedsReason):
        adjudicate.grant(who.id, code, reason=" ", now=house.now)
    adjudicate.grant(who.id, code, reason="Surat kerja sudah diperiksa", now=house.now)
    assert scalar("SELECT reason FROM event WHERE to_state = 'granted'") == "Surat kerja sudah diperiksa"


def test_a_closed_case_tells_its_person_the_reason(house: House, reads: Any) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    close_case(house[Role.SUPERVISOR].id, code, reason="Anda pulang sebelum difoto", now=house.now)
    [(kind, body)] = reads(MINUTE)
    assert kind == "closed" and "Alasan: Anda pulang sebelum difoto" in body and "permohonan baru" in body
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_who_missed_the_hour_is_told_whom_to_ask(house: House, reads: Any) -> None:
    house.guest(hours=-72)
    assert mark_missed(now=house.now) == 1
    [(kind, body)] = reads(MINUTE)
    assert kind == "missed" and "hubungi atau datangi kantor" in body


def test_a_ready_passport_says_until_when_reminds_twice_and_tells_when_it_is_void(
    house: House, reads: Any
) -> None:
    house.walk(house.guest(), S.READY)
    assert "Ambil paling lambat Rabu, 23 Desember 2026" in dict(reads(6 * MINUTE))["ready"]
    told: list[int] = []
    for day in range(15, 31):
        told += [day] * remind_to_collect(now=house.now + day * DAY)
        assert remind_to_collect(now=house.now + day * DAY + MINUTE) == 0
        assert end_overdue(now=house.now + day * DAY) == 0
    assert told == [23, 29], "a week and a day before the 23rd of December"
    assert dict(reads(30 * DAY))["pickup_reminder"].count("23 Desember 2026") == 1
    assert end_overdue(now=house.now + 31 * DAY) == 1
    assert "penggantian paspor" in dict(reads(31 * DAY))["void"]
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_month_is_a_month_of_the_calendar() -> None:
    assert collect_by(date(2027, 1, 31)) == date(2027, 2, 28)
    assert add_months(date(2026, 11, 23), 24) == date(2028, 11, 23)


def test_working_days_of_the_promise_count_from_the_interview(house: House) -> None:
    code = house.walk(house.guest(), S.BIOMETRICS_TAKEN)
    assert outcome.terms_of(case_of(code), house.office).promised_on is None, "nothing is promised before it"
    db.session.remove()
    thursday = house.now + 3 * DAY
    record_interview(
        house[Role.INTERVIEWER].id,
        code,
        notes="Baik",
        verdict=InterviewVerdict.RECOMMEND,
        now=thursday,
    )
    assert outcome.terms_of(case_of(code), house.office).promised_on == date(2026, 12, 2), (
        "4 working days after the 26th"
    )


def test_a_promise_into_a_year_without_a_decree_does_not_count_new_years_day(house: House) -> None:
    """What 2029 holds is not known yet, but its first of January is a day off, and a Monday."""
    case = case_of(house.walk(house.guest(), S.INTERVIEWED))
    thursday = datetime(2028, 12, 28, 3, tzinfo=UTC)
    assert outcome.promised_from(thursday, case, house.office) == date(2029, 1, 4)


def test_a_paper_accepted_at_the_desk_in_time_is_not_asked_for(house: House, reads: Any) -> None:
    from tests.services.test_desk_steps import accept_papers, finish, want

    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    want(house, code, "kk")
    finish(house, code, waits_here=True)
    accept_papers(house, code)
    assert finish(house, code) == "documents_checked"
    assert reads(10 * MINUTE) == []


def sends_the_family_card_and_it_is_accepted(house: House) -> str:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    verifier = house[Role.VERIFIER].id
    check_documents.decide_paper(
        verifier, code, "kk", accepted=False, reason="Buram", seen=None, now=house.now
    )
    check_documents.finish_documents(verifier, code, now=house.now)
    owner = case_of(code).account_id
    db.session.remove()
    upload_document(owner, code, "kk", kind=None, data=photo(), name="kk.jpg", now=house.now)
    accept_papers(house, code)
    check_documents.finish_documents(verifier, code, now=house.now)
    return code


def test_whose_papers_from_home_were_accepted_is_asked_to_come_again(house: House, reads: Any) -> None:
    sends_the_family_card_and_it_is_accepted(house)
    [(kind, body)] = reads(10 * MINUTE)
    assert kind == "come_again" and "Datang lagi ke Kantor Imigrasi" in body


def test_who_came_before_the_mail_left_is_not_asked_to_come_again(house: House, reads: Any) -> None:
    code = sends_the_family_card_and_it_is_accepted(house)
    check_in(house[Role.RECEPTION].id, code, reason=None, now=house.now)
    assert reads(10 * MINUTE) == []


@pytest.mark.parametrize(
    ("language", "who", "until"),
    [
        (
            "id",
            ("- Pemilik: e-KTP asli", "- Keluarga dalam satu KK: salinan KK", "- Orang lain: surat kuasa"),
            "23 Desember 2026",
        ),
        (
            "en",
            ("- The holder: ", "- Family on the same family card (KK): ", "- Somebody else: "),
            "23 December 2026",
        ),
    ],
)
def test_who_may_collect_what_to_bring_and_until_when_is_one_list(
    house: House, reads: Any, language: str, who: tuple[str, ...], until: str
) -> None:
    code = house.walk(house.guest(), S.READY)
    owner = reads_in(code, language, house)
    mail = dict(reads(6 * MINUTE))["ready"]
    page = words_of(owner.get(f"/permohonan/{code}").text)
    assert all(line in mail for line in who) and until in mail
    assert all(line[2:].split(":")[0] in page for line in who) and until in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "Foto buram. NIK tidak terbaca"), ("en", "Photo blurred. NIK tidak terbaca")],
)
def test_why_a_paper_is_wanted_is_told_in_the_readers_language(
    house: House, reads: Any, language: str, words: str
) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    verifier = house[Role.VERIFIER]
    typed = {"want-why": "blurry", "want-message": "NIK tidak terbaca"}
    verifier.post(f"/petugas/kasus/{code}/berkas/ktp/minta", **typed)
    verifier.post(f"/petugas/kasus/{code}/berkas")
    owner = reads_in(code, language, house)
    assert f": {words}\n" in dict(reads(6 * MINUTE))["papers_wanted"]
    for page in (f"/permohonan/{code}", f"/permohonan/{code}/dokumen"):
        assert words in owner.get(page).text, page


def reads_in(code: str, language: str, house: House) -> FlaskClient:
    """The owner of a case, who reads in this language, in front of a browser."""
    account_id = case_of(code).account_id
    db.session.execute(update(Account).where(Account.id == account_id).values(language=language))
    return cast.owner(account_id, house.now).at(house.app)
