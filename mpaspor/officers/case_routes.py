"""One case on one page: papers beside data, history, and the one step that this officer may make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from mpaspor.applications import letter_queries
from mpaspor.applications.papers import paper_by_code
from mpaspor.applications.rules import CODE_LENGTH, LETTER_OF_END, CaseState
from mpaspor.config import settings
from mpaspor.correspondence import registered
from mpaspor.desk import mrz, outcome, queries
from mpaspor.desk.acting import Officer
from mpaspor.desk.check_quality import holder_of
from mpaspor.desk.note_opening import note_barred, note_opening
from mpaspor.desk.refusals import OwnCase
from mpaspor.desk.rules import DESK_ROLES, PHOTO_SEEN_BY, WHO, may_see_paper, ticks_of
from mpaspor.foundation import clock
from mpaspor.foundation.columns import ALPHABET, read_code
from mpaspor.foundation.refusals import NotFound, Refusal, StateChanged
from mpaspor.officers import blueprint, case_rows, desk_forms, differs, pages, pickup_forms, stock_forms
from mpaspor.officers.happenings import in_words
from mpaspor.officers.pages import CasePage
from mpaspor.web.access import open_to
from mpaspor.web.document_file import serve_picture
from mpaspor.web.errors import error_page
from mpaspor.web.headers import when_again
from mpaspor.web.labels.applications import NEEDS, OFFICER_PAPER_STATES, OFFICER_STATES, passport_name
from mpaspor.web.labels.desk import (
    CAPTURES,
    CHECK_STATES,
    PHOTO_ADVICE,
    PROPOSALS,
    QUESTIONS,
    REGISTRIES,
    STAGES,
    STEPS,
    TICKS,
    VERDICTS,
)
from mpaspor.web.labels.papers import PAPER_NAMES, document_name
from mpaspor.web.labels.refusals import sentence

_WORDS = {
    "needs": NEEDS,
    "states": OFFICER_STATES,
    "paper_states": OFFICER_PAPER_STATES,
    "paper_names": PAPER_NAMES,
    "captures": CAPTURES,
    "check_states": CHECK_STATES,
    "photo_advice": PHOTO_ADVICE,
    "proposals": PROPOSALS,
    "questions": QUESTIONS,
    "registries": REGISTRIES,
    "stages": STAGES,
    "steps": STEPS,
    "verdicts": VERDICTS,
}
FORMS = {
    "want": desk_forms.WantPaperForm,
    "differs": differs.DiffersForm,
    "photo": desk_forms.PhotoForm,
    "interview": desk_forms.InterviewForm,
    "grant": desk_forms.GrantForm,
    "proposal": desk_forms.ProposalForm,
    "decline": desk_forms.ReasonForm,
    "booklet": desk_forms.BookletForm,
    "quality": stock_forms.QualityForm,
    "fail": stock_forms.FlawForm,
    "handover": pickup_forms.HandoverForm,
    "back": desk_forms.TakeBackForm,
    "correction": desk_forms.CorrectionForm,
    "nik": desk_forms.NikForm,
    "nikagain": desk_forms.NikAgainForm,
    "nikno": desk_forms.ReasonForm,
    "close": desk_forms.CloseForm,
    "chance": desk_forms.ReasonForm,
    "emergency": desk_forms.ReasonForm,
}


@dataclass
class Answer:
    """What became of a step that was not made: the form as it was typed, or the refusal."""

    status: int = 200
    name: str | None = None
    form: Any = None
    refusal: Refusal | None = None
    shown: str | None = None
    is_saved: bool = False
    finished: str | None = None  # the code of the case whose last step called this person
    nobody_waits: bool = False
    draft: differs.Draft | None = None


def form_named(name: str, *, typed: bool = True) -> Any:
    """The form of this name; with what was typed, or empty."""
    form = FORMS[name]
    return form(prefix=f"{name}-") if typed else form(formdata=None, prefix=f"{name}-")


@blueprint.get("/kasus/<code:code>")
@open_to(*DESK_ROLES)
def case(code: str) -> ResponseReturnValue:
    """One case of the officer's own office."""
    asked = request.args
    is_saved = asked.get("tersimpan") == "1"
    return case_page(code, Answer(shown=asked.get("berkas"), is_saved=is_saved, finished=code_before()))


def case_page(code: str, answer: Answer) -> tuple[str, int, dict[str, str]]:
    """The page, fresh from the database, with what could not be done on top; showing it is a look."""
    now = clock.now()
    opened = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    note_opening(_reader(), opened.application, "case", now=now)
    page = CasePage(opened, current_user.roles, current_user.staff_id, answer.shown, now)
    office = page.case.office
    found, held = page.case.application, page.case.interview
    body = render_template(
        "officers/case.html",
        page=page,
        case=page.case,
        code=code,
        forms=_forms(page, answer),
        form=answer.form,
        refusal=sentence(answer.refusal) if answer.refusal is not None else None,
        was_second=isinstance(answer.refusal, StateChanged),
        last=in_words(page.case.last_step, office.time_zone) if page.case.last_step is not None else None,
        has_errors=answer.refusal is not None or bool(answer.form and answer.form.errors),
        drafted=answer.draft.form if answer.draft is not None else None,
        is_saved=answer.is_saved,
        finished=answer.finished,
        nobody_waits=answer.nobody_waits,
        goes_on=pages.goes_on(),
        is_update=False,
        is_zoomed=request.args.get("besar") == "1",
        said=case_rows.paper_rows(page.case, page.card),
        journey=case_rows.journey_rows(page.case),
        identity=case_rows.identity_rows(page.case),
        others=case_rows.other_rows(page.case),
        service=passport_name(found.kind, found.validity_years)
        if found.kind and found.validity_years
        else "",
        promised_on=outcome.promised_from(held and held.held_at, found, office),
        document_name=document_name,
        photo_name=pages.PHOTO,
        specimen=_specimen(page),
        words=_WORDS,
        **pages.frame(office, now, "case"),
    )
    return body, answer.status, when_again(answer.refusal)


def registries_part(code: str) -> str:
    """What the registers say, and the decision as it may be made with it."""
    now = clock.now()
    opened = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    page = CasePage(opened, current_user.roles, current_user.staff_id, None, now)
    return render_template(
        "officers/_registers.html",
        page=page,
        case=opened,
        code=code,
        forms={"grant": form_named("grant", typed=False)},
        words=_WORDS,
        zone=opened.office.time_zone,
        is_update=True,
    )


def _forms(page: CasePage, answer: Answer) -> dict[str, Any]:
    """Every form of the page: empty, with what the case says already, or as it was typed."""
    found = page.case.application
    forms = {name: form_named(name, typed=False) for name in FORMS}
    forms["back"].state.data = found.state
    forms["correction"] = _correction(page)
    forms["handover"].person.data = found.code if request.args.get("pindai") == found.code else None
    forms["interview"].notes.data = page.case.draft.notes if page.case.draft is not None else None
    if page.is_mine:
        _focus(forms)
    if answer.name is not None:
        forms[answer.name] = answer.form
    if answer.draft is not None:
        differs.fill(forms, page, answer.draft)
    forms["quality"].ticks.choices = [SelectChoice(t, TICKS[t]) for t in ticks_of(found.kind)]
    return forms


def _focus(forms: dict[str, Any]) -> None:
    """Where the hand of whoever serves the case goes first: the page holds the one form of its station."""
    handover = forms["handover"]
    first = handover.booklet if handover.person.data else handover.person
    for field in (forms["interview"].notes, forms["quality"].read, first):
        field.render_kw = {**(field.render_kw or {}), "autofocus": True}


def code_before() -> str | None:
    """The code of the case from which the officer comes, by the address; None for what is no code."""
    code = read_code(request.args.get("dari", ""))
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def _specimen(page: CasePage) -> tuple[str, str] | None:
    """What the simulated reader of a demo reads in the booklet; a real one is held against it unseen."""
    booklet = page.case.booklet
    if not settings().demo or page.panel != "quality" or booklet is None:
        return None
    return mrz.lines(holder_of(page.case.application, booklet, page.case.office))


def _correction(page: CasePage) -> Any:
    """The form filled with what the case says: only what differs is typed."""
    found = page.case.application
    return FORMS["correction"](
        formdata=None,
        prefix="correction-",
        full_name=found.full_name,
        birth_place=page.case.answers.get("identity", {}).get("birth_place", ""),
        birth_on=found.birth_on,
        sex=found.sex,
    )


def _reader() -> Officer:
    """The officer behind this request, as the guard has just read them."""
    return Officer(current_user.staff_id, current_user.office_id, current_user.roles)


@blueprint.get("/kasus/<code:code>/berkas/<paper>/gambar")
@open_to(*DESK_ROLES)
def show_paper(code: str, paper: str) -> Response:
    """The stored picture of one paper, for officers of the office whose work needs it."""
    opened = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    if paper_by_code(paper) is None or not may_see_paper(paper, current_user.roles):
        raise NotFound()
    note_opening(_reader(), opened.application, paper, now=clock.now())
    card = opened.papers.card(paper)
    key = card.document.file_key if card.document is not None else None
    return serve_picture(key, paper)


@blueprint.get("/kasus/<code:code>/surat")
@open_to(*DESK_ROLES)
def show_letter(code: str) -> Response:
    """The letter with which the case ended, to be printed for whoever stands at the counter."""
    opened = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    kind = LETTER_OF_END.get(opened.state)
    letter = letter_queries.newest_letter(opened.application.id, kind) if kind is not None else None
    if letter is None:
        raise NotFound()
    note_opening(_reader(), opened.application, "letter", now=clock.now())
    answer = make_response(registered.draw(letter, clock.now()))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{registered.file_name(letter)}"'
    return answer


@blueprint.get("/kasus/<code:code>/usul/surat")
@open_to(*WHO[CaseState.INTERVIEWED, CaseState.REFUSED])
def preview_letter(code: str) -> Response:
    """What the applicant would be sent if the proposal were confirmed now."""
    opened = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    if opened.proposal is None:
        raise NotFound()
    now = clock.now()
    answer = make_response(registered.draft_of_end(opened.application, opened.office, opened.proposal, now))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'inline; filename="konsep-surat.pdf"'
    return answer


@blueprint.get("/kasus/<code:code>/foto/gambar")
@open_to(*DESK_ROLES)
def show_photo(code: str) -> Response:
    """The photo taken at the counter, for those whose work needs it."""
    found, key = queries.photo_of(current_user.office_id, code, reader=current_user.staff_id)
    if not PHOTO_SEEN_BY & current_user.roles:
        raise NotFound()
    note_opening(_reader(), found, "photo", now=clock.now())
    return serve_picture(key, pages.PHOTO)


@blueprint.errorhandler(OwnCase)
def keep_away(refusal: OwnCase) -> Response:
    """Refused in words wherever it happens at the desk, and written into the case's history."""
    note_barred(current_user.staff_id, str(refusal.facts["code"]), now=clock.now())
    return error_page(
        refusal.status,
        sentence(refusal),
        heading=_("Ini permohonan Anda sendiri atau keluarga Anda"),
        next_words=_("Percobaan ini tercatat di riwayat permohonan."),
        next_text=_("Kembali ke antrean"),
        next_href="/petugas",
    )
