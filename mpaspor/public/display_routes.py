"""`/layar`: what a screen in the waiting room shows, by itself, all day. `/kios`: a number for a code.

Both belong to one office, know nobody who is signed in, and show nothing of a case but its queue number.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mpaspor.applications.scanned_text import LONGEST
from mpaspor.desk.check_in import code_of
from mpaspor.desk.display_queries import calls
from mpaspor.desk.waiting import Waiting, waiting_by_code
from mpaspor.foundation import clock, limits
from mpaspor.foundation.kept import kept
from mpaspor.foundation.limits import Limit
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.offices.models import Office
from mpaspor.offices.queries import office_by_code
from mpaspor.public import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.forms import tidy
from mpaspor.web.htmx import page_or_part

# A screen asks every five seconds, and a building has several behind one address.
_SCREENS = (Limit("layar.minute", 120, 60),)
# Codes could be walked; a queue of people at one machine could not.
_KIOSKS = (Limit("kios.minute", 20, 60), Limit("kios.day", 2000, 86_400))


@blueprint.get("/layar/<slug>")
@open_to(Audience.VISITOR)
def show_display(slug: str) -> ResponseReturnValue:
    """Numbers and the counters to which they are called; it refreshes itself, with scripts or without."""
    found, now = _office(slug), clock.now()
    limits.require_all(request.remote_addr or "?", _SCREENS, now=now)
    return page_or_part(
        "public/display.html",
        "public/_display.html",
        office=found,
        calls=kept().get(("display", found.id), lambda: calls(found, now=now)),
    )


@blueprint.get("/kios/<slug>")
@open_to(Audience.VISITOR)
def show_kiosk(slug: str) -> ResponseReturnValue:
    """The field that waits for a scan."""
    return render_template("public/kiosk.html", office=_office(slug), is_answer=False, waiting=None)


@blueprint.post("/kios/<slug>")
@open_to(Audience.VISITOR)
def ask_kiosk(slug: str) -> ResponseReturnValue:
    """The number of whoever is in the house, and where to go; everybody else is sent to the officer.

    A code that is unknown, of another office or of somebody who is not here gets the same answer: there is
    nothing to learn by trying.
    """
    found, now = _office(slug), clock.now()
    limits.require_all(request.remote_addr or "?", _KIOSKS, now=now)
    waiting = _waiting(str(tidy(request.form.get("scan", "")[:LONGEST])), found)
    return render_template("public/kiosk.html", office=found, is_answer=True, waiting=waiting)


def _waiting(scanned: str, office: Office) -> Waiting | None:
    try:
        code = code_of(scanned, office.code)
    except Refusal:
        return None
    return waiting_by_code(code, office, clock.now())


def _office(code: str) -> Office:
    found = office_by_code(code)
    if found is None or not found.in_service:
        raise NotFound()
    return found
