"""Coming in: password, a code on a new device, and a new password for whoever forgot."""

from __future__ import annotations

from flask import request
from flask.wrappers import Response
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.account_forms import (
    CodeForm,
    ForgottenForm,
    ResetForm,
    SignInForm,
    ask_password_again,
    blame_password,
)
from mpaspor.applicants.account_pages import HOME, answer_with, ask_again, asked, page
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.refusals import WeakPassword, WrongCredentials
from mpaspor.people.reset_password import ask_reset, reset_password
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in import enter_with_sign_in_code
from mpaspor.people.sign_in import sign_in as check_sign_in_of
from mpaspor.people.steps import Entered
from mpaspor.web import signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to, go_to_url
from mpaspor.web.labels import sentence


@blueprint.get("/masuk")
@open_to(Audience.VISITOR)
def sign_in() -> Response:
    """E-mail and password."""
    if current_user.is_authenticated:
        return go_to_url(signing_in.way_on(HOME))
    return page("sign_in", form=SignInForm())


@blueprint.post("/masuk")
@open_to(Audience.VISITOR)
def check_sign_in() -> Response:
    """Come in on a known device; on a new one, or before the address is proved, a code is asked."""
    form = SignInForm()
    if not form.validate():
        ask_password_again(form, "password")
        return page("sign_in", 422, form=form)
    is_shared = form.shared.data
    try:
        outcome = check_sign_in_of(
            form.email.data,
            form.password.data,
            browser=signing_in.this_browser(is_shared=is_shared),
            now=clock.now(),
        )
    except WrongCredentials as refusal:
        form.password.errors = [sentence(refusal)]
        return page("sign_in", refusal.status, form=form)
    except Refusal as refusal:
        ask_password_again(form, "password")
        return answer_with("sign_in", form, refusal)
    if isinstance(outcome, Entered):
        return signing_in.enter(outcome, is_shared=is_shared, url=signing_in.way_on(HOME))
    signing_in.expect_code(outcome.challenge_id, is_shared=is_shared)
    new_account = outcome.purpose is CodePurpose.VERIFY
    endpoint = "applicants.ask_verification" if new_account else "applicants.ask_sign_in_code"
    return go_to(endpoint, **signing_in.carried())


@blueprint.get("/masuk/kode")
@open_to(Audience.VISITOR)
def ask_sign_in_code() -> Response:
    """The code that a new device is asked for."""
    return asked("sign_in_code", CodePurpose.SIGN_IN, CodeForm())


@blueprint.post("/masuk/kode")
@open_to(Audience.VISITOR)
def check_sign_in_code() -> Response:
    form = CodeForm()
    challenge_id = signing_in.expected_code()
    if challenge_id is None or not form.validate():
        return asked("sign_in_code", CodePurpose.SIGN_IN, form, 422)
    is_shared = form.shared.data
    try:
        entered = enter_with_sign_in_code(
            challenge_id,
            form.code.data,
            browser=signing_in.this_browser(is_shared=is_shared),
            now=clock.now(),
        )
    except Refusal as refusal:
        form.code.errors = [sentence(refusal)]
        return asked("sign_in_code", CodePurpose.SIGN_IN, form, refusal.status)
    return signing_in.enter(entered, is_shared=is_shared, url=signing_in.way_on(HOME))


@blueprint.post("/masuk/kode/ulang")
@open_to(Audience.VISITOR)
def resend_sign_in_code() -> Response:
    return ask_again("sign_in_code", CodePurpose.SIGN_IN, CodeForm(), "applicants.ask_sign_in_code")


@blueprint.get("/lupa")
@open_to(Audience.VISITOR)
def forgotten() -> Response:
    """Where shall the code go?"""
    return page("forgotten", form=ForgottenForm())


@blueprint.post("/lupa")
@open_to(Audience.VISITOR)
def send_reset() -> Response:
    """Send a code if the address is somebody's; the answer never says whether."""
    form = ForgottenForm()
    if not form.validate():
        return page("forgotten", 422, form=form)
    try:
        challenge_id = ask_reset(form.email.data, address=request.remote_addr, now=clock.now())
    except Refusal as refusal:
        return answer_with("forgotten", form, refusal)
    signing_in.expect_code(challenge_id, is_shared=False)
    return go_to("applicants.ask_reset_code", **signing_in.carried())


@blueprint.get("/lupa/kode")
@open_to(Audience.VISITOR)
def ask_reset_code() -> Response:
    """The code and the new password."""
    return asked("reset", CodePurpose.RESET, ResetForm())


@blueprint.post("/lupa/kode")
@open_to(Audience.VISITOR)
def check_reset() -> Response:
    form = ResetForm()
    challenge_id = signing_in.expected_code()
    if challenge_id is None or not form.validate():
        ask_password_again(form, "password")
        return asked("reset", CodePurpose.RESET, form, 422)
    is_shared = form.shared.data
    try:
        entered = reset_password(
            challenge_id,
            form.code.data,
            form.password.data,
            browser=signing_in.this_browser(is_shared=is_shared),
            now=clock.now(),
        )
    except WeakPassword as refusal:
        blame_password(form.password, refusal)
        return asked("reset", CodePurpose.RESET, form, refusal.status)
    except Refusal as refusal:
        form.code.errors = [sentence(refusal)]
        ask_password_again(form, "password")
        return asked("reset", CodePurpose.RESET, form, refusal.status)
    return signing_in.enter(entered, is_shared=is_shared, url=signing_in.way_on(HOME))


@blueprint.post("/lupa/kode/ulang")
@open_to(Audience.VISITOR)
def resend_reset_code() -> Response:
    return ask_again("reset", CodePurpose.RESET, ResetForm(), "applicants.ask_reset_code")
