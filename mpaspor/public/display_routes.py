"""`/layar`: what a screen in the waiting room shows, by itself, all day.

It belongs to one office, knows nobody who is signed in, and shows nothing of a case but its queue number.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from mpaspor.desk.display_queries import calls
from mpaspor.foundation import clock, limits
from mpaspor.foundation.kept import kept
from mpaspor.foundation.limits import Limit
from mpaspor.offices.queries import office_in_service
from mpaspor.public import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import page_or_part

# A screen asks every five seconds, and a building has several behind one address.
_SCREENS = (Limit("layar.minute", 120, 60),)


@blueprint.get("/layar/<slug>")
@open_to(Audience.VISITOR)
def show_display(slug: str) -> ResponseReturnValue:
    """Numbers and the counters to which they are called; it refreshes itself, with scripts or without."""
    found, now = office_in_service(slug), clock.now()
    limits.require_all(request.remote_addr or "?", _SCREENS, now=now)
    return page_or_part(
        "public/display.html",
        "public/_display.html",
        office=found,
        calls=kept().get(("display", found.id), lambda: calls(found, now=now)),
    )
