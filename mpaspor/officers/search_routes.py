"""Searching beyond the board by one field; each search leaves a trace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.desk import queries
from mpaspor.desk.look_up import look_up
from mpaspor.desk.queries import WholeCase
from mpaspor.desk.refusals import TwoFactsNeeded
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.desk_forms import LookUpForm
from mpaspor.web.access import open_to
from mpaspor.web.headers import when_again
from mpaspor.web.htmx import go_to
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/cari")
@open_to(*DESK_ROLES)
def show_search() -> ResponseReturnValue:
    return _page(LookUpForm(formdata=None), clock.now())


@blueprint.post("/cari")
@open_to(*DESK_ROLES)
def search() -> ResponseReturnValue:
    """The case itself when there is one, a short list when there are several."""
    now, form = clock.now(), LookUpForm()
    if not form.validate_on_submit():
        return _page(form, now, status=422)
    try:
        codes = look_up(
            current_user.staff_id,
            form.wanted.data or "",
            birth_on=form.birth_on.data,
            office_code=pages.my_office().code,
            now=now,
        )
    except TwoFactsNeeded as refusal:
        form.birth_on.errors = [sentence(refusal)]
        return _page(form, now, status=refusal.status)
    except Refusal as refusal:
        form.form_errors.append(sentence(refusal))
        return _page(form, now, status=refusal.status, headers=when_again(refusal))
    if len(codes) == 1:
        return go_to("officers.case", code=codes[0])
    return _page(form, now, found=[queries.whole_case(current_user.office_id, code) for code in codes])


def _page(
    form: LookUpForm,
    now: datetime,
    *,
    status: int = 200,
    found: list[WholeCase] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    frame = pages.frame(pages.my_office(), now, "search")
    return render_template("officers/search.html", form=form, found=found, **frame), status, headers or {}
