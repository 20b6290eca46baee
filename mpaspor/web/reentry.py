"""The second factor once more: before a grave act, and where a screen was left alone for half an hour.

What was typed is carried by the page that asks, so nothing is kept and no script is needed: a right code
sends the same form on to the same address. Files cannot be carried; the act that takes one says so.
With scripts a locked screen is asked over the page itself (static/js/idle.js), and not even a file is lost.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError, validate_csrf
from htmx_flask import make_response
from werkzeug.wrappers import Response as BaseResponse
from wtforms import ValidationError
from wtforms.validators import Regexp

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.second_factor import passkeys
from mpaspor.people.sign_in.by_passkey import prove_again_with_key
from mpaspor.people.sign_in.officers import prove_again
from mpaspor.web import sessions, signing_in
from mpaspor.web.fields import JoinedField
from mpaspor.web.forms import BaseForm, Needed
from mpaspor.web.keys import PASSKEY, PROOF
from mpaspor.web.labels.refusals import sentence

LOCKED, OPENED = (
    "terkunci",
    "terbuka",
)  # what a part of a page is told, and what opens the question over the page
_NOT_CARRIED = frozenset({"csrf_token", PROOF, PASSKEY})


class FactorForm(BaseForm):
    """What an officer has: the app on their telephone, or the paper with codes."""

    bukti = JoinedField(
        _l("Kode dari aplikasi"),
        [
            Needed(_l("Isi kode dari aplikasi")),
            Regexp(
                r"[0-9]{6}\Z|[0-9A-Za-z]{10}\Z",
                message=_l("Kode aplikasi 6 angka, kode cadangan 10 karakter"),
            ),
        ],
        description=_l("6 angka di HP Anda, atau satu kode cadangan"),
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "text",
            "maxlength": 14,
            "autocapitalize": "none",
        },
    )

    def takes_focus(self) -> None:
        """Where nothing else is asked the code can be typed at once."""
        self.bukti.render_kw = {**self.bukti.render_kw, "autofocus": True}


def hold_up() -> Response | None:
    """None where the officer may go on; else the page that asks, with the form in it."""
    proved_at, now = current_user.proved_at, clock.now()
    if proved_at is not None and now - proved_at < timedelta(seconds=settings().reentry_window):
        return None
    return _ask(is_locked=False)


def unlock() -> BaseResponse | None:
    """Half an hour without a sign of anybody: a page leads to the one that asks, a form asks by itself and
    goes on (None), and a part of a page says so, which puts the question over the page."""
    if getattr(request, "htmx", None):
        return make_response("", 401, trigger=LOCKED)
    if request.method != "POST":
        return redirect(url_for("officers.ask_unlock", next=request.full_path.rstrip("?")), 303)
    asked = _ask(is_locked=True)
    if asked is None:
        sessions.look_again()
    return asked


def _ask(*, is_locked: bool) -> Response | None:
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError as error:
        raise CSRFError(str(error)) from error  # another site's form, or an old page
    if PROOF not in request.form and not request.form.get(PASSKEY):
        return _page(FactorForm(formdata=None), 403, is_locked)
    form, key = FactorForm(), request.form.get(PASSKEY)
    if not key and not form.validate():
        return _page(form, 422, is_locked)
    try:
        show_factor(form, key)
    except Refusal as refusal:
        form.bukti.errors = [sentence(refusal)]
        return _page(form, refusal.status, is_locked)
    return None


def show_factor(form: FactorForm, key: str | None) -> None:
    """Whoever is signed in shows a code or a passkey once more. Raises as the operations do."""
    browser, now = signing_in.this_browser(), clock.now()
    if key:
        prove_again_with_key(current_user.sign_in_id, key, browser=browser, now=now)
    else:
        prove_again(current_user.sign_in_id, form.bukti.data, browser=browser, now=now)


def _page(form: FactorForm, status: int, is_locked: bool) -> Response:
    form.takes_focus()
    carried = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_CARRIED]
    body = render_template(
        "officers/prove_again.html",
        form=form,
        is_locked=is_locked,
        carried=carried,
        action=request.full_path.rstrip("?"),
        has_file=bool(request.files),
        passkey_origin=passkeys.place().origin,
        minutes=settings().reentry_window // 60,
    )
    return Response(body, status)
