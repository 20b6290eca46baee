"""One's applications: the list, the questions before a start, the task list of a draft, throwing it away."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.application_pages import ELSEWHERE, cards, task_page, today_for
from mpaspor.applicants.start_forms import KindQuestionForm, asked_of, earlier, question_form
from mpaspor.applications import queries
from mpaspor.applications.discard_draft import discard_draft
from mpaspor.applications.eligibility import Way, need_of, next_question, way
from mpaspor.applications.form_pages import ANSWERS_OPEN
from mpaspor.applications.refusals import NotElectronic, TooManyDrafts
from mpaspor.applications.rules import CaseState, PassportKind
from mpaspor.applications.start_application import start_application
from mpaspor.billing.queries import my_cases
from mpaspor.foundation import clock
from mpaspor.web import kept_forms
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/permohonan")
@open_to(Audience.APPLICANT)
def show_applications() -> str:
    """My applications: each with its state and what is next."""
    shown = cards(my_cases(current_user.account_id), clock.now())
    return render_template("applicants/application/list.html", cards=shown)


@blueprint.get("/permohonan/baru")
@open_to(Audience.APPLICANT)
def ask_eligibility() -> ResponseReturnValue:
    """One question per page; the answers so far travel in the address, so nothing is lost on the way back."""
    kept = kept_forms.restore()
    given = request.args if kept is None else kept
    asked = asked_of(given)
    question = next_question(asked)
    leads = way(asked)
    if leads is not None and leads is not Way.HERE:
        return _page("elsewhere.html", words=ELSEWHERE[leads], leads=leads, given=given, back=_back(given))
    if question is None:
        return _ask_kind(KindQuestionForm(_kinds(), kept), given)
    # The form names the question that it asked; an answer is missing only if that one was asked already.
    was_sent = given.get("tanya") == question
    form = question_form(question, given if was_sent else None)
    if was_sent:
        form.validate()
    return _page(
        "question.html",
        422 if was_sent else 200,
        form=form,
        question=question,
        given=earlier(given),
        back=_back(given),
    )


@blueprint.post("/permohonan/baru")
@open_to(Audience.APPLICANT)
def start() -> ResponseReturnValue:
    """Make the draft that the answers describe."""
    asked = asked_of(request.form)
    if way(asked) is not Way.HERE or asked.before is None:
        return go_to("applicants.ask_eligibility", **earlier(request.form))
    form = KindQuestionForm(_kinds(), request.form)
    if not form.validate_on_submit():
        return _ask_kind(form, request.form, 422)
    kind, _dash, years = form.kind.data.rpartition("-")
    need, reason = need_of(asked.before)
    try:
        code = start_application.once(
            one_time_key(),
            current_user.account_id,
            need=need,
            replacement_reason=reason,
            kind=PassportKind(kind),
            validity_years=int(years),
            now=clock.now(),
        )
    except TooManyDrafts as refusal:
        form.form_errors.append(sentence(refusal))
        return _ask_kind(form, request.form, 409)
    except NotElectronic as refusal:
        form.kind.errors = [sentence(refusal)]
        return _ask_kind(form, request.form, 422)
    return go_to("applicants.show_tasks", code=code)


@blueprint.get("/permohonan/<code:code>/isi")
@open_to(Audience.APPLICANT)
def show_tasks(code: str) -> ResponseReturnValue:
    """The parts of a draft; a case past that shows its answers, or its journey."""
    found = queries.my_progress(current_user.account_id, code)
    state = found.application.state
    if state != CaseState.DRAFT:
        return go_to(
            "applicants.check_answers" if state in ANSWERS_OPEN else "applicants.show_case", code=code
        )
    return _page("tasks.html", page=task_page(found, clock.now()))


@blueprint.get("/permohonan/<code:code>/hapus")
@open_to(Audience.APPLICANT)
def ask_to_discard(code: str) -> ResponseReturnValue:
    """The question before a draft is thrown away."""
    case = queries.mine(current_user.account_id, code)
    if case.state != CaseState.DRAFT:
        return go_to("applicants.show_case", code=code)
    return _page("discard.html", case=case)


@blueprint.post("/permohonan/<code:code>/hapus")
@open_to(Audience.APPLICANT)
def discard(code: str) -> ResponseReturnValue:
    case = queries.mine(current_user.account_id, code)
    discard_draft.once(one_time_key(), current_user.account_id, case.code, now=clock.now())
    return go_to("applicants.show_applications")


def _kinds() -> list[queries.PricedKind]:
    return queries.kinds_on_offer(today_for(None, clock.now()))


def _ask_kind(form: KindQuestionForm, given: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    return _page("start_kind.html", status, form=form, given=earlier(given), back=_back(given))


def _back(given: Mapping[str, str]) -> tuple[str, str]:
    """The page before: the question that was answered last, or the list."""
    before = list(earlier(given).items())
    if not before:
        return url_for("applicants.show_applications"), _("Permohonan saya")
    return url_for("applicants.ask_eligibility", **dict(before[:-1])), _("Pertanyaan sebelumnya")


def _page(template: str, status: int = 200, **context: object) -> tuple[str, int]:
    return render_template(f"applicants/application/{template}", **context), status
