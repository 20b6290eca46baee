"""Closing hours: who would be hit, closing them, what became of everybody, and opening them again."""

from __future__ import annotations

import uuid
from datetime import time

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.booking import closure_queries
from mpaspor.booking.closure_preview import preview
from mpaspor.booking.closures import Scope
from mpaspor.booking.rules import ClosureCause
from mpaspor.desk.announce_delay import announce_delay
from mpaspor.desk.close_hours import close_hours, reopen_hours
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.closure_forms import CloseForm, DelayForm, ScopeForm
from mpaspor.offices.queries import service_points
from mpaspor.people.rules import Role
from mpaspor.web.access import asks_again, open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.applications import OFFICER_STATES
from mpaspor.web.labels.booking import CAUSES, RESEATED
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/jam-tutup")
@open_to(Role.SUPERVISOR)
def show_closures() -> ResponseReturnValue:
    """What is closed, what was, and the form that asks which hours next."""
    return _list(_scope_form(None))


@blueprint.get("/jam-tutup/periksa")
@open_to(Role.SUPERVISOR)
def preview_closure() -> ResponseReturnValue:
    """Who has these hours now, and where they would go."""
    form = _scope_form(request.args)
    scope = form.scope(pages.my_office()) if form.validate() else None
    if scope is None:
        return _list(form, 422)
    return _preview(scope, CloseForm(formdata=None))


@blueprint.post("/jam-tutup/periksa")
@open_to(Role.SUPERVISOR)
@asks_again()
def close_those_hours() -> ResponseReturnValue:
    """Close what was looked at. Who booked in between is hit like everybody."""
    asked = _scope_form(request.args)
    scope = asked.scope(pages.my_office()) if asked.validate() else None
    if scope is None:
        return _list(asked, 422)
    form = CloseForm()
    if not form.validate_on_submit():
        return _preview(scope, form, 422)
    cause = ClosureCause(form.cause.data)
    try:
        made = close_hours.once(
            one_time_key(), current_user.staff_id, scope, cause, note=form.note.data, now=clock.now()
        )
    except Refusal as refusal:
        form.note.errors = [sentence(refusal)]
        return _preview(scope, form, refusal.status)
    return go_to("officers.show_closure", closure_id=uuid.UUID(made), tersimpan="tutup")


@blueprint.get("/jam-tutup/<uuid:closure_id>")
@open_to(Role.SUPERVISOR)
def show_closure(closure_id: uuid.UUID) -> ResponseReturnValue:
    """One closure: what became of each of its people."""
    office, now = pages.my_office(), clock.now()
    found = closure_queries.closure_of(office, closure_id)
    if found is None:
        raise NotFound()
    return render_template(
        "officers/closure.html",
        row=found,
        people=closure_queries.people_of(closure_id),
        saved=request.args.get("tersimpan"),
        **_words(),
        **pages.frame(office, now, "closures"),
    )


@blueprint.post("/jam-tutup/<uuid:closure_id>/buka")
@open_to(Role.SUPERVISOR)
@asks_again()
def reopen_those_hours(closure_id: uuid.UUID) -> ResponseReturnValue:
    """Undo a closure; who has moved stays moved."""
    reopen_hours.once(one_time_key(), current_user.staff_id, closure_id, now=clock.now())
    return go_to("officers.show_closure", closure_id=closure_id, tersimpan="buka")


@blueprint.get("/tanpa-jadwal")
@open_to(Role.SUPERVISOR)
def show_without_hour() -> ResponseReturnValue:
    """Everybody who has paid, or owes for an hour that was closed, and has none."""
    office = pages.my_office()
    return render_template(
        "officers/without_hour.html",
        people=closure_queries.without_hour(office),
        **_words(),
        **pages.frame(office, clock.now(), "closures"),
    )


@blueprint.post("/jam-tutup/terlambat")
@open_to(Role.SUPERVISOR)
@asks_again()
def announce_todays_delay() -> ResponseReturnValue:
    """Tell whoever is still to come today how late the office is."""
    form = DelayForm(prefix="telat-")
    if not form.validate_on_submit():
        return _list(_scope_form(None), 422, delay=form)
    begins = time.fromisoformat(form.begins.data) if form.begins.data else None
    minutes, now = int(form.minutes.data), clock.now()
    who = current_user.staff_id, current_user.office_id
    try:
        told = announce_delay.once(one_time_key(), *who, minutes=minutes, begins=begins, now=now)
    except Refusal as refusal:
        form.minutes.errors = [sentence(refusal)]
        return _list(_scope_form(None), refusal.status, delay=form)
    return go_to("officers.show_closures", diberitahu=told)


def _scope_form(asked: object) -> ScopeForm:
    return ScopeForm(formdata=asked, points=service_points(pages.my_office().id))


def _words() -> dict[str, object]:
    return {"causes": CAUSES, "ends": RESEATED, "states": OFFICER_STATES}


def _list(form: ScopeForm, status: int = 200, delay: DelayForm | None = None) -> ResponseReturnValue:
    office = pages.my_office()
    body = render_template(
        "officers/closures.html",
        rows=closure_queries.closures_of(office),
        without=closure_queries.count_without_hour(office),
        scope=form,
        delay=delay or DelayForm(formdata=None, prefix="telat-"),
        form=delay or form,
        told=request.args.get("diberitahu", type=int),
        **_words(),
        **pages.frame(office, clock.now(), "closures"),
    )
    return body, status


def _preview(scope: Scope, form: CloseForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    body = render_template(
        "officers/closure_preview.html",
        scope=scope,
        found=preview(scope, now=now),
        form=form,
        action=request.full_path.rstrip("?"),
        **_words(),
        **pages.frame(scope.office, now, "closures"),
    )
    return body, status
