"""The door asks a supervisor about somebody whom it does not let in, and the supervisor answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, presence
from mpaspor.desk.door_models import SupervisorQuestion
from mpaspor.desk.door_rules import Why
from mpaspor.desk.refusals import AlreadyHere, AskedAlready, QuestionAnswered
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, moment, operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.people.rules import Role

ASKED, ANSWERED = "supervisor_asked", "supervisor_answered"
_AT_AN_OFFICE = tuple(set(CaseState) - {CaseState.DRAFT, CaseState.DISCARDED})


@operation
def ask_supervisor(staff_id: uuid.UUID, code: str, *, reason: str, now: datetime) -> str:
    """Put somebody who stands at the door before a supervisor, with the reason; returns the code.

    Raises `AlreadyHere`, `AskedAlready`, `ReasonNeeded`, `NotYourStep`, `StateChanged` (a draft), `NotFound`,
    `OwnCase`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(AT_THE_DOOR)
    words = acting.required(reason)
    case = acting.take(officer, code, _AT_AN_OFFICE, whoever_holds=True)
    if presence.of_case(case.id, acting.office_of(case), now) is not None:
        raise AlreadyHere(code=code)
    if not put(case, Why.ASKED, words, actor=actor, now=now):
        raise AskedAlready()
    return code


@operation
def answer_question(staff_id: uuid.UUID, question_id: uuid.UUID, *, answer: str, now: datetime) -> None:
    """A supervisor of the same office says what becomes of the person.

    Raises `QuestionAnswered` (a colleague was first, or the person was let in), `ReasonNeeded`,
    `NotYourStep`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as({Role.SUPERVISOR})
    words = acting.required(answer)
    asked = db.session.scalar(
        select(SupervisorQuestion.application_id).where(
            SupervisorQuestion.id == question_id, SupervisorQuestion.office_id == officer.office_id
        )
    )
    if asked is None:
        raise NotFound()
    if not _end(asked, question_id, words, actor=actor, now=now):
        raise QuestionAnswered()
    events.record(
        ANSWERED,
        actor=actor,
        now=now,
        application_id=asked,
        office_id=officer.office_id,
        reason=words,
    )


@in_operation
def put(case: Application, why: Why, words: str | None, *, actor: Actor, now: datetime) -> bool:
    """Write a question down, of a case that this transaction holds; False where one waits already."""
    put_down = db.session.scalar(
        insert(SupervisorQuestion)
        .values(
            id=uuid7(),
            application_id=case.id,
            office_id=case.office_id,
            why=why,
            words=words,
            asked_by=actor.id,
            asked_at=moment(now),
        )
        .on_conflict_do_nothing(index_elements=["application_id"], index_where=text("answered_at IS NULL"))
        .returning(SupervisorQuestion.id)
    )
    if put_down is None:
        return False
    events.record(
        ASKED,
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        reason=words,
        details={"why": why},
    )
    return True


@in_operation
def let_in_meanwhile(case: Application, *, actor: Actor, now: datetime) -> None:
    """The person is in the house: whoever was to decide about that has nothing to answer any more."""
    _end(case.id, None, None, actor=actor, now=now)


@in_operation
def _end(
    application_id: uuid.UUID,
    question_id: uuid.UUID | None,
    answer: str | None,
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    ended = (
        update(SupervisorQuestion)
        .where(SupervisorQuestion.application_id == application_id, SupervisorQuestion.answered_at.is_(None))
        .values(answer=answer, answered_by=actor.id, answered_at=moment(now))
        .returning(SupervisorQuestion.id)
        .execution_options(synchronize_session=False)
    )
    if question_id is not None:
        ended = ended.where(SupervisorQuestion.id == question_id)
    return db.session.scalar(ended) is not None
