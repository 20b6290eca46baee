"""An officer's one-time link: set a password and an app, keep the recovery codes, then sign in."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, session
from flask.typing import ResponseReturnValue

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint, factor_pages
from mpaspor.officers.sign_in_forms import JoinForm, NewAppForm, NewPasswordForm
from mpaspor.offices.queries import office_by_id
from mpaspor.people.refusals import LinkOver, SignInSlowed, WeakPassword, WrongCredentials
from mpaspor.people.rules import LinkPurpose
from mpaspor.people.second_factor import links, recovery_codes
from mpaspor.people.second_factor.accept_link import accept_link
from mpaspor.people.second_factor.links import OpenedLink
from mpaspor.web import signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.people import WEAKNESSES
from mpaspor.web.labels.refusals import sentence

_TOKEN = "tautan"
_FORMS: dict[LinkPurpose, Any] = {
    LinkPurpose.JOIN: JoinForm,
    LinkPurpose.FACTOR: NewAppForm,
    LinkPurpose.PASSWORD: NewPasswordForm,
}


@blueprint.get("/tautan")
@open_to(Audience.VISITOR)
def open_link() -> ResponseReturnValue:
    """What the link is for. Its token leaves the address at once, so that no history holds it."""
    token = request.args.get("kunci", "")[:64]
    if token:
        session[_TOKEN] = token
        return go_to("officers.open_link")
    found = _found()
    if found is None or not found.is_open:
        return _over()
    return _page(found, _FORMS[found.purpose](formdata=None))


@blueprint.post("/tautan")
@open_to(Audience.VISITOR)
def use_link() -> ResponseReturnValue:
    """Set what it is for. The twin of a double tap is shown the same codes as the first."""
    found = _found()
    if found is None:
        return _over()
    form = _FORMS[found.purpose]()
    if not form.validate_on_submit():
        return _page(found, form, 422)
    browser = signing_in.this_browser()
    codes = recovery_codes.fresh(found.staff_id, browser.form_key)
    code = form.bukti if found.purpose is LinkPurpose.PASSWORD else form.code
    try:
        accept_link(
            session[_TOKEN],
            found,
            password=form.password.data,
            code=code.data,
            codes=codes,
            key=one_time_key(),
            browser=browser,
            now=clock.now(),
        )
    except LinkOver:
        return _over()
    except WeakPassword as refusal:
        form.password.errors = [str(WEAKNESSES[refusal.weakness])]
        return _page(found, form, refusal.status)
    except (WrongCredentials, SignInSlowed) as refusal:
        form.password.errors = [sentence(refusal)]
        return _page(found, form, refusal.status)
    except Refusal as refusal:
        code.errors = [sentence(refusal)]
        return _page(found, form, refusal.status)
    if found.purpose is LinkPurpose.PASSWORD:
        return go_to("officers.sign_in")
    return factor_pages.show_codes(codes, is_signed_in=False)


def _found() -> OpenedLink | None:
    token = session.get(_TOKEN)
    return links.find(token, now=clock.now()) if isinstance(token, str) else None


def _page(found: OpenedLink, form: Any, status: int = 200) -> ResponseReturnValue:
    office = office_by_id(found.office_id)
    body = render_template(
        "officers/link.html",
        form=form,
        found=found,
        sets_app=found.purpose is not LinkPurpose.PASSWORD,
        office_name=office.full_name if office is not None else "",
        zone=office.time_zone if office is not None else None,
        app=factor_pages.app_to_scan(found.secret, found.email, now=clock.now()),
    )
    return body, status


def _over() -> ResponseReturnValue:
    return render_template("officers/link_over.html", reason=sentence(LinkOver())), LinkOver.status
