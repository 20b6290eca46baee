"""`/kios`: a number for a code, and one's own letters once more for one's own visit letter.

Anybody may open the address, so nothing is printed by it alone: letters come only out of a computer that
an officer has opened as the office's kiosk today (`web/kiosk.py`), to whoever has just scanned a visit
letter that still holds. What a scan opens lies in that browser's session for a minute: no address leads to
a letter.
"""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from mpaspor.applications.scanned_text import LONGEST
from mpaspor.config import settings
from mpaspor.correspondence import registered
from mpaspor.desk import kiosk
from mpaspor.desk.check_in import code_of
from mpaspor.desk.waiting import Waiting, waiting_by_code
from mpaspor.foundation import clock, limits
from mpaspor.foundation.limits import Limit
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.offices.models import Office
from mpaspor.offices.queries import office_in_service
from mpaspor.public import blueprint
from mpaspor.web import kiosk as computer
from mpaspor.web.access import Audience, open_to
from mpaspor.web.forms import tidy
from mpaspor.web.headers import framed_by_ourselves
from mpaspor.web.keys import one_time_key
from mpaspor.web.kiosk import Scan
from mpaspor.web.labels.correspondence import LETTER_NAMES, LETTERS_IN_ADDRESSES

# Codes could be walked; a queue of people at one machine could not.
_ASKED = (Limit("kios.minute", 20, 60), Limit("kios.day", 2000, 86_400))
# Paper, and the second that drawing a letter takes.
_PRINTED = (Limit("kios.letters.minute", 10, 60), Limit("kios.letters.day", 500, 86_400))
_DRAWN = (Limit("kios.drawn.minute", 30, 60),)


@blueprint.get("/kios/<slug>")
@open_to(Audience.VISITOR)
def show_kiosk(slug: str) -> ResponseReturnValue:
    """The field that waits for a scan; whatever the person before has opened is closed by it."""
    found = office_in_service(slug)
    computer.forget_scan()
    return _page(found)


@blueprint.post("/kios/<slug>")
@open_to(Audience.VISITOR)
def ask_kiosk(slug: str) -> ResponseReturnValue:
    """The number of whoever is in the house, and where to go; everybody else is sent to the officer.

    A code that is unknown, of another office or of somebody who is not here gets the same answer: there is
    nothing to learn by trying.
    """
    found, now = office_in_service(slug), clock.now()
    limits.require_all(request.remote_addr or "?", _ASKED, now=now)
    scanned = str(tidy(request.form.get("scan", "")[:LONGEST]))
    computer.forget_scan()
    holder = kiosk.holder_of(scanned, found) if computer.is_kiosk_of(found, now) else None
    scan = computer.keep_scan(holder, now) if holder is not None else None
    return _page(found, scan=scan, is_answer=True, waiting=_waiting(scanned, found))


@blueprint.post("/kios/<slug>/surat")
@open_to(Audience.VISITOR)
def print_letter(slug: str) -> ResponseReturnValue:
    """One letter of whoever has just scanned, in a page that prints it; noted in the history of the case."""
    found, now = office_in_service(slug), clock.now()
    limits.require_all(request.remote_addr or "?", _PRINTED, now=now)
    scan = computer.scan_at(found, now)
    if scan is None:
        return _page(found, is_over=True)
    name = request.form.get("surat", "")
    kind = LETTERS_IN_ADDRESSES.get(name)
    if kind is None:
        raise NotFound()
    kiosk.print_again.once(one_time_key(), scan.application_id, kind, now=now)
    return _page(found, scan=computer.keep_scan(scan.application_id, now), printing=name)


@blueprint.get("/kios/<slug>/surat/<kind>")
@open_to(Audience.VISITOR)
def show_printed(slug: str, kind: str) -> Response:
    """The letter itself, for the frame that prints it. 404 for everybody who has not just scanned here."""
    found, now = office_in_service(slug), clock.now()
    limits.require_all(request.remote_addr or "?", _DRAWN, now=now)
    scan, asked = computer.scan_at(found, now), LETTERS_IN_ADDRESSES.get(kind)
    letter = kiosk.letter_to_print(scan.application_id, asked) if scan and asked else None
    if letter is None:
        raise NotFound()
    answer = make_response(registered.draw(letter, now))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{registered.file_name(letter)}"'
    return framed_by_ourselves(answer)


def _page(
    office: Office,
    *,
    scan: Scan | None = None,
    is_answer: bool = False,
    is_over: bool = False,
    waiting: Waiting | None = None,
    printing: str | None = None,
) -> ResponseReturnValue:
    held = kiosk.letters_of(scan.application_id) if scan is not None else []
    names = {kind: name for name, kind in LETTERS_IN_ADDRESSES.items()}
    body = render_template(
        "public/kiosk.html",
        office=office,
        is_start=not (is_answer or is_over or printing),
        is_answer=is_answer,
        is_over=is_over,
        is_open=computer.is_kiosk_of(office, clock.now()),
        waiting=waiting,
        letters=[(names[kind], LETTER_NAMES[kind]) for kind in held],
        printing=printing,
        seconds=settings().kiosk_seconds,
    )
    return body, 409 if is_over else 200


def _waiting(scanned: str, office: Office) -> Waiting | None:
    try:
        code = code_of(scanned, office.code)
    except Refusal:
        return None
    return waiting_by_code(code, office, clock.now())
