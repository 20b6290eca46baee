"""The steps of a case, one address each: read the form, do the operation, show the case as it is now."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.choices import Sex
from mpaspor.applications.images import ImageRefusal
from mpaspor.applications.papers import DocumentKind
from mpaspor.applications.rules import STEPS_BACK, CaseState
from mpaspor.desk import adjudicate, check_documents
from mpaspor.desk.ask_registries import ask_again
from mpaspor.desk.close_case import close_case
from mpaspor.desk.correct_identity import Identity, correct_identity
from mpaspor.desk.give_second_chance import give_second_chance
from mpaspor.desk.print_booklet import print_booklet
from mpaspor.desk.refusals import BlankPhoto, BookletRefused, DoubtNeedsReason, NotYourStep, PapersUndecided
from mpaspor.desk.rules import CLOSABLE, CORRECTED_BY, PAPERS_DECIDED_BY, WHO, WHO_BACK
from mpaspor.desk.take_back import take_back
from mpaspor.desk.take_biometrics import take_biometrics
from mpaspor.foundation import clock
from mpaspor.foundation.operations import Operation
from mpaspor.foundation.refusals import NotFound, Refusal, StateChanged
from mpaspor.officers import blueprint, going_on
from mpaspor.officers.case_routes import Answer, case_page, form_named, registries_part
from mpaspor.people.rules import Role
from mpaspor.web.access import asks_again, open_to
from mpaspor.web.htmx import go_to, wants_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence

S = CaseState
_BACK = frozenset().union(*WHO_BACK.values())
_CLOSE = frozenset().union(*(WHO[state, S.CLOSED] for state in CLOSABLE))


def _do(
    code: str,
    act: Callable[[], object],
    *,
    name: str | None = None,
    shown: str | None = None,
    at_fields: tuple[type[Refusal], ...] = (),
) -> ResponseReturnValue:
    """Run an operation. A refusal comes back on the case's page, which shows how the case stands now; one of
    `at_fields` is raised to the caller, who knows the field that it belongs to."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        if isinstance(refusal, at_fields):
            raise
        form = form_named(name) if name is not None else None
        return case_page(code, Answer(refusal.status, name, form, refusal, shown))
    return going_on.after_step(code)


def run_with_form(
    code: str, name: str, act: Callable[[Any], object], *, at_fields: tuple[type[Refusal], ...] = ()
) -> ResponseReturnValue:
    """Run an operation with a valid form; another comes back as it was typed, with its faults."""
    form = form_named(name)
    if not form.validate_on_submit():
        return case_page(code, Answer(422, name, form, shown=request.args.get("berkas")))
    return _do(code, lambda: act(form), name=name, at_fields=at_fields)


def _by_me(operation: Operation[..., Any], *args: Any, **facts: Any) -> None:
    """This officer does it now, once under the key of the form that was sent."""
    operation.once(one_time_key(), current_user.staff_id, *args, now=clock.now(), **facts)


def _seen() -> str | None:
    """Which picture, proposal or booklet was on the screen; another tab may have put a new one there."""
    return request.form.get("dilihat")


def _seen_as() -> str | None:
    """How the paper stood on the screen; a colleague may have decided on it."""
    return request.form.get("status")


@blueprint.post("/kasus/<code:code>/berkas/<paper>/terima")
@open_to(*PAPERS_DECIDED_BY)
def accept_paper(code: str, paper: str) -> ResponseReturnValue:
    """Accept it; the last of them takes the case on, as far as this officer may take it."""
    seen, held = _seen(), request.form.get("asli") == "y"
    shown = request.form.get("jenis", "")
    kind = DocumentKind(shown) if shown in set(DocumentKind) else None

    def act() -> None:
        _by_me(
            check_documents.decide_paper,
            code,
            paper,
            accepted=True,
            held=held,
            reason=None,
            seen=seen,
            seen_as=_seen_as(),
            shown_kind=kind,
        )
        with suppress(PapersUndecided, NotYourStep, StateChanged):
            check_documents.go_on_if_all_accepted(current_user.staff_id, code, now=clock.now())

    return _do(code, act, shown=paper)


@blueprint.post("/kasus/<code:code>/berkas/<paper>/minta")
@open_to(*PAPERS_DECIDED_BY)
def want_paper(code: str, paper: str) -> ResponseReturnValue:
    form = form_named("want")
    if not form.validate_on_submit():
        return case_page(code, Answer(422, "want", form, shown=paper))
    return _do(
        code,
        lambda: _by_me(
            check_documents.decide_paper,
            code,
            paper,
            accepted=False,
            reason=form.reason,
            seen=None,
            seen_as=_seen_as(),
        ),
        name="want",
        shown=paper,
    )


@blueprint.post("/kasus/<code:code>/berkas")
@open_to(*PAPERS_DECIDED_BY)
def finish_documents(code: str) -> ResponseReturnValue:
    waits_here = request.form.get("tunggu") == "1"
    return _do(code, lambda: _by_me(check_documents.finish_documents, code, waits_here=waits_here))


@blueprint.post("/kasus/<code:code>/foto")
@open_to(*WHO[S.DOCUMENTS_CHECKED, S.BIOMETRICS_TAKEN])
def take_photo(code: str) -> ResponseReturnValue:
    form = form_named("photo")
    if not form.validate_on_submit():
        return case_page(code, Answer(422, "photo", form))
    try:
        take_biometrics(
            current_user.staff_id,
            code,
            data=form.photo.content,
            hand=form.hand,
            key=one_time_key(),
            now=clock.now(),
        )
    except ImageRefusal as refusal:
        form.photo.errors = [sentence(refusal)]
        if isinstance(refusal, BlankPhoto):
            form.refused_picture = f"data:image/jpeg;base64,{b64encode(refusal.thumb).decode()}"
        return case_page(code, Answer(refusal.status, "photo", form))
    except NotFound:
        raise
    except Refusal as refusal:
        return case_page(code, Answer(refusal.status, refusal=refusal))
    return going_on.after_step(code)


@blueprint.post("/kasus/<code:code>/setujui")
@open_to(*WHO[S.INTERVIEWED, S.GRANTED])
def grant(code: str) -> ResponseReturnValue:
    form = form_named("grant")
    try:
        _by_me(adjudicate.grant, code, reason=form.reason.data)
    except DoubtNeedsReason as refusal:
        form.reason.errors = [sentence(refusal)]
        return case_page(code, Answer(refusal.status, "grant", form))
    except NotFound:
        raise
    except Refusal as refusal:
        return case_page(code, Answer(refusal.status, refusal=refusal))
    return going_on.after_step(code)


@blueprint.post("/kasus/<code:code>/pemeriksaan")
@open_to(*WHO[S.INTERVIEWED, S.GRANTED])
def ask_registries(code: str) -> ResponseReturnValue:
    return _do(code, lambda: _by_me(ask_again, code))


@blueprint.get("/kasus/<code:code>/pemeriksaan")
@open_to(*WHO[S.INTERVIEWED, S.GRANTED])
def show_registries(code: str) -> ResponseReturnValue:
    """What the registers say by now: the part of the case that looks for it by itself."""
    part = registries_part(code)
    return part if wants_part() else go_to("officers.case", code=code)


@blueprint.post("/kasus/<code:code>/usul")
@open_to(*WHO[S.INTERVIEWED, S.REFUSED])
def propose(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        _by_me(
            adjudicate.propose,
            code,
            verdict=S(form.verdict.data),
            reason=form.reason.data,
            told=adjudicate.Told(form.told.data, form.ground.data, form.term),
        )

    return run_with_form(code, "proposal", act)


@blueprint.post("/kasus/<code:code>/usul/setujui")
@open_to(*WHO[S.INTERVIEWED, S.REFUSED])
def confirm_proposal(code: str) -> ResponseReturnValue:
    return _do(
        code,
        lambda: _by_me(adjudicate.decide_proposal, code, agreed=True, reason=None, seen=_seen()),
    )


@blueprint.post("/kasus/<code:code>/usul/tolak")
@open_to(*WHO[S.INTERVIEWED, S.REFUSED])
def decline_proposal(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        _by_me(adjudicate.decide_proposal, code, agreed=False, reason=form.reason.data, seen=None)

    return run_with_form(code, "decline", act)


@blueprint.post("/kasus/<code:code>/cetak")
@open_to(*WHO[S.GRANTED, S.PRINTED])
def record_booklet(code: str) -> ResponseReturnValue:
    form = form_named("booklet")
    if not form.validate_on_submit():
        return case_page(code, Answer(422, "booklet", form))
    try:
        _by_me(print_booklet, code, number=form.number.data)
    except BookletRefused as refusal:
        form.number.errors = [sentence(refusal)]
        return case_page(code, Answer(refusal.status, "booklet", form))
    except NotFound:
        raise
    except Refusal as refusal:
        return case_page(code, Answer(refusal.status, refusal=refusal))
    return going_on.after_step(code)


@blueprint.post("/kasus/<code:code>/kembali")
@open_to(*_BACK)
@asks_again(Role.SUPERVISOR)
def step_back(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        seen = form.state.data
        if seen not in STEPS_BACK:
            raise NotFound()
        _by_me(take_back, code, state=S(seen), reason=form.reason.data)

    return run_with_form(code, "back", act)


@blueprint.post("/kasus/<code:code>/betulkan")
@open_to(*CORRECTED_BY)
@asks_again()
def correct(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        sex = Sex(form.sex.data)
        card = Identity(form.full_name.data, form.birth_place.data, form.birth_on.data, sex)
        _by_me(correct_identity, code, card, reason=form.reason.data)

    return run_with_form(code, "correction", act)


@blueprint.post("/kasus/<code:code>/tutup")
@open_to(*_CLOSE)
@asks_again()
def close(code: str) -> ResponseReturnValue:
    return run_with_form(
        code,
        "close",
        lambda form: _by_me(close_case, code, reason=form.reason.data),
    )


@blueprint.post("/kasus/<code:code>/kesempatan")
@open_to(*WHO[S.MISSED, S.AWAITING_PLACE])
@asks_again()
def second_chance(code: str) -> ResponseReturnValue:
    return run_with_form(
        code,
        "chance",
        lambda form: _by_me(give_second_chance, code, reason=form.reason.data),
    )
