"""The stock of empty booklets: what is left, boxes that come in, booklets that are written off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.rules import PassportKind
from mpaspor.desk import stock_queries
from mpaspor.desk.receive_batch import receive_batch
from mpaspor.desk.rules import STOCK_RECEIVED_BY, STOCK_SPOILT_BY
from mpaspor.desk.spoil_blank import spoil_blank
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.stock_forms import BatchForm, SpoiltForm
from mpaspor.people.rules import Role
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.applications import PASSPORT_NAMES
from mpaspor.web.labels.refusals import sentence

SEEN_BY = frozenset({Role.PRINTER, Role.QUALITY, Role.SUPERVISOR})


@blueprint.get("/stok")
@open_to(*SEEN_BY)
def show_stock() -> ResponseReturnValue:
    """What the office has of empty booklets."""
    return _page(clock.now(), saved=request.args.get("tersimpan"))


@blueprint.post("/stok/terima")
@open_to(*STOCK_RECEIVED_BY)
def receive_booklets() -> ResponseReturnValue:
    now, form = clock.now(), BatchForm(prefix="batch-")
    if not form.validate_on_submit():
        return _page(now, batch=form, status=422)
    kind = PassportKind(form.kind.data)
    try:
        receive_batch.once(
            one_time_key(),
            current_user.staff_id,
            kind=kind,
            first=form.first.data,
            last=form.last.data,
            now=now,
        )
    except Refusal as refusal:
        form.first.errors = [sentence(refusal)]
        return _page(now, batch=form, status=refusal.status)
    return go_to("officers.show_stock", tersimpan="kotak")


@blueprint.post("/stok/rusak")
@open_to(*STOCK_SPOILT_BY)
def write_off_booklet() -> ResponseReturnValue:
    now, form = clock.now(), SpoiltForm(prefix="spoilt-")
    if not form.validate_on_submit():
        return _page(now, spoilt=form, status=422)
    try:
        spoil_blank.once(
            one_time_key(), current_user.staff_id, number=form.number.data, reason=form.reason, now=now
        )
    except Refusal as refusal:
        form.number.errors = [sentence(refusal)]
        return _page(now, spoilt=form, status=refusal.status)
    return go_to("officers.show_stock", tersimpan="rusak")


def _page(
    now: datetime,
    *,
    batch: BatchForm | None = None,
    spoilt: SpoiltForm | None = None,
    saved: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    office = pages.my_office()
    forms: dict[str, Any] = {
        "batch": batch or BatchForm(formdata=None, prefix="batch-"),
        "spoilt": spoilt or SpoiltForm(formdata=None, prefix="spoilt-"),
    }
    body = render_template(
        "officers/stock.html",
        held=stock_queries.held(office.id),
        batches=stock_queries.batches(office.id),
        spoilt=stock_queries.spoilt(office.id),
        forms=forms,
        form=batch or spoilt,
        kinds=PASSPORT_NAMES,
        saved=saved,
        may_receive=bool(current_user.roles & STOCK_RECEIVED_BY),
        may_write_off=bool(current_user.roles & STOCK_SPOILT_BY),
        **pages.frame(office, now, "stock"),
    )
    return body, status
