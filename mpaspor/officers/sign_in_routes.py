"""Officers come in by password and second factor."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint
from mpaspor.officers.sign_in_forms import OfficerSignInForm
from mpaspor.people.refusals import ChallengeOver
from mpaspor.people.second_factor import passkeys
from mpaspor.people.sign_in import by_passkey, end_sign_ins
from mpaspor.people.sign_in.officers import check_staff_password, enter_with_factor, is_asked
from mpaspor.web import sessions, signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.forms import BaseForm
from mpaspor.web.headers import leave_nothing, when_again
from mpaspor.web.htmx import go_to, go_to_url
from mpaspor.web.keys import PASSKEY
from mpaspor.web.labels.refusals import sentence
from mpaspor.web.reentry import FactorForm

HOME = "/petugas"


@blueprint.get("/masuk")
@open_to(Audience.VISITOR)
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return go_to_url(signing_in.way_on(HOME, officer=True))
    return _page("sign_in", form=OfficerSignInForm())


@blueprint.post("/masuk")
@open_to(Audience.VISITOR)
def check_sign_in() -> ResponseReturnValue:
    form = OfficerSignInForm()
    if not form.validate_on_submit():
        return _page("sign_in", 422, form=form)
    try:
        challenge_id = check_staff_password(
            form.email.data, form.password.data, browser=signing_in.this_browser(), now=clock.now()
        )
    except Refusal as refusal:
        form.password.errors = [sentence(refusal)]
        return _refused("sign_in", form, refusal)
    return signing_in.to_code_page("officers.ask_code", challenge_id)


@blueprint.get("/masuk/kode")
@open_to(Audience.VISITOR)
def ask_code() -> ResponseReturnValue:
    return _code_page(FactorForm(formdata=None))


@blueprint.post("/masuk/kode")
@open_to(Audience.VISITOR)
def check_code() -> ResponseReturnValue:
    """The code opens the desk for twelve hours, or until half an hour of rest."""
    form = FactorForm()
    challenge_id = signing_in.asked_code()
    if challenge_id is None or not form.validate_on_submit():
        return _code_page(form, 422)
    browser = signing_in.this_browser()
    try:
        entered = enter_with_factor(challenge_id, form.bukti.data, browser=browser, now=clock.now())
    except ChallengeOver:
        return go_to("officers.sign_in", **signing_in.carried())
    except Refusal as refusal:
        form.bukti.errors = [sentence(refusal)]
        return _code_page(form, refusal.status)
    return signing_in.enter(entered, is_shared=True, url=signing_in.way_on(HOME, officer=True))


@blueprint.post("/masuk/kunci/tanya")
@open_to(Audience.VISITOR)
def ask_passkey() -> ResponseReturnValue:
    """The question that this browser asks a passkey, to sign in or once more."""
    asked = by_passkey.question(browser=signing_in.this_browser(), now=clock.now())
    return Response(asked, content_type="application/json; charset=utf-8")


@blueprint.post("/masuk/kunci")
@open_to(Audience.VISITOR)
def check_passkey() -> ResponseReturnValue:
    """A passkey lets in by itself: it asked its owner for a finger, a face or a PIN."""
    try:
        entered = by_passkey.enter_with_key(
            request.form.get(PASSKEY, ""), browser=signing_in.this_browser(), now=clock.now()
        )
    except Refusal as refusal:
        form = OfficerSignInForm(formdata=None)
        form.form_errors.append(sentence(refusal))
        return _page("sign_in", refusal.status, form=form)
    return signing_in.enter(entered, is_shared=True, url=signing_in.way_on(HOME, officer=True))


@blueprint.post("/keluar")
@open_to(Audience.VISITOR)
def sign_out() -> ResponseReturnValue:
    """End the sign-in at the server and clear the browser."""
    if (sign_in_id := getattr(current_user, "sign_in_id", None)) is not None:
        end_sign_ins.sign_out(sign_in_id, now=clock.now())
    sessions.end_sign_in()
    return leave_nothing(go_to("officers.sign_in"))


def _code_page(form: FactorForm, status: int = 200) -> ResponseReturnValue:
    form.takes_focus()
    challenge_id = signing_in.asked_code()
    browser = signing_in.this_browser()
    if challenge_id is None or not is_asked(challenge_id, browser=browser, now=clock.now()):
        return go_to("officers.sign_in", **signing_in.carried())
    return _page("sign_in_code", status, form=form, asking=signing_in.asking(challenge_id))


def _refused(name: str, form: BaseForm, refusal: Refusal) -> ResponseReturnValue:
    body, status = _page(name, refusal.status, form=form)
    return body, status, when_again(refusal)


def _page(name: str, status: int = 200, **context: Any) -> tuple[str, int]:
    origin = passkeys.place().origin
    carried = signing_in.carried()
    body = render_template(f"officers/{name}.html", carried=carried, passkey_origin=origin, **context)
    return body, status
