"""What the pages of account and sign-in share: rendering, the pending code, sending it again."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask.wrappers import Response
from flask_wtf import FlaskForm

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.people import queries
from mpaspor.people.resend_code import resend_code
from mpaspor.people.rules import CodePurpose
from mpaspor.web import signing_in
from mpaspor.web.htmx import go_to
from mpaspor.web.labels import sentence

HOME = "/permohonan"
ZONE = "Asia/Jakarta"


def page(name: str, status: int = 200, **context: Any) -> Response:
    """One page of `templates/applicants/account/`."""
    response: Response = make_response(
        render_template(
            f"applicants/account/{name}.html", carried=signing_in.carried(), zone=ZONE, **context
        ),
        status,
    )
    return response


def answer_with(name: str, form: FlaskForm, refusal: Refusal, **context: Any) -> Response:
    """The same form with the reason on top; what was typed stays."""
    return _with_wait(
        page(name, refusal.status, form=form, refused=sentence(refusal), has_errors=True, **context), refusal
    )


def _with_wait(response: Response, refusal: Refusal) -> Response:
    if isinstance(refusal, TooFast):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def asked(
    name: str, purpose: CodePurpose, form: FlaskForm, status: int = 200, *, refused: str = ""
) -> Response:
    """A page that asks for the pending code, or the way to it when none is pending here."""
    challenge_id = signing_in.expected_code()
    challenge = queries.challenge(challenge_id, purpose, now=clock.now()) if challenge_id else None
    if challenge is None:
        return page("no_code", 404 if request.method == "POST" else 200)
    if request.method == "GET" and hasattr(form, "shared"):
        form.shared.data = signing_in.is_shared()
    return page(
        name,
        status,
        form=form,
        challenge=challenge,
        refused=refused,
        has_errors=bool(refused),
        just_sent=request.method == "GET" and "terkirim" in request.args,
    )


def ask_again(name: str, purpose: CodePurpose, form: FlaskForm, endpoint: str) -> Response:
    """Send another code and show the page that waits for it; too soon says for how long."""
    challenge_id = signing_in.expected_code()
    if challenge_id is None:
        return asked(name, purpose, form, 404)
    try:
        fresh = resend_code(challenge_id, purpose, address=request.remote_addr, now=clock.now())
    except Refusal as refusal:
        response = asked(name, purpose, form, refusal.status, refused=sentence(refusal))
        return _with_wait(response, refusal)
    signing_in.expect_code(fresh)
    return go_to(endpoint, terkirim=1, **signing_in.carried())
