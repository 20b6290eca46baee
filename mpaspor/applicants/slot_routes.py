"""Picking the hour: at check-out, after a lost hour, and when the visit is moved. One page, three deeds."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime

from flask import request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applications import queries as applications
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.check_out import check_out
from mpaspor.billing.take_place import take_place
from mpaspor.billing.unpaid import BillStillOpen
from mpaspor.booking import queries as booking
from mpaspor.booking.move_booking import move_booking
from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import KeyReused, NotFound, Refusal
from mpaspor.offices import queries as offices
from mpaspor.web import slot_page
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to, page_or_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels import sentence

_CHOOSABLE = (CaseState.DRAFT.value, CaseState.AWAITING_PLACE.value)


@blueprint.get("/permohonan/<code>/jadwal")
@open_to(Audience.APPLICANT)
def choose_slot(code: str) -> Response:
    """The last page of a complete application: choose the hour."""
    case = applications.mine(current_user.account_id, code)
    if case.state not in _CHOOSABLE:
        return go_to("applicants.show_case", code=code)
    if case.state == CaseState.DRAFT and case.declared_at is None:
        return go_to("applicants.show_tasks", code=code)
    return _page(case, "applicants.choose_slot", clock.now())


@blueprint.post("/permohonan/<code>/jadwal")
@open_to(Audience.APPLICANT)
def take_slot(code: str) -> Response:
    """Check out, or take a place that is already paid for."""
    case = applications.mine(current_user.account_id, code)

    def take(slot_id: uuid.UUID, now: datetime) -> None:
        if case.state == CaseState.AWAITING_PLACE:
            take_place(current_user.account_id, code, slot_id, key=one_time_key(), now=now)
        else:
            check_out(current_user.account_id, [(code, slot_id)], key=one_time_key(), now=now)

    done = "applicants.show_case" if case.state == CaseState.AWAITING_PLACE else "payments.show_bill"
    return _take(case, "applicants.choose_slot", take, done)


@blueprint.get("/permohonan/<code>/ubah-jadwal")
@open_to(Audience.APPLICANT)
def choose_new_slot(code: str) -> Response:
    """Change the date of a paid visit."""
    case = applications.mine(current_user.account_id, code)
    if case.state != CaseState.SCHEDULED:
        return go_to("applicants.show_case", code=code)
    return _page(case, "applicants.choose_new_slot", clock.now())


@blueprint.post("/permohonan/<code>/ubah-jadwal")
@open_to(Audience.APPLICANT)
def move_slot(code: str) -> Response:
    case = applications.mine(current_user.account_id, code)

    def take(slot_id: uuid.UUID, now: datetime) -> None:
        move_booking(current_user.account_id, code, slot_id, key=one_time_key(), now=now)

    return _take(case, "applicants.choose_new_slot", take, "applicants.show_case")


def _take(
    case: Application, endpoint: str, take: Callable[[uuid.UUID, datetime], None], done: str
) -> Response:
    now = clock.now()
    try:
        slot_id = uuid.UUID(request.form.get("slot", ""))
    except ValueError:
        return _page(case, endpoint, now, status=422, slot_error=_("Pilih jam kedatangan"))
    try:
        take(slot_id, now)
    except KeyReused:
        raise
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(case, endpoint, now, status=refusal.status, refusal=refusal, chosen=slot_id)
    return go_to(done, code=case.code)


def _page(
    case: Application,
    endpoint: str,
    now: datetime,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    chosen: uuid.UUID | None = None,
    slot_error: str | None = None,
) -> Response:
    if case.office_id is None:
        raise NotFound()
    office = offices.office_by_id(case.office_id)
    if office is None:
        raise NotFound()

    def url_of(day: date, at: str | None) -> str:
        return url_for(endpoint, code=case.code, tanggal=day.isoformat(), jam=at)

    slots = slot_page.build(
        office,
        case.programme_id,
        request.form.get("tanggal") or request.args.get("tanggal") or slot_page.day_of(chosen, office),
        url_of,
        now=now,
        clock=request.args.get("jam"),
        chosen=chosen,
        trouble=sentence(refusal) if refusal is not None else None,
    )
    return page_or_part(
        "applicants/pick_slot.html",
        "slots/_slots.html",
        status,
        slots=slots,
        choose=True,
        case=case,
        visit=booking.visit(case.id) if case.state == CaseState.SCHEDULED else None,
        is_move=endpoint == "applicants.choose_new_slot",
        slot_error=slot_error,
        open_bill=refusal.facts["code"] if isinstance(refusal, BillStillOpen) else None,
        has_errors=bool(slot_error or refusal),
        window_minutes=settings().payment_window // 60,
        action=url_for(endpoint, code=case.code),
    )
