"""What is free, for everybody: readable without signing in."""

from __future__ import annotations

from flask import abort, request, url_for
from flask.wrappers import Response

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.offices import queries as offices
from mpaspor.public import blueprint
from mpaspor.web import calendar_looks, slot_page
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import page_or_part
from mpaspor.web.kept_pages import kept_page
from mpaspor.web.slot_page import Wish


@blueprint.get("/jadwal")
@open_to(Audience.ANYONE)
@calendar_looks.counted
@kept_page
def show_schedule() -> Response:
    """Days and hours of one office; claims nothing."""
    office = offices.office_by_code(request.args.get("kantor") or settings().office_code)
    programme = offices.programme_by_code(request.args.get("layanan") or offices.REGULAR)
    if office is None or programme is None or not office.in_service:
        abort(404)

    which = None if programme.code == offices.REGULAR else programme.code
    address = f"{url_for('public.show_schedule', kantor=office.code, layanan=which)}&tanggal="
    wish = Wish(request.args.get("tanggal"), request.args.get("jam"))
    there = url_for("public.show_schedule")
    slots = slot_page.build(
        office, programme.id, address, wish, choose=False, elsewhere=there, now=clock.now()
    )
    page = page_or_part(
        "public/schedule.html", "slots/_slots.html", slots=slots, choose=False, programme=programme
    )
    if slots.is_soon:  # a copy of a minute ago would tell the wrong minutes
        page.headers["Cache-Control"] = "public, max-age=5"
    return page
