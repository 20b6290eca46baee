"""A grave act wants the second factor shown lately: the form waits on the page that asks, and goes on.

What was typed is carried by that page itself, so nothing is kept and no script is needed: a right code sends
the same form on to the same address. Files cannot be carried; the act that takes one says that it lacks.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError
from wtforms.validators import Regexp

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.people.second_factor import passkeys
from mpaspor.people.sign_in.by_passkey import prove_again_with_key
from mpaspor.people.sign_in.officers import prove_again
from mpaspor.web import signing_in
from mpaspor.web.fields import JoinedField
from mpaspor.web.forms import BaseForm, Needed
from mpaspor.web.keys import PASSKEY, PROOF
from mpaspor.web.labels.refusals import sentence

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


def hold_up() -> Response | None:
    """None where the officer may go on; else the page that asks, with the form in it."""
    proved_at, now = current_user.proved_at, clock.now()
    if proved_at is not None and now - proved_at < timedelta(seconds=settings().reentry_window):
        return None
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError:
        return None  # another site's form, or an old page: the check of the tokens answers it
    if PROOF not in request.form and not request.form.get(PASSKEY):
        return _page(FactorForm(formdata=None), 403)
    form, key = FactorForm(), request.form.get(PASSKEY)
    if not key and not form.validate():
        return _page(form, 422)
    try:
        show_factor(form, key)
    except Refusal as refusal:
        form.bukti.errors = [sentence(refusal)]
        return _page(form, refusal.status)
    return None


def show_factor(form: FactorForm, key: str | None) -> None:
    """Whoever is signed in shows a code or a passkey once more. Raises as the operations do."""
    browser, now = signing_in.this_browser(), clock.now()
    if key:
        prove_again_with_key(current_user.sign_in_id, key, browser=browser, now=now)
    else:
        prove_again(current_user.sign_in_id, form.bukti.data, browser=browser, now=now)


def _page(form: FactorForm, status: int) -> Response:
    carried = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_CARRIED]
    body = render_template(
        "officers/prove_again.html",
        form=form,
        carried=carried,
        action=request.full_path.rstrip("?"),
        has_file=bool(request.files),
        passkey_origin=passkeys.place().origin,
        minutes=settings().reentry_window // 60,
    )
    return Response(body, status)
