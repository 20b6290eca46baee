"""The door asks a supervisor about somebody whom it does not let in; the supervisor answers, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.rules import CaseState
from mpaspor.desk import door_queries, refusals
from mpaspor.desk.ask_supervisor import answer_question, ask_supervisor
from mpaspor.desk.check_in import check_in
from mpaspor.desk.door_queries import Question
from mpaspor.desk.door_rules import Why
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.desk import House, officer

WHY = "Salah kantor, datang dari Lubuklinggau"


def asks(house: House, code: str, words: str = WHY) -> str:
    return ask_supervisor(house[Role.RECEPTION].id, code, reason=words, now=house.now)


def answers(house: House, one: Question, words: str = "Terima hari ini") -> None:
    answer_question(house[Role.SUPERVISOR].id, one.id, answer=words, now=house.now)


def asked(house: House, *, only_open: bool = True) -> list[Question]:
    found = list(door_queries.questions(house.office, now=house.now, only_open=only_open))
    db.session.remove()
    return found


def test_the_supervisor_reads_who_waits_and_why_and_the_door_reads_the_answer(house: House) -> None:
    code = house.guest(hours=48)
    asks(house, code)
    (one,) = asked(house)
    assert (one.code, one.why, one.words, one.asked_by) == (code, Why.ASKED, WHY, "Petugas reception")
    answers(house, one)
    assert asked(house) == []
    (told,) = asked(house, only_open=False)
    assert (told.answer, told.answered_by, told.is_open) == ("Terima hari ini", "Petugas supervisor", False)


def test_the_history_keeps_question_and_answer_with_both_officers(
    house: House, scalar: Callable[..., Any]
) -> None:
    asks(house, house.guest(hours=48))
    answers(house, asked(house)[0])
    kept = "SELECT count(*) FROM event WHERE kind = :kind AND actor_role = :role AND reason = :reason"
    assert scalar(kept, kind="supervisor_asked", role="reception", reason=WHY) == 1
    assert scalar(kept, kind="supervisor_answered", role="supervisor", reason="Terima hari ini") == 1


def test_a_person_is_asked_about_once_until_somebody_answers(house: House) -> None:
    code = house.guest(hours=48)
    asks(house, code)
    with pytest.raises(refusals.AskedAlready):
        asks(house, code, "Masih di sini")
    answers(house, asked(house)[0])
    asks(house, code, "Orangnya kembali lagi")
    assert [one.words for one in asked(house)] == ["Orangnya kembali lagi"]


def test_two_supervisors_give_one_answer(house: House) -> None:
    asks(house, house.guest(hours=48))
    (one,) = asked(house)
    answers(house, one)
    with pytest.raises(refusals.QuestionAnswered):
        answers(house, one, "Persilakan pulang")
    assert asked(house, only_open=False)[0].answer == "Terima hari ini"


def test_whoever_is_let_in_needs_no_answer_any_more(house: House) -> None:
    code = house.guest(hours=48)
    asks(house, code)
    (one,) = asked(house)
    check_in(house[Role.SUPERVISOR].id, code, reason="Datang dari jauh", now=house.now)
    assert asked(house) == []
    assert asked(house, only_open=False)[0].answer is None
    with pytest.raises(refusals.QuestionAnswered):
        answers(house, one)


def test_whoever_is_in_the_house_is_nobodys_question(house: House) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    with pytest.raises(refusals.AlreadyHere):
        asks(house, code)


def test_what_is_asked_and_answered_has_words(house: House) -> None:
    code = house.guest(hours=48)
    with pytest.raises(refusals.ReasonNeeded):
        asks(house, code, "  ")
    asks(house, code)
    with pytest.raises(refusals.ReasonNeeded):
        answers(house, asked(house)[0], " ")


def test_abuse_15_only_the_door_asks_and_only_a_supervisor_of_the_office_answers(
    house: House, app: Flask, now: datetime
) -> None:
    code = house.guest(hours=48)
    with pytest.raises(refusals.NotYourStep):
        ask_supervisor(house[Role.VERIFIER].id, code, reason=WHY, now=now)
    asks(house, code)
    (one,) = asked(house)
    with pytest.raises(refusals.NotYourStep):
        answer_question(house[Role.RECEPTION].id, one.id, answer="Terima", now=now)
    other = db.session.scalars(select(Office).where(Office.code != "palembang").limit(1)).one()
    stranger = officer(app, other, Role.RECEPTION, Role.SUPERVISOR, now=now)
    with pytest.raises(NotFound):
        answer_question(stranger.id, one.id, answer="Terima", now=now)
    with pytest.raises(NotFound):
        ask_supervisor(stranger.id, house.guest(hours=48), reason=WHY, now=now)


def test_nobody_is_asked_about_a_draft(house: House) -> None:
    with pytest.raises(StateChanged):
        asks(house, house.guest(state=CaseState.DRAFT))
