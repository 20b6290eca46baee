"""Picking the hour: at check-out, after a lost hour, when the visit is moved. One page, three operations."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.hour_page import hour_page
from mpaspor.applications import queries as applications
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.accept_offer import accept_offer, choose_again
from mpaspor.billing.check_out import check_out, refuse_full_hour
from mpaspor.billing.queries import my_standing
from mpaspor.billing.take_place import take_place
from mpaspor.booking import queries as booking
from mpaspor.booking.move_booking import move_booking, propose_move
from mpaspor.booking.queries import Visit
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import KeyReused, NotFound, Refusal
from mpaspor.offices.models import Office
from mpaspor.web import calendar_looks, slot_page
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to, go_to_url, page_or_part
from mpaspor.web.keys import one_time_key

_CHOOSABLE = (CaseState.DRAFT, CaseState.AWAITING_PLACE)


@blueprint.get("/permohonan/<code:code>/jadwal")
@open_to(Audience.APPLICANT)
def choose_slot(code: str) -> Response:
    """The last page of a complete application: choose the hour."""
    calendar_looks.by(current_user.account_id)
    case = applications.glance(current_user.account_id, code)
    if not _may_choose(case):
        is_chosen = case.state == CaseState.AWAITING_PAYMENT
        return _already_chosen(case) if is_chosen else go_to("applicants.show_case", code=code)
    if case.state == CaseState.DRAFT and case.declared_at is None:
        return go_to("applicants.show_tasks", code=code)
    return hour_page(case, "applicants.choose_slot", clock.now())


@blueprint.post("/permohonan/<code:code>/jadwal")
@open_to(Audience.APPLICANT)
def take_slot(code: str) -> Response:
    """Check out, take a place that is already paid for, or another one for a bill whose hour was closed."""
    case = applications.glance(current_user.account_id, code)

    def take(slot_id: uuid.UUID, now: datetime) -> str:
        if case.state == CaseState.AWAITING_PLACE:
            take_place.once(one_time_key(), current_user.account_id, code, slot_id, now=now)
            return url_for("applicants.show_case", code=case.code)
        key = one_time_key()
        if case.state == CaseState.AWAITING_PAYMENT:
            choose_again.once(key, current_user.account_id, code, slot_id, now=now)
            return url_for("payments.show_bill", code=case.code)
        refuse_full_hour(slot_id, key)
        check_out.once(key, current_user.account_id, [(code, slot_id)], now=now)
        return url_for("payments.show_bill", code=case.code)

    return _take(case, "applicants.choose_slot", request.form.get("slot", ""), take)


@blueprint.post("/permohonan/<code:code>/usulan-jadwal")
@open_to(Audience.APPLICANT)
def accept_proposed(code: str) -> Response:
    """Yes to the hour that is held in place of one that was closed."""
    case = applications.glance(current_user.account_id, code)

    def accept(slot_id: uuid.UUID, now: datetime) -> str:
        accept_offer.once(one_time_key(), current_user.account_id, code, slot_id, now=now)
        return url_for("applicants.show_case", code=case.code)

    return _take(case, "applicants.choose_slot", request.form.get("slot", ""), accept)


@blueprint.get("/permohonan/<code:code>/ubah-jadwal")
@open_to(Audience.APPLICANT)
def choose_new_slot(code: str) -> Response:
    """Change the date of a paid visit; once that is over, the page of the case says so."""
    calendar_looks.by(current_user.account_id)
    case, visit, _office = _to_move(code)
    if visit is None:
        return go_to("applicants.show_case", code=code)
    return hour_page(case, "applicants.choose_new_slot", clock.now(), visit=visit)


@blueprint.post("/permohonan/<code:code>/ubah-jadwal")
@open_to(Audience.APPLICANT)
def propose_slot(code: str) -> Response:
    """An hour was chosen: a visit moves only once, so both hours are shown before it does."""
    case, visit, _office = _to_move(code)
    if visit is None:
        return go_to("applicants.show_case", code=code)

    def look(slot_id: uuid.UUID, now: datetime) -> str:
        propose_move(case, visit, slot_id, now=now)
        return url_for("applicants.confirm_move", code=case.code, slot_id=slot_id)

    return _take(case, "applicants.choose_new_slot", request.form.get("slot", ""), look)


@blueprint.get("/permohonan/<code:code>/ubah-jadwal/<uuid:slot_id>")
@open_to(Audience.APPLICANT)
def confirm_move(code: str, slot_id: uuid.UUID) -> Response:
    """The hour that is and the hour that would be; there is no second change."""
    case, visit, office = _to_move(code)
    if visit is None:
        return go_to("applicants.show_case", code=code)
    now = clock.now()
    try:
        new = propose_move(case, visit, slot_id, now=now)
    except Refusal as refusal:
        return _refused(case.code, "applicants.choose_new_slot", refusal, slot_id, now)
    page = "applicants/confirm_move.html"
    return page_or_part(page, page, case=case, visit=visit, new=new, office=office)


@blueprint.post("/permohonan/<code:code>/ubah-jadwal/<uuid:slot_id>")
@open_to(Audience.APPLICANT)
def move_slot(code: str, slot_id: uuid.UUID) -> Response:
    """Both hours were read: the visit moves."""
    case = applications.glance(current_user.account_id, code)

    def move(slot_id: uuid.UUID, now: datetime) -> str:
        move_booking.once(one_time_key(), current_user.account_id, code, slot_id, now=now)
        return url_for("applicants.show_case", code=case.code)

    return _take(case, "applicants.choose_new_slot", str(slot_id), move)


def _may_choose(case: Application) -> bool:
    """Whether an hour is to be chosen: before check-out, or where the one that there was is gone."""
    if case.state != CaseState.AWAITING_PAYMENT:
        return case.state in _CHOOSABLE
    visit = booking.visit(case.id)
    return visit is None or visit.is_offer


def _to_move(code: str) -> tuple[Application, Visit | None, Office | None]:
    """One's own case; its visit only while that may be moved."""
    standing = my_standing(current_user.account_id, code)
    case, visit, office = standing.case, standing.visit, standing.case.office
    may_move = (
        case.state == CaseState.SCHEDULED
        and office is not None
        and booking.may_move(visit, office, now=clock.now())
    )
    return case, visit if may_move else None, office


def _take(
    case: Application, endpoint: str, asked: str, take: Callable[[uuid.UUID, datetime], str]
) -> Response:
    """Do with the chosen hour what `take` does, and go where it leads; a refusal shows fresh hours."""
    now = clock.now()
    try:
        slot_id = uuid.UUID(asked)
    except ValueError:
        return hour_page(case, endpoint, now, status=422, slot_error=_("Pilih jam kedatangan"))
    try:
        there = take(slot_id, now)
        slot_page.note_act(clock.now())
        return go_to_url(there)
    except KeyReused:
        raise
    except NotFound:
        raise
    except Refusal as refusal:
        return _refused(case.code, endpoint, refusal, slot_id, now)


def _refused(code: str, endpoint: str, refusal: Refusal, slot_id: uuid.UUID, now: datetime) -> Response:
    """Fresh hours, or, where another tab was first and nothing is left to choose, what was chosen there."""
    case = applications.glance(current_user.account_id, code)
    is_choice = endpoint == "applicants.choose_slot"
    is_over = not _may_choose(case) if is_choice else _to_move(code)[1] is None
    if is_over:
        return _already_chosen(case, refusal.status)
    return hour_page(case, endpoint, now, status=refusal.status, refusal=refusal, chosen=slot_id)


def _already_chosen(case: Application, status: int = 200) -> Response:
    """A second tab, or Back: the hour was taken meanwhile, and this leads on to its bill."""
    office = case.office
    return page_or_part(
        "applicants/hour_chosen.html",
        "applicants/_hour_chosen.html",
        status,
        case=case,
        visit=booking.visit(case.id) if office else None,
        zone=office.time_zone if office else None,
    )
