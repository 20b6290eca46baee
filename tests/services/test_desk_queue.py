"""Who is queued at the desk: whoever is in the house today, in the order of the hours that were booked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from mpaspor.applications.rules import CaseState
from mpaspor.applications.upload_document import upload_document
from mpaspor.desk import board_figures, board_queries, check_documents, invariants
from mpaspor.desk.check_in import check_in
from mpaspor.desk.refusals import AlreadyHere
from mpaspor.desk.stages import Stage
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.people.rules import Role
from tests.stage.desk import House, accept_papers, photo

S = CaseState


def stage_of(house: House, code: str, now: datetime) -> Stage:
    rows, _total = board_queries.rows(house.office, stage=None, text=code, page=1, now=now)
    db.session.remove()
    return next(row.stage for row in rows if row.code == code)


def ask_for_the_family_card(house: House, code: str, reason: str, *, waits_here: bool = False) -> str:
    verifier = house[Role.VERIFIER].id
    check_documents.decide_paper(
        verifier, code, "kk", accepted=False, reason=reason, seen=None, now=house.now
    )
    return check_documents.finish_documents(verifier, code, waits_here=waits_here, now=house.now)


def test_a_paper_sent_from_home_queues_nobody_and_may_be_asked_for_again(house: House, scalar: Any) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    assert ask_for_the_family_card(house, code, "Buram") == "documents_wanted"
    assert stage_of(house, code, house.now) is Stage.WANTED
    owner = scalar("SELECT account_id FROM application WHERE code = :c", c=code)

    def send() -> None:
        upload_document(owner, code, "kk", kind=None, data=photo(), name="kk.jpg", now=house.now)

    send()
    assert stage_of(house, code, house.now) is Stage.SENT
    assert board_figures.figures(house.office, now=house.now).waiting == 0
    assert ask_for_the_family_card(house, code, "Masih buram") == "documents_wanted"
    assert stage_of(house, code, house.now) is Stage.WANTED
    assert scalar("SELECT papers_until IS NOT NULL FROM application WHERE code = :c", c=code)
    send()
    accept_papers(house, code)
    verifier = house[Role.VERIFIER].id
    assert check_documents.finish_documents(verifier, code, now=house.now) == "documents_checked"
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_who_left_before_the_end_stands_in_no_queue_of_another_day(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    assert stage_of(house, code, house.now) is Stage.PHOTO
    assert stage_of(house, code, house.now + timedelta(days=1)) is Stage.AWAY


def come_to_the_door(house: House, code: str, now: datetime) -> None:
    check_in(house[Role.RECEPTION].id, code, reason=None, now=now)


def accept_what_was_sent(house: House, code: str) -> None:
    accept_papers(house, code)
    check_documents.finish_documents(house[Role.VERIFIER].id, code, now=house.now)


def test_who_sent_a_paper_from_home_is_queued_when_the_door_lets_them_in_again(
    house: House, scalar: Any
) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    ask_for_the_family_card(house, code, "Buram")
    owner = scalar("SELECT account_id FROM application WHERE code = :c", c=code)
    upload_document(owner, code, "kk", kind=None, data=photo(), name="kk.jpg", now=house.now)
    accept_what_was_sent(house, code)
    assert stage_of(house, code, house.now) is Stage.AWAY
    assert board_figures.figures(house.office, now=house.now).waiting == 0
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'come_again'") == 1
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'papers_wanted' AND cancelled_at IS NULL") == 0
    come_to_the_door(house, code, house.now)
    assert stage_of(house, code, house.now) is Stage.PHOTO
    assert house.state_of(code) == "documents_checked"
    with pytest.raises(AlreadyHere):
        come_to_the_door(house, code, house.now)
    house.walk_on(code, S.BIOMETRICS_TAKEN, house.now)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_who_is_shown_the_paper_at_the_counter_stays_in_the_queue(house: House, scalar: Any) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    ask_for_the_family_card(house, code, "Masih di mobil", waits_here=True)
    assert stage_of(house, code, house.now) is Stage.PAPERS
    accept_what_was_sent(house, code)
    assert stage_of(house, code, house.now) is Stage.PHOTO
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'come_again'") == 0


def test_who_comes_back_with_the_paper_is_queued_for_the_papers_until_they_are_sent_home_again(
    house: House,
) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    ask_for_the_family_card(house, code, "Tertinggal")
    tomorrow = house.now + timedelta(days=1)
    come_to_the_door(house, code, tomorrow)
    assert stage_of(house, code, tomorrow) is Stage.PAPERS
    assert house.state_of(code) == "documents_wanted"
    ask = (house[Role.VERIFIER].id, code, "kk")
    check_documents.decide_paper(*ask, accepted=False, reason="Bukan aslinya", seen=None, now=tomorrow)
    assert stage_of(house, code, tomorrow) is Stage.PAPERS
    verifier = house[Role.VERIFIER].id
    assert check_documents.finish_documents(verifier, code, now=tomorrow) == "documents_wanted"
    assert stage_of(house, code, tomorrow) is Stage.WANTED


@pytest.mark.parametrize(
    ("state", "stage"),
    [(S.ARRIVED, Stage.PAPERS), (S.DOCUMENTS_CHECKED, Stage.PHOTO), (S.BIOMETRICS_TAKEN, Stage.INTERVIEW)],
)
def test_who_comes_back_another_day_goes_on_where_they_left(
    house: House, state: CaseState, stage: Stage
) -> None:
    code = house.walk(house.guest(), state)
    tomorrow = house.now + timedelta(days=1)
    assert stage_of(house, code, tomorrow) is Stage.AWAY
    come_to_the_door(house, code, tomorrow)
    assert stage_of(house, code, tomorrow) is stage
    assert stage_of(house, code, tomorrow + timedelta(days=1)) is Stage.AWAY


def test_the_door_says_where_who_came_back_goes_and_the_history_tells_it(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    tomorrow = House(house.app, house.office, house.now + timedelta(days=1))
    with clock.at(tomorrow.now):
        answer = tomorrow[Role.RECEPTION].post("/petugas/hadir", scan=code)
        page = tomorrow[Role.RECEPTION].get(answer.headers["Location"]).text
        assert "Datang lagi, sudah diterima" in page and "Ke loket foto." in page
        assert "Datang lagi" in tomorrow[Role.BIOMETRICS].get(f"/petugas/kasus/{code}").text


def test_people_are_called_by_their_hour_whoever_came_first(house: House) -> None:
    later, sooner = house.guest(hours=1), house.guest()
    check_in(house[Role.RECEPTION].id, later, reason=None, now=house.now)
    minute = house.now + timedelta(minutes=1)
    check_in(house[Role.RECEPTION].id, sooner, reason=None, now=minute)
    rows, _total = board_queries.rows(house.office, stage=Stage.PAPERS, text="", page=1, now=minute)
    assert [row.code for row in rows] == [sooner, later]
