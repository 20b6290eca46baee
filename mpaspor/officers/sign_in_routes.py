"""Officers come in by password and code in the demo; elsewhere a real second factor must exist first."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.officers import blueprint
from mpaspor.officers.sign_in_forms import OfficerCodeForm, OfficerSignInForm
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.people import queries
from mpaspor.people.refusals import NoChallenge, NoSecondFactor
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in import end_sign_ins
from mpaspor.people.sign_in.officers import ask_staff_code, enter_with_staff_code
from mpaspor.people.sign_in.resend_code import resend_code
from mpaspor.web import sessions, signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.forms import BaseForm
from mpaspor.web.headers import LEAVE_NOTHING
from mpaspor.web.htmx import go_to, go_to_url
from mpaspor.web.labels.refusals import sentence

HOME = "/petugas"


@blueprint.get("/masuk")
@open_to(Audience.VISITOR)
def sign_in() -> ResponseReturnValue:
    """Address and password, or why nobody comes in here yet."""
    if not settings().demo:
        return _page("sign_in_closed", 403, reason=sentence(NoSecondFactor()))
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
        challenge_id = ask_staff_code(
            form.email.data,
            form.password.data,
            is_demo=settings().demo,
            browser=signing_in.this_browser(),
            now=clock.now(),
        )
    except NoSecondFactor as refusal:
        return _page("sign_in_closed", 403, reason=sentence(refusal))
    except Refusal as refusal:
        return _refused("sign_in", form, refusal)
    return signing_in.to_code_page("officers.ask_code", challenge_id)


@blueprint.get("/masuk/kode")
@open_to(Audience.VISITOR)
def ask_code() -> ResponseReturnValue:
    return _code_page(OfficerCodeForm())


@blueprint.post("/masuk/kode")
@open_to(Audience.VISITOR)
def check_code() -> ResponseReturnValue:
    """The code opens the desk for twelve hours, or until half an hour of rest."""
    form = OfficerCodeForm()
    challenge_id = signing_in.asked_code()
    if challenge_id is None or not form.validate_on_submit():
        return _code_page(form, 422)
    try:
        entered = enter_with_staff_code(
            challenge_id,
            form.code.data,
            is_demo=settings().demo,
            browser=signing_in.this_browser(),
            now=clock.now(),
        )
    except Refusal as refusal:
        form.code.errors = [sentence(refusal)]
        return _code_page(form, refusal.status)
    return signing_in.enter(entered, is_shared=True, url=signing_in.way_on(HOME, officer=True))


@blueprint.post("/masuk/kode/ulang")
@open_to(Audience.VISITOR)
def send_code_again() -> ResponseReturnValue:
    form = OfficerCodeForm()
    try:
        challenge_id = signing_in.asked_code()
        if challenge_id is None:
            raise NoChallenge()
        resend_code(challenge_id, CodePurpose.OFFICER, browser=signing_in.this_browser(), now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(sentence(refusal))
        return _code_page(form, refusal.status)
    return signing_in.to_code_page("officers.ask_code", challenge_id)


@blueprint.post("/keluar")
@open_to(Audience.VISITOR)
def sign_out() -> ResponseReturnValue:
    """End the sign-in at the server and clear the browser."""
    if current_user.is_authenticated:
        end_sign_ins.sign_out(current_user.sign_in_id, now=clock.now())
    sessions.end_sign_in()
    answer = go_to("officers.sign_in")
    answer.headers.update(LEAVE_NOTHING)
    return answer


def _code_page(form: BaseForm, status: int = 200) -> ResponseReturnValue:
    challenge_id = signing_in.asked_code()
    browser = signing_in.this_browser()
    challenge = (
        queries.challenge(challenge_id, CodePurpose.OFFICER, browser=browser, now=clock.now())
        if challenge_id
        else None
    )
    if challenge is None:
        return go_to("officers.sign_in", **signing_in.carried())
    asking = signing_in.asking(challenge.id)
    return _page("sign_in_code", status, form=form, challenge=challenge, asking=asking, zone=HOME_ZONE)


def _refused(name: str, form: BaseForm, refusal: Refusal) -> ResponseReturnValue:
    form.password.errors = [sentence(refusal)]
    body, status = _page(name, refusal.status, form=form)
    wait = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooFast) else {}
    return body, status, wait


def _page(name: str, status: int = 200, **context: Any) -> tuple[str, int]:
    return render_template(f"officers/{name}.html", carried=signing_in.carried(), **context), status
