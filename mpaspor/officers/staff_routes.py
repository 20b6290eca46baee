"""The officers of an office: who they are, and what an administrator does with them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.staff_forms import (
    AbsenceForm,
    DelegateForm,
    DismissForm,
    InviteForm,
    ResetForm,
    RolesForm,
)
from mpaspor.offices.rules import local_date
from mpaspor.people import administration, staff_queries
from mpaspor.people.refusals import NoRoleLeft, StaffAddressTaken
from mpaspor.people.rules import LinkPurpose, Role
from mpaspor.people.staff_accounts import NewOfficer
from mpaspor.web.access import asks_again, open_to
from mpaspor.web.asked import asked
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.people import ROLES
from mpaspor.web.labels.refusals import sentence

_TEXT = 80
_LAST_PAGE = 1000


@blueprint.get("/tim")
@open_to(Role.ADMIN, Role.SUPERVISOR)
def list_officers() -> ResponseReturnValue:
    """Who serves at the office, by name."""
    text = asked("q", _TEXT)
    page = min(max(1, request.args.get("halaman", 1, type=int)), _LAST_PAGE)
    rows, total = staff_queries.officers(
        current_user.office_id, text=text, page=page, today=_today(), now=clock.now()
    )
    return render_template(
        "officers/staff.html",
        rows=rows,
        total=total,
        text=text,
        page=page,
        last_page=max(1, -(-total // staff_queries.PAGE)),
        role_names=ROLES,
        **_frame(),
    )


@blueprint.get("/tim/undang")
@open_to(Role.ADMIN)
def ask_invitation() -> ResponseReturnValue:
    return render_template("officers/staff_invite.html", form=InviteForm(formdata=None), **_frame())


@blueprint.post("/tim/undang")
@open_to(Role.ADMIN)
@asks_again()
def invite() -> ResponseReturnValue:
    """Add an officer to this office; the link goes to them by mail."""
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("officers/staff_invite.html", form=form, **_frame()), 422
    if not form.roles.data:
        form.roles.errors = [sentence(NoRoleLeft())]
        return render_template("officers/staff_invite.html", form=form, **_frame()), 422
    new = NewOfficer(form.full_name.data, form.email.data, form.roles.data)
    try:
        staff_id = administration.invite_officer.once(
            one_time_key(), current_user.staff_id, new, now=clock.now()
        )
    except StaffAddressTaken as refusal:
        form.email.errors = [sentence(refusal)]
        return render_template("officers/staff_invite.html", form=form, **_frame()), refusal.status
    return go_to("officers.show_officer", staff_id=staff_id, tersimpan=1)


@blueprint.get("/tim/<uuid:staff_id>")
@open_to(Role.ADMIN, Role.SUPERVISOR)
def show_officer(staff_id: uuid.UUID) -> ResponseReturnValue:
    """One officer of this office, and what may be done."""
    return member_page(staff_id)


@blueprint.post("/tim/<uuid:staff_id>/peran")
@open_to(Role.ADMIN)
@asks_again()
def change_roles(staff_id: uuid.UUID) -> ResponseReturnValue:
    form = RolesForm(prefix="peran-")
    if not form.validate_on_submit():
        return member_page(staff_id, 422, roles=form)
    return act_on(staff_id, "roles", form, form.roles, administration.set_roles, roles=form.roles.data or ())


@blueprint.post("/tim/<uuid:staff_id>/akses")
@open_to(Role.ADMIN)
@asks_again()
def reset_access(staff_id: uuid.UUID) -> ResponseReturnValue:
    form = ResetForm(prefix="akses-")
    if not form.validate_on_submit():
        return member_page(staff_id, 422, reset=form)
    purpose = LinkPurpose(form.purpose.data)
    facts = {"purpose": purpose, "reason": form.reason.data}
    return act_on(staff_id, "reset", form, form.reason, administration.reset_way_in, **facts)


@blueprint.post("/tim/<uuid:staff_id>/berhenti")
@open_to(Role.ADMIN)
@asks_again()
def dismiss(staff_id: uuid.UUID) -> ResponseReturnValue:
    form = DismissForm(prefix="berhenti-")
    if not form.validate_on_submit():
        return member_page(staff_id, 422, dismissal=form)
    return act_on(
        staff_id, "dismissal", form, form.reason, administration.dismiss_officer, reason=form.reason.data
    )


def act_on(
    staff_id: uuid.UUID, name: str, form: Any, field: Any, act: Any, **facts: Any
) -> ResponseReturnValue:
    """Run one act on a colleague; a refusal comes back beside its form."""
    try:
        act.once(one_time_key(), current_user.staff_id, staff_id, now=clock.now(), **facts)
    except NotFound:
        raise
    except Refusal as refusal:
        field.errors = [sentence(refusal)]
        return member_page(staff_id, refusal.status, **{name: form})
    if act is administration.dismiss_officer:
        return go_to("officers.list_officers")
    return go_to("officers.show_officer", staff_id=staff_id, tersimpan=1)


def member_page(staff_id: uuid.UUID, status: int = 200, **typed: Any) -> ResponseReturnValue:
    row = staff_queries.officer(current_user.office_id, staff_id, today=_today(), now=clock.now())
    if row is None:
        abort(404)
    forms = {
        "roles": RolesForm(formdata=None, prefix="peran-", data={"roles": sorted(row.roles)}),
        "reset": ResetForm(formdata=None, prefix="akses-"),
        "dismissal": DismissForm(formdata=None, prefix="berhenti-"),
        "delegation": DelegateForm(formdata=None, prefix="titip-"),
        "absence": AbsenceForm(formdata=None, prefix="absen-", data={"from_on": _today()}),
    }
    body = render_template(
        "officers/staff_member.html",
        row=row,
        forms={**forms, **typed},
        form=next(iter(typed.values()), None),
        is_me=row.id == current_user.staff_id,
        is_saved=request.args.get("tersimpan") == "1",
        role_names=ROLES,
        **_frame(),
    )
    return body, status


def _today() -> date:
    return local_date(clock.now(), pages.my_office().time_zone)


def _frame() -> dict[str, Any]:
    return pages.frame(pages.my_office(), clock.now(), "staff")
