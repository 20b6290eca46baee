"""What opens when: what is planned and what has opened, looking before, planning, and taking back in time."""

from __future__ import annotations

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.booking import release_queries
from mpaspor.booking.releases import OpensInThePast, Plan, refuse_what_cannot_open
from mpaspor.desk.plan_release import cancel_release, plan_release
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.release_forms import ReleaseForm
from mpaspor.people.rules import Role
from mpaspor.web.access import asks_again, open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/rilis")
@open_to(Role.SUPERVISOR)
def show_releases() -> ResponseReturnValue:
    """What is planned, what has opened, and the form that asks what opens next."""
    return _list(_form(None))


@blueprint.get("/rilis/periksa")
@open_to(Role.SUPERVISOR)
def preview_release() -> ResponseReturnValue:
    """How many places would open on which days."""
    form = _form(request.args)
    plan = _plan_in(form)
    return _list(form, 422) if plan is None else _preview(plan)


@blueprint.post("/rilis/periksa")
@open_to(Role.SUPERVISOR)
@asks_again()
def plan_this_release() -> ResponseReturnValue:
    """Plan what was looked at."""
    form = _form(request.args)
    plan = _plan_in(form)
    if plan is None:
        return _list(form, 422)
    plan_release.once(one_time_key(), current_user.staff_id, plan, now=clock.now())
    return go_to("officers.show_releases", tersimpan="rencana")


@blueprint.get("/rilis/<uuid:release_id>/batal")
@open_to(Role.SUPERVISOR)
def ask_to_cancel_release(release_id: uuid.UUID) -> ResponseReturnValue:
    """What is cancelled: this opening, or every week of it."""
    return _question(release_id)


@blueprint.post("/rilis/<uuid:release_id>/batal")
@open_to(Role.SUPERVISOR)
@asks_again()
def cancel_this_release(release_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what has not opened yet."""
    try:
        cancel_release.once(
            one_time_key(),
            current_user.staff_id,
            release_id,
            whole_series=request.form.get("semua") == "1",
            now=clock.now(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _question(release_id, sentence(refusal), refusal.status)
    return go_to("officers.show_releases", tersimpan="batal")


def _form(asked: object) -> ReleaseForm:
    return ReleaseForm(formdata=asked, programmes=release_queries.programmes_of(pages.my_office()))


def _plan_in(form: ReleaseForm) -> Plan | None:
    """What the form asks for; None, with the reason at its field, where that cannot open."""
    plan = form.plan(pages.my_office()) if form.validate() else None
    if plan is None:
        return None
    try:
        refuse_what_cannot_open(plan, now=clock.now())
    except Refusal as refusal:
        field = form.opens_on if isinstance(refusal, OpensInThePast) else form.first_on
        field.errors = [sentence(refusal)]
        return None
    return plan


def _list(form: ReleaseForm, status: int = 200) -> ResponseReturnValue:
    office, now = pages.my_office(), clock.now()
    body = render_template(
        "officers/releases.html",
        coming=release_queries.coming_of(office),
        past=release_queries.past_of(office),
        held=release_queries.held_without_plan(office, now=now),
        form=form,
        saved=request.args.get("tersimpan"),
        **pages.frame(office, now, "releases"),
    )
    return body, status


def _preview(plan: Plan) -> ResponseReturnValue:
    days = release_queries.preview(plan)
    return render_template(
        "officers/release_preview.html",
        plan=plan,
        days=days,
        opens=sum(day.opens for day in days),
        is_open_to=sum(day.open_now for day in days),
        capacity=sum(day.capacity for day in days),
        action=request.full_path.rstrip("?"),
        **pages.frame(plan.office, clock.now(), "releases"),
    )


def _question(release_id: uuid.UUID, trouble: str | None = None, status: int = 200) -> ResponseReturnValue:
    office = pages.my_office()
    found = release_queries.release_of(office, release_id)
    if found is None:
        raise NotFound()
    body = render_template(
        "officers/release_cancel.html",
        row=found,
        trouble=trouble,
        **pages.frame(office, clock.now(), "releases"),
    )
    return body, status
