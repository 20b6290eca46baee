"""Filling in an application, one thing per page; checking the answers; the declaration."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.answer_forms import form_for, refuse
from mpaspor.applicants.application_forms import DeclarationForm, PageForm
from mpaspor.applicants.application_pages import price_of
from mpaspor.applicants.free_places import FreePlaces, free_places
from mpaspor.applications import form_pages, nik, queries
from mpaspor.applications.declare import declare
from mpaspor.applications.form_pages import ANSWERS_OPEN, IDENTITY, WISH, FormPage
from mpaspor.applications.models import Application
from mpaspor.applications.queries import Progress
from mpaspor.applications.refusals import (
    Incomplete,
    KindNotOffered,
    NotANik,
    NotElectronic,
    NotGrownUp,
    OfficeNotInService,
    ValidTooLong,
)
from mpaspor.applications.rules import CaseState
from mpaspor.applications.save_page import save_page
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.web import kept_forms
from mpaspor.web.access import Audience, open_to
from mpaspor.web.answer_summary import sections
from mpaspor.web.htmx import go_to
from mpaspor.web.labels.answers import PAGE_LEADS, PAGE_TITLES, nik_doubt
from mpaspor.web.labels.papers import missing_names

# Where an "Ubah" link comes back to: the page of all answers.
_BACK = "kembali"
_TO_CHECK = "periksa"
# Refusals that a field of the page can show; the others end in a page of their own.
_ABOUT_A_FIELD = (NotGrownUp, NotANik, KindNotOffered, NotElectronic, ValidTooLong, OfficeNotInService)


@blueprint.get("/permohonan/<code:code>/isi/<slug>")
@open_to(Audience.APPLICANT)
def edit_page(code: str, slug: str) -> ResponseReturnValue:
    """One page of the form, as it was saved, or as it was typed before the sign-in ran out."""
    case, page, answers = _load(code, slug)
    if page.is_frozen and case.state != CaseState.DRAFT:
        return go_to("applicants.check_answers", code=case.code)
    kept = kept_forms.restore()
    form = form_for(page, case, answers, kept)
    if page is WISH and case.state == CaseState.DRAFT and kept is None:
        _prefer(form, request.args.get("kantor"))
    return _form_page(case, page, form, is_kept=kept is not None)


@blueprint.post("/permohonan/<code:code>/isi/<slug>")
@open_to(Audience.APPLICANT)
def save_answers(code: str, slug: str) -> ResponseReturnValue:
    """Save one page and go on; what is refused comes back with everything that was typed."""
    case, page, answers = _load(code, slug)
    form = form_for(page, case, answers, request.form)
    if "lihat" in request.form:
        return _form_page(case, page, form)
    if not form.validate_on_submit():
        return _form_page(case, page, form, 422)
    try:
        save_page(current_user.account_id, case.code, page.name, form.answers(page), now=clock.now())
    except _ABOUT_A_FIELD as refusal:
        refuse(form, page, refusal)
        return _form_page(case, page, form, 422)
    return _go_on(queries.mine(current_user.account_id, code), page)


@blueprint.get("/permohonan/<code:code>/isi/identitas/nik")
@open_to(Audience.APPLICANT)
def show_nik_doubts(code: str) -> ResponseReturnValue:
    """What in the NIK disagrees with the rest, digit by digit: change it, or go on."""
    case = _open_case(code)
    doubts = _doubts(case)
    if not doubts:
        return go_to("applicants.edit_page", code=case.code, slug=IDENTITY.slug)
    onward = _next_url(case, IDENTITY)
    return _page("nik_doubts.html", case=case, doubts=doubts, onward=onward, to_check=_to_check())


@blueprint.get("/permohonan/<code:code>/isi/periksa")
@open_to(Audience.APPLICANT)
def check_answers(code: str) -> ResponseReturnValue:
    """Everything that was answered, with a way to change each page that comes back here."""
    found = _open_progress(code)
    case, office = found.application, found.application.office
    return _page(
        "check.html",
        case=case,
        found=found,
        sections=sections(found.answers, office.name if office else None),
        doubts=_doubts(case),
        price=price_of(case, office, clock.now()),
        is_draft=case.state == CaseState.DRAFT,
        missing=missing_names(found.papers) if case.state != CaseState.DRAFT else [],
    )


@blueprint.get("/permohonan/<code:code>/isi/pernyataan")
@open_to(Audience.APPLICANT)
def show_declaration(code: str) -> ResponseReturnValue:
    """The warning of article 126, before anything is declared."""
    found = _open_progress(code)
    case = found.application
    if case.state != CaseState.DRAFT or not found.is_complete:
        return go_to("applicants.show_tasks", code=case.code)
    return _page("declaration.html", case=case, form=DeclarationForm(formdata=kept_forms.restore()))


@blueprint.post("/permohonan/<code:code>/isi/pernyataan")
@open_to(Audience.APPLICANT)
def make_declaration(code: str) -> ResponseReturnValue:
    case = _open_case(code)
    form = DeclarationForm()
    if not form.validate_on_submit():
        return _page("declaration.html", 422, case=case, form=form)
    try:
        declare(current_user.account_id, case.code, now=clock.now())
    except (Incomplete, StateChanged):
        return go_to("applicants.show_tasks", code=case.code)
    return go_to("applicants.choose_slot", code=case.code)


def _open_case(code: str) -> Application:
    """My case, while its answers may change. Raises `NotFound`, `StateChanged`."""
    return _if_open(queries.mine(current_user.account_id, code))


def _open_progress(code: str) -> Progress:
    """The same, with how far it is."""
    found = queries.my_progress(current_user.account_id, code)
    _if_open(found.application)
    return found


def _if_open(case: Application) -> Application:
    if case.state not in ANSWERS_OPEN:
        raise StateChanged(state=case.state)
    return case


def _load(code: str, slug: str) -> tuple[Application, FormPage, form_pages.Answers]:
    case = _open_case(code)
    page = form_pages.page_by_slug(slug)
    answers = queries.answers(case)
    if page is None or not page.applies(answers):
        raise NotFound(page=slug)
    return case, page, answers


def _doubts(case: Application) -> list[str]:
    if not (case.nik and case.birth_on and case.sex):
        return []
    return [nik_doubt(doubt) for doubt in nik.warnings(case.nik, case.birth_on, case.sex)]


def _to_check() -> bool:
    return request.args.get(_BACK) == _TO_CHECK


def _prefer(form: PageForm, office_code: str | None) -> None:
    """A link from a full calendar names another office: it is chosen, and saved by whoever presses."""
    field = form["office_code"]
    if office_code in {one[0] for one in field.choices}:
        field.data = office_code


def _go_on(case: Application, page: FormPage) -> ResponseReturnValue:
    """After saving: what is still open in this part, then where the person came from."""
    if page is IDENTITY and case.state == CaseState.DRAFT and _doubts(case):
        back = {_BACK: _TO_CHECK} if _to_check() else {}
        return go_to("applicants.show_nik_doubts", code=case.code, **back)
    endpoint, values = _next(case, page)
    return go_to(endpoint, **values)


def _next_url(case: Application, page: FormPage) -> str:
    endpoint, values = _next(case, page)
    return url_for(endpoint, **values)


def _next(case: Application, page: FormPage) -> tuple[str, dict[str, Any]]:
    answers = queries.answers(case)
    values: dict[str, Any] = {"code": case.code}
    following = form_pages.page_after(page, answers)
    while following is not None and form_pages.is_done(following, answers):
        following = form_pages.page_after(following, answers)
    if following is not None:
        back = {_BACK: _TO_CHECK} if _to_check() else {}
        return "applicants.edit_page", {**values, "slug": following.slug, **back}
    if _to_check() or case.state != CaseState.DRAFT:
        return "applicants.check_answers", values
    return "applicants.show_tasks", values


def _form_page(
    case: Application, page: FormPage, form: PageForm, status: int = 200, *, is_kept: bool = False
) -> ResponseReturnValue:
    return _page(
        "page.html",
        status,
        case=case,
        page=page,
        form=form,
        title=PAGE_TITLES[page.name],
        lead=PAGE_LEADS.get(page.name),
        is_draft=case.state == CaseState.DRAFT,
        is_kept=is_kept,
        to_check=_to_check(),
        places=_places(case, form) if page is WISH else None,
    )


def _places(case: Application, form: PageForm) -> FreePlaces | None:
    """What is free at the office that is chosen on the page; nothing is claimed by looking."""
    if "office_code" not in form:
        return None
    return free_places(form["office_code"].data, case.programme_id, now=clock.now())


def _page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    return render_template(f"applicants/application/{template}", **context), status
