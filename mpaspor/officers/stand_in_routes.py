"""Who is not there, and who stands in: what supervisors note about their team."""

from __future__ import annotations

import uuid

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.officers import blueprint
from mpaspor.officers.staff_forms import AbsenceForm, DelegateForm
from mpaspor.officers.staff_routes import act_on, member_page
from mpaspor.people import stand_in
from mpaspor.people.rules import DELEGATED, Role
from mpaspor.web.access import asks_again, open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key


@blueprint.post("/tim/<uuid:staff_id>/titip")
@open_to(Role.SUPERVISOR)
@asks_again()
def delegate(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Give a colleague a role until the end of a day."""
    form = DelegateForm(prefix="titip-")
    if not form.validate_on_submit():
        return member_page(staff_id, 422, delegation=form)
    facts = {"role": Role(form.role.data), "until_on": form.until_on.data}
    return act_on(staff_id, "delegation", form, form.until_on, stand_in.delegate_role, **facts)


@blueprint.post("/tim/<uuid:staff_id>/titip/selesai")
@open_to(Role.SUPERVISOR)
@asks_again()
def end_delegation(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role back before its end."""
    role = request.form.get("peran", "")
    if role not in DELEGATED:
        raise NotFound()
    stand_in.end_delegation.once(one_time_key(), current_user.staff_id, staff_id, Role(role), now=clock.now())
    return go_to("officers.show_officer", staff_id=staff_id, tersimpan=1)


@blueprint.post("/tim/<uuid:staff_id>/absen")
@open_to(Role.ADMIN, Role.SUPERVISOR)
def note_absence(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Mark somebody as absent on some days."""
    form = AbsenceForm(prefix="absen-")
    if not form.validate_on_submit():
        return member_page(staff_id, 422, absence=form)
    facts = {"from_on": form.from_on.data, "until_on": form.until_on.data}
    return act_on(staff_id, "absence", form, form.until_on, stand_in.note_absence, **facts)


@blueprint.post("/tim/<uuid:staff_id>/absen/selesai")
@open_to(Role.ADMIN, Role.SUPERVISOR)
def end_absence(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody is back."""
    stand_in.end_absence.once(one_time_key(), current_user.staff_id, staff_id, now=clock.now())
    return go_to("officers.show_officer", staff_id=staff_id, tersimpan=1)
