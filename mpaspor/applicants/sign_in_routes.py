"""Coming in: password, a code on a new device, and a new password for whoever forgot."""

from __future__ import annotations

from flask.wrappers import Response
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.account_forms import (
    CodeForm,
    ForgottenForm,
    ResetForm,
    SignInForm,
    ask_password_again,
)
from mpaspor.applicants.account_pages import HOME, answer_with, answered, ask_again, asked, page
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.refusals import WrongCredentials
from mpaspor.people.reset_password import ask_reset, reset_password
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in.applicants import enter_with_sign_in_code
from mpaspor.people.sign_in.applicants import sign_in as check_sign_in_of
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.web import sessions, signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to_url
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/masuk")
@open_to(Audience.VISITOR)
def sign_in() -> Response:
    """E-mail and password."""
    if current_user.is_authenticated:
        return go_to_url(signing_in.way_on(HOME))
    return page("sign_in", form=SignInForm(), has_ended=sessions.has_token())


@blueprint.post("/masuk")
@open_to(Audience.VISITOR)
def check_sign_in() -> Response:
    """Come in on a known device; on a new one, or before the address is proved, a code is asked."""
    form = SignInForm()
    if not form.validate_on_submit():
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
    if isinstance(outcome, NewSignIn):
        return signing_in.enter(outcome, is_shared=is_shared, url=signing_in.way_on(HOME))
    new_account = outcome.purpose is CodePurpose.VERIFY
    endpoint = "applicants.ask_verification" if new_account else "applicants.ask_sign_in_code"
    return signing_in.to_code_page(endpoint, outcome.challenge_id, is_shared=is_shared)


@blueprint.get("/masuk/kode")
@open_to(Audience.VISITOR)
def ask_sign_in_code() -> Response:
    """The code that a new device is asked for."""
    return asked("sign_in_code", CodePurpose.SIGN_IN, CodeForm())


@blueprint.post("/masuk/kode")
@open_to(Audience.VISITOR)
def check_sign_in_code() -> Response:
    return answered(
        "sign_in_code",
        CodePurpose.SIGN_IN,
        CodeForm(),
        lambda form, challenge_id, browser, now: enter_with_sign_in_code(
            challenge_id, form.code.data, browser=browser, now=now
        ),
    )


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
    if not form.validate_on_submit():
        return page("forgotten", 422, form=form)
    try:
        challenge_id = ask_reset(form.email.data, browser=signing_in.this_browser(), now=clock.now())
    except Refusal as refusal:
        return answer_with("forgotten", form, refusal)
    return signing_in.to_code_page("applicants.ask_reset_code", challenge_id)


@blueprint.get("/lupa/kode")
@open_to(Audience.VISITOR)
def ask_reset_code() -> Response:
    """The code and the new password."""
    return asked("reset", CodePurpose.RESET, ResetForm())


@blueprint.post("/lupa/kode")
@open_to(Audience.VISITOR)
def check_reset() -> Response:
    return answered(
        "reset",
        CodePurpose.RESET,
        ResetForm(),
        lambda form, challenge_id, browser, now: reset_password(
            challenge_id, form.code.data, form.password.data, browser=browser, now=now
        ),
        "password",
    )


@blueprint.post("/lupa/kode/ulang")
@open_to(Audience.VISITOR)
def resend_reset_code() -> Response:
    return ask_again("reset", CodePurpose.RESET, ResetForm(), "applicants.ask_reset_code")
