"""Who is queued at the desk: whoever is in the house today, in the order of the hours that were booked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.applications.upload_document import upload_document
from mpaspor.desk import board_queries, check_documents, invariants
from mpaspor.desk.check_in import check_in
from mpaspor.desk.stages import Stage
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.desk_stage import House, accept_papers, photo

S = CaseState


@pytest.fixture
def house(app: Flask, palembang: Office, now: datetime) -> House:
    return House(app, palembang, now)


def stage_of(house: House, code: str, now: datetime) -> Stage:
    rows, _total = board_queries.rows(house.office, stage=None, text=code, page=1, now=now)
    db.session.remove()
    return next(row.stage for row in rows if row.code == code)


def ask_for_the_family_card(house: House, code: str, reason: str) -> str:
    verifier = house[Role.VERIFIER].id
    check_documents.decide_paper(
        verifier, code, "kk", accepted=False, reason=reason, seen=None, key=None, now=house.now
    )
    return check_documents.finish_documents(verifier, code, key=None, now=house.now)


def test_a_paper_sent_from_home_queues_nobody_and_may_be_asked_for_again(house: House, scalar: Any) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    assert ask_for_the_family_card(house, code, "Buram") == "documents_wanted"
    assert stage_of(house, code, house.now) is Stage.WANTED
    owner = scalar("SELECT account_id FROM application WHERE code = :c", c=code)

    def send() -> None:
        upload_document(owner, code, "kk", kind=None, data=photo(), name="kk.jpg", key=None, now=house.now)

    send()
    assert stage_of(house, code, house.now) is Stage.SENT
    assert board_queries.figures(house.office, now=house.now).waiting == 0
    assert ask_for_the_family_card(house, code, "Masih buram") == "documents_wanted"
    assert stage_of(house, code, house.now) is Stage.WANTED
    assert scalar("SELECT papers_until IS NOT NULL FROM application WHERE code = :c", c=code)
    send()
    accept_papers(house, code)
    verifier = house[Role.VERIFIER].id
    assert check_documents.finish_documents(verifier, code, key=None, now=house.now) == "documents_checked"
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_who_left_before_the_end_stands_in_no_queue_of_another_day(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    assert stage_of(house, code, house.now) is Stage.PHOTO
    assert stage_of(house, code, house.now + timedelta(days=1)) is Stage.AWAY


def test_people_are_called_by_their_hour_whoever_came_first(house: House) -> None:
    later, sooner = house.guest(hours=1), house.guest()
    check_in(house[Role.RECEPTION].id, later, reason=None, key=None, now=house.now)
    minute = house.now + timedelta(minutes=1)
    check_in(house[Role.RECEPTION].id, sooner, reason=None, key=None, now=minute)
    rows, _total = board_queries.rows(house.office, stage=Stage.PAPERS, text="", page=1, now=minute)
    assert [row.code for row in rows] == [sooner, later]
