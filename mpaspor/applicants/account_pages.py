"""What the pages of account and sign-in share: rendering, the pending code, sending it again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import make_response, request, url_for
from flask.wrappers import Response

from mpaspor.applicants.account_forms import ask_password_again, blame_password
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.people import queries
from mpaspor.people.queries import Challenge
from mpaspor.people.refusals import WeakPassword
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.people.sign_in.resend_code import resend_code
from mpaspor.web import signing_in
from mpaspor.web.forms import BaseForm
from mpaspor.web.htmx import page_or_part, wants_main, wants_part
from mpaspor.web.labels.refusals import sentence

HOME = "/permohonan"
STOP_LOOKING = 286  # htmx's own: whatever asks again and again asks no more
_WAITING_PAGES = {
    CodePurpose.VERIFY: "applicants.ask_verification",
    CodePurpose.SIGN_IN: "applicants.ask_sign_in_code",
}


def page(name: str, status: int = 200, *, part: str | None = None, **context: Any) -> Response:
    """One page of `templates/applicants/account/`, or for htmx its part where it has one."""
    return page_or_part(
        f"applicants/account/{name}.html",
        f"applicants/account/{part or name}.html",
        status,
        carried=signing_in.carried(),
        zone=HOME_ZONE,
        **context,
    )


def answer_with(name: str, form: BaseForm, refusal: Refusal, **context: Any) -> Response:
    """The same form with the reason on top; what was typed stays."""
    return _with_wait(
        page(name, refusal.status, form=form, refused=sentence(refusal), has_errors=True, **context), refusal
    )


def _with_wait(response: Response, refusal: Refusal) -> Response:
    if isinstance(refusal, TooFast):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def asked(
    name: str, purpose: CodePurpose, form: BaseForm, status: int = 200, *, refused: str = ""
) -> Response:
    """A page that asks for the code it is about, or the way to one when this browser has none pending."""
    is_news = wants_part() and not wants_main()
    challenge = _challenge(purpose)
    if challenge is None and is_news:
        return make_response("", STOP_LOOKING)
    if challenge is None:
        return page("no_code", 404 if request.method == "POST" else 200)
    if request.method == "GET" and hasattr(form, "shared"):
        form.shared.data = signing_in.asked_as_shared()
    return page(
        name,
        status,
        part="_mail",
        form=form,
        challenge=challenge,
        may_correct=purpose is CodePurpose.VERIFY,
        news_at=_news_at(challenge),
        asking=signing_in.asking(challenge.id),
        refused=refused,
        has_errors=bool(refused),
        just_sent=request.method == "GET" and "terkirim" in request.args,
    )


def answered(
    name: str,
    purpose: CodePurpose,
    form: BaseForm,
    enter: Callable[[Any, uuid.UUID, Browser, datetime], NewSignIn],
    *passwords: str,
) -> Response:
    """Let the person in whose code is right, or show the page again with the reason at its field."""
    challenge_id = signing_in.asked_code()
    if challenge_id is None or not form.validate_on_submit():
        ask_password_again(form, *passwords)
        return asked(name, purpose, form, 422)
    is_shared = form.shared.data
    try:
        entered = enter(form, challenge_id, signing_in.this_browser(is_shared=is_shared), clock.now())
    except WeakPassword as refusal:
        blame_password(form.password, refusal)
        return asked(name, purpose, form, refusal.status)
    except Refusal as refusal:
        form.code.errors = [sentence(refusal)]
        ask_password_again(form, *passwords)
        return _with_wait(asked(name, purpose, form, refusal.status), refusal)
    return signing_in.enter(entered, is_shared=is_shared, url=signing_in.way_on(HOME))


def ask_again(name: str, purpose: CodePurpose, form: BaseForm, endpoint: str) -> Response:
    """Send another code and show the page that waits for it; too soon says for how long."""
    challenge_id = signing_in.asked_code()
    if challenge_id is None:
        return asked(name, purpose, form, 404)
    try:
        resend_code(challenge_id, purpose, browser=signing_in.this_browser(), now=clock.now())
    except Refusal as refusal:
        return _with_wait(asked(name, purpose, form, refusal.status, refused=sentence(refusal)), refusal)
    return signing_in.to_code_page(endpoint, challenge_id, is_shared=signing_in.asked_as_shared(), terkirim=1)


def _news_at(challenge: Challenge) -> str | None:
    """Where the page asks how its mail fares, while there is a page that does and the code counts."""
    endpoint = _WAITING_PAGES.get(challenge.purpose)
    if endpoint is None or challenge.expires_at <= clock.now():
        return None
    where: dict[str, Any] = {**signing_in.asking(challenge.id)}
    return url_for(endpoint, **where)


def _challenge(purpose: CodePurpose) -> Challenge | None:
    challenge_id = signing_in.asked_code()
    if challenge_id is None:
        return None
    return queries.challenge(challenge_id, purpose, browser=signing_in.this_browser(), now=clock.now())
