"""The offices of the country: which of them one can book here, and when the next place is free."""

from __future__ import annotations

from flask import render_template

from mpaspor.booking.next_free import next_free_days
from mpaspor.booking.release_queries import next_openings
from mpaspor.foundation import clock
from mpaspor.offices import queries
from mpaspor.offices.rules import full_name
from mpaspor.public import blueprint
from mpaspor.web import calendar_looks
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.kept_pages import kept_page
from mpaspor.web.openings import opening_words


@blueprint.get("/kantor")
@open_to(Audience.ANYONE)
@calendar_looks.counted
@kept_page
def list_offices() -> str:
    """All offices, or those that hold the words searched for."""
    text = asked("cari", 60)
    found = queries.offices_matching(text)
    served = [office for office in found if office.in_service]
    programme = queries.programme_by_code()
    now, free, opens = clock.now(), {}, {}
    if programme is not None:
        free = next_free_days(served, programme.id, now=now)
        opens = next_openings(served, programme.id, now=now)
    return render_template(
        "public/offices.html",
        text=text,
        served=served,
        others=[office for office in found if not office.in_service],
        free=free,
        opens={office_id: opening_words(found, now) for office_id, found in opens.items()},
        full_name=full_name,
    )
