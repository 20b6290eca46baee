"""The front door."""

from __future__ import annotations

from flask import Response, render_template

from mpaspor.booking.days import free_days
from mpaspor.booking.release_queries import next_of, openings
from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.offices import queries as offices
from mpaspor.offices.rules import local_date
from mpaspor.public import blueprint
from mpaspor.web import calendar_looks
from mpaspor.web.access import Audience, open_to
from mpaspor.web.headers import with_own_styles
from mpaspor.web.kept_pages import kept_page
from mpaspor.web.openings import opening_words


@blueprint.get("/")
@open_to(Audience.ANYONE)
@calendar_looks.counted
@kept_page
def start() -> Response:
    """What this is, what is free, what it costs, where to begin."""
    now = clock.now()
    office = offices.office_by_code(settings().office_code)
    programme = offices.programme_by_code()
    days, fees, opening = [], [], None
    if office is not None and programme is not None:
        days = free_days(office, programme.id, now, most=3)
        opening = None if days else next_of(openings(office, programme.id, now=now))
        fees = [
            fee
            for fee in offices.fees_on(local_date(now, office.time_zone))
            if fee.item.startswith("electronic")
        ]
    page = render_template(
        "public/start.html",
        office=office,
        days=days,
        fees=fees,
        opening=opening_words(opening, now) if opening else None,
        brings_styles=True,
    )
    return with_own_styles(page, "site.css")
