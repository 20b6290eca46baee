"""What is free, for everybody: readable without signing in."""

from __future__ import annotations

from datetime import date

from flask import abort, request, url_for
from flask.wrappers import Response

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.offices import queries as offices
from mpaspor.public import blueprint
from mpaspor.web import calendar_looks, slot_page
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import page_or_part


@blueprint.get("/jadwal")
@open_to(Audience.ANYONE)
def show_schedule() -> Response:
    """Days and hours of one office; claims nothing."""
    calendar_looks.from_here()
    office = offices.office_by_code(request.args.get("kantor") or settings().office_code)
    programme = offices.programme_by_code(request.args.get("layanan") or offices.REGULAR)
    if office is None or programme is None or not office.in_service:
        abort(404)

    def url_of(day: date, at: str | None) -> str:
        return url_for("public.show_schedule", kantor=office.code, tanggal=day.isoformat(), jam=at)

    slots = slot_page.build(
        office,
        programme.id,
        request.args.get("tanggal"),
        url_of,
        now=clock.now(),
        clock=request.args.get("jam"),
    )
    return page_or_part("public/schedule.html", "slots/_slots.html", slots=slots, choose=False)
