"""The papers of one's own case: give, replace, take back, look at. Each paper is a part of its own."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.document_forms import DocumentForm, form_for
from mpaspor.applications.images import ImageRefusal
from mpaspor.applications.paper_queries import PaperCard, Papers, my_papers
from mpaspor.applications.picture_turns import SOON, OwnPicturesFirst, PicturesBusy
from mpaspor.applications.remove_document import remove_document
from mpaspor.applications.upload_document import PaperAccepted, WrongKind, upload_document
from mpaspor.foundation import clock
from mpaspor.foundation.files import StoreFull
from mpaspor.web.access import Audience, open_to
from mpaspor.web.document_file import serve_picture
from mpaspor.web.htmx import go_to, page_or_part, wants_main, wants_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.papers import DOCUMENT_NAMES, PAPER_HINTS, PAPER_NAMES, PAPER_STATES, PICTURE_HINTS
from mpaspor.web.labels.refusals import sentence

_WORDS = {
    "names": PAPER_NAMES,
    "hints": PAPER_HINTS,
    "states": PAPER_STATES,
    "kinds": DOCUMENT_NAMES,
    "pictures": PICTURE_HINTS,
}


@blueprint.get("/permohonan/<code:code>/dokumen")
@open_to(Audience.APPLICANT)
def show_documents(code: str) -> Response:
    """Every paper that the case asks for."""
    return _page(my_papers(current_user.account_id, code), replaces=request.args.get("ganti"))


@blueprint.get("/permohonan/<code:code>/dokumen/<paper>/lihat")
@open_to(Audience.APPLICANT)
def view_document(code: str, paper: str) -> Response | str:
    """One's own picture at full width: the file itself is only ever a download."""
    card = my_papers(current_user.account_id, code).card(paper)
    if not card.has_picture:
        return return_to_document(code, paper)
    return render_template("applicants/document_view.html", card=card, code=code, words=_WORDS)


@blueprint.post("/permohonan/<code:code>/dokumen/<paper>")
@open_to(Audience.APPLICANT)
def give_document(code: str, paper: str) -> Response:
    """Take a photo for one paper; a refused one comes back with the reason at its field.

    Where it only got no turn, htmx gets a banner instead: the form stays, and the chosen photo in it.
    """
    account_id, now = current_user.account_id, clock.now()
    form = form_for(my_papers(account_id, code).card(paper))
    kind, key, photo = form.kind.data, one_time_key(), form.photo
    try:
        upload_document(
            account_id, code, paper, kind=kind, data=photo.content, name=photo.file_name, key=key, now=now
        )
    except (ImageRefusal, PaperAccepted, StoreFull) as refusal:
        form.photo.errors = [sentence(refusal)]
    except WrongKind as refusal:
        form.kind.errors = [sentence(refusal)]
    except (PicturesBusy, OwnPicturesFirst) as refusal:
        if _is_part():
            raise
        form.photo.errors = [sentence(refusal)]
        answer = _page(my_papers(account_id, code), {paper: form}, refusal.status)
        answer.headers["Retry-After"] = str(SOON)
        return answer
    return _answer(code, paper, form)


@blueprint.get("/permohonan/<code:code>/dokumen/<paper>")
@blueprint.get("/permohonan/<code:code>/dokumen/<paper>/hapus")
@open_to(Audience.APPLICANT)
def return_to_document(code: str, paper: str) -> Response:
    """Where one lands after signing in again, or by reloading the answer to a form."""
    return go_to("applicants.show_documents", code=code, _anchor=f"dokumen-{paper}")


@blueprint.post("/permohonan/<code:code>/dokumen/<paper>/hapus")
@open_to(Audience.APPLICANT)
def take_back_document(code: str, paper: str) -> Response:
    """Remove what was given for one paper of a draft."""
    remove_document.once(one_time_key(), current_user.account_id, code, paper, now=clock.now())
    return _answer(code, paper, None)


@blueprint.get("/permohonan/<code:code>/dokumen/<paper>/foto")
@open_to(Audience.APPLICANT)
def show_picture(code: str, paper: str) -> Response:
    """The stored picture, or its thumbnail with `?kecil=1`; its owner's only."""
    document = my_papers(current_user.account_id, code).card(paper).document
    if document is None:
        return serve_picture(None, paper)
    key = document.thumb_key if request.args.get("kecil") else document.file_key
    return serve_picture(key, paper)


def _is_part() -> bool:
    return wants_part() and not wants_main()


def _answer(code: str, paper: str, form: DocumentForm | None) -> Response:
    """After an operation: the fresh part for htmx; else back to the page, or the page with its errors."""
    refused = form is not None and bool(form.photo.errors or form.kind.errors)
    is_part = _is_part()
    if not is_part and not refused:
        return return_to_document(code, paper)
    found = my_papers(current_user.account_id, code)
    forms = {paper: form} if form is not None and refused else {}
    if not is_part:
        return _page(found, forms, 422)
    card = found.card(paper)
    return page_or_part(
        "applicants/documents.html",
        "applicants/_document.html",
        422 if refused else 200,
        papers=found,
        code=code,
        card=card,
        form=forms.get(paper) or _fresh_form(card),
        is_update=True,
        words=_WORDS,
    )


def _page(
    found: Papers,
    forms: dict[str, DocumentForm] | None = None,
    status: int = 200,
    replaces: str | None = None,
) -> Response:
    """The whole page, the form of the paper that is to be replaced open; never the part of one paper."""
    given = forms or {}
    pairs = [(card, given.get(card.paper.code) or form_for(card)) for card in found.cards]
    return page_or_part(
        "applicants/documents.html",
        "applicants/documents.html",
        status,
        papers=found,
        code=found.application.code,
        pairs=pairs,
        wrong=[form.photo for form in given.values()],
        has_errors=bool(given),
        is_update=False,
        replaces=replaces,
        words=_WORDS,
    )


def _fresh_form(card: PaperCard) -> DocumentForm:
    """The form as it is after a success: nothing of what was sent in it."""
    form = form_for(card)
    form.kind.data = card.document.kind if card.document is not None else None
    form.photo.data = None
    return form
