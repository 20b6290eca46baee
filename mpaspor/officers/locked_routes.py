"""A screen that was left alone: unlocking it, on a page or over one, and a form that outlived its sign-in."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint
from mpaspor.officers.sign_in_routes import HOME
from mpaspor.people.second_factor import passkeys
from mpaspor.web import kept_forms, sessions, signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to, go_to_url, page_or_part, wants_main, wants_part
from mpaspor.web.keys import PASSKEY
from mpaspor.web.labels.refusals import sentence
from mpaspor.web.reentry import OPENED, FactorForm, show_factor

_LONG = 40  # characters from which on a value is worth showing again


@blueprint.get("/buka")
@open_to(Audience.VISITOR)
def ask_unlock() -> ResponseReturnValue:
    """The question of a locked screen; nothing to ask where it is not locked."""
    if sessions.person_locked_out() is not None:
        return _page(FactorForm(formdata=None))
    return Response(status=204) if _is_over_a_page() else _on()


@blueprint.post("/buka")
@open_to(Audience.VISITOR)
def unlock() -> ResponseReturnValue:
    """A right code goes on where the officer was."""
    if sessions.person_locked_out() is None:
        return _opened()
    form, key = FactorForm(), request.form.get(PASSKEY)
    if not key and not form.validate_on_submit():
        return _page(form, 422)
    try:
        show_factor(form, key)
    except Refusal as refusal:
        form.bukti.errors = [sentence(refusal)]
        return _page(form, refusal.status)
    return _opened()


@blueprint.get("/buka/ada")
@open_to(Audience.OFFICER)
def still_here() -> ResponseReturnValue:
    """Somebody types at the desk: that counts as a sign of them."""
    return Response(status=204)


@blueprint.get("/isian")
@open_to(Audience.OFFICER)
def send_again() -> ResponseReturnValue:
    """A form that was sent when the sign-in was over, to be sent once more by the same officer."""
    kept = kept_forms.to_send_again(request.args.get("isian"), current_user.staff_id)
    if kept is None:
        return go_to("officers.board")
    return render_template(
        "officers/send_again.html",
        action=kept.path,
        fields=kept.fields,
        shown=[value for _name, value in kept.fields if len(value) >= _LONG],
    )


def _is_over_a_page() -> bool:
    """Whether the question stands over a page, and not in the place of one."""
    return wants_part() and not wants_main()


def _opened() -> ResponseReturnValue:
    return Response(status=204, headers={"HX-Trigger": OPENED}) if _is_over_a_page() else _on()


def _on() -> Response:
    return go_to_url(signing_in.way_on(HOME, officer=True))


def _page(form: FactorForm, status: int = 200) -> ResponseReturnValue:
    if _is_over_a_page():
        form.bukti.id = "kunci-bukti"  # the page below may ask for a code too
    else:
        form.takes_focus()
    return page_or_part(
        "officers/unlock.html",
        "officers/_unlock.html",
        status,
        form=form,
        name=current_user.name,
        is_over_a_page=_is_over_a_page(),
        carried=signing_in.carried(),
        passkey_origin=passkeys.place().origin,
    )
