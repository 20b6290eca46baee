"""The page on which an hour is picked, as its three operations show it.

To choose an hour it is the same page for many, but for a few words (`web/gaps.py`); what speaks of one visit
or of one bill is drawn for its person.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _

from mpaspor.applicants.application_pages import price_of
from mpaspor.applications.form_pages import WISH
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing.unpaid import BillStillOpen
from mpaspor.booking import queries as booking
from mpaspor.booking.queries import Visit
from mpaspor.config import settings
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.web import gaps, slot_page
from mpaspor.web.htmx import page_or_part
from mpaspor.web.labels.refusals import sentence
from mpaspor.web.slot_page import SlotPage, Wish

_TEMPLATES = ("applicants/pick_slot.html", "applicants/_pick.html")


def hour_page(
    case: Application,
    endpoint: str,
    now: datetime,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    chosen: uuid.UUID | None = None,
    slot_error: str | None = None,
    visit: Visit | None = None,
) -> Response:
    """The hours of the case's office; with `refusal` the reason why the `chosen` one could not be had, with
    `slot_error` that none was chosen. Raises `NotFound` for a case without an office."""
    office = case.office
    if office is None:
        raise NotFound()
    is_move = endpoint == "applicants.choose_new_slot"
    if case.state == CaseState.SCHEDULED:
        visit = visit or booking.visit(case.id)
    open_bill = refusal.facts["code"] if isinstance(refusal, BillStillOpen) else None
    wish = _wish(office, chosen, refusal, visit if is_move else None)
    wish = replace(wish, is_of_one_person=slot_error is not None or open_bill is not None)
    own = {
        "action": url_for(endpoint, code=case.code),
        "case_url": url_for("applicants.show_case", code=case.code),
        "full_name": case.full_name or "",
    }
    of_all = {
        "choose": True,
        "is_move": is_move,
        "state": case.state,
        "has_errors": bool(slot_error or refusal),
        "price": price_of(case, office, now) if case.state == CaseState.DRAFT else None,
    }

    def hours(address: str) -> dict[str, Any]:
        return {**of_all, "slots": _slots(case, office, address, wish, now), "pay_within": _pay_within()}

    if wish.is_of_one_person or visit is not None:
        of_one = {"visit": visit, "slot_error": slot_error, "open_bill": open_bill}
        return page_or_part(*_TEMPLATES, status, **own, **of_one, **hours(own["action"]))
    return gaps.page_or_part(
        *_TEMPLATES,
        status,
        same=(office.id, case.programme_id, local_date(now, office.time_zone), wish, *of_all.items()),
        own=own,
        context=lambda: hours(gaps.gap("action")),
        since=slot_page.acted_at(),
    )


def _slots(case: Application, office: Office, address: str, wish: Wish, now: datetime) -> SlotPage:
    """The calendar of the case's office. Office and programme are frozen once there is a bill; until then the
    page of the wish, beside this one, leads to others."""
    return slot_page.build(
        office,
        case.programme_id,
        f"{address}?tanggal=",
        wish,
        choose=True,
        elsewhere=f"isi/{WISH.slug}" if case.state == CaseState.DRAFT else None,
        now=now,
    )


def _wish(office: Office, chosen: uuid.UUID | None, refusal: Refusal | None, moves: Visit | None) -> Wish:
    """What of the calendar is asked for, no longer than it may be: strangers write it, and it is kept."""
    day = request.form.get("tanggal") or request.args.get("tanggal") or slot_page.day_of(chosen, office)
    hour = request.args.get("jam")
    return Wish(
        day[:10] if day else None,
        hour[:4] if hour else None,
        chosen,
        trouble=sentence(refusal) if refusal is not None else None,
        not_on=local_date(moves.starts_at, office.time_zone) if moves is not None else None,
    )


def _pay_within() -> str:
    hours, minutes = divmod(settings().payment_window // 60, 60)
    return (
        _("%(minutes)s menit", minutes=hours * 60 + minutes) if minutes else _("%(hours)s jam", hours=hours)
    )
