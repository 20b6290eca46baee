"""Whom the door did not let in, put before a supervisor; and the answer, which the door reads."""

from __future__ import annotations

import uuid

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.desk import door_queries, queries
from mpaspor.desk.ask_supervisor import answer_question, ask_supervisor
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.desk_forms import AnswerForm, AskSupervisorForm
from mpaspor.people.rules import Role
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.door import ASKED_WHY
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/hadir/<code:code>/penyelia")
@open_to(*AT_THE_DOOR)
def show_asking(code: str) -> ResponseReturnValue:
    """What a supervisor is asked about somebody whom the door does not let in."""
    return _asking(code, AskSupervisorForm(formdata=None))


@blueprint.post("/hadir/<code:code>/penyelia")
@open_to(*AT_THE_DOOR)
def ask_for_supervisor(code: str) -> ResponseReturnValue:
    """Whoever was not let in waits for a supervisor's word; the door goes on with the next."""
    form = AskSupervisorForm()
    if not form.validate_on_submit():
        return _asking(code, form, 422)
    try:
        ask_supervisor.once(
            one_time_key(), current_user.staff_id, code, reason=form.words.data or "", now=clock.now()
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _asking(code, form, refusal.status, sentence(refusal))
    return go_to("officers.show_check_in")


def _asking(
    code: str, form: AskSupervisorForm, status: int = 200, refusal: str | None = None
) -> ResponseReturnValue:
    body = render_template(
        "officers/ask_supervisor.html",
        case=queries.whole_case(current_user.office_id, code, reader=current_user.staff_id),
        form=form,
        refusal=refusal,
        has_errors=refusal is not None or bool(form.errors),
        **pages.frame(pages.my_office(), clock.now(), "check_in"),
    )
    return body, status


@blueprint.get("/dari-pintu")
@open_to(Role.SUPERVISOR)
def show_questions() -> ResponseReturnValue:
    """Who stands at the door and waits for a supervisor's word, the longest first."""
    return _page(AnswerForm(formdata=None))


@blueprint.post("/dari-pintu/<uuid:question_id>")
@open_to(Role.SUPERVISOR)
def answer_door(question_id: uuid.UUID) -> ResponseReturnValue:
    """The answer that the door and the history keep."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(form, question_id, 422)
    try:
        answer_question.once(
            one_time_key(),
            current_user.staff_id,
            question_id,
            answer=form.answer.data or "",
            now=clock.now(),
        )
    except Refusal as refusal:
        return _page(AnswerForm(formdata=None), None, refusal.status, sentence(refusal))
    return go_to("officers.show_questions")


def _page(
    form: AnswerForm, about: uuid.UUID | None = None, status: int = 200, refusal: str | None = None
) -> ResponseReturnValue:
    office, now = pages.my_office(), clock.now()
    body = render_template(
        "officers/questions.html",
        questions=door_queries.questions(office, now=now, only_open=True),
        form=form,
        about=about,
        refusal=refusal,
        why_words=ASKED_WHY,
        duration=pages.duration,
        has_errors=refusal is not None or bool(form.errors),
        **pages.frame(office, now, "questions"),
    )
    return body, status
