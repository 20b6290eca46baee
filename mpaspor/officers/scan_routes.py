"""A letter scanned while something else lies open: say whose it is, and do nothing to anybody."""

from __future__ import annotations

from flask import render_template, request
from flask.wrappers import Response
from flask_login import current_user
from htmx_flask import make_response

from mpaspor.applications.rules import CaseState
from mpaspor.applications.scanned_text import LONGEST
from mpaspor.desk import queries
from mpaspor.desk.check_in import code_of
from mpaspor.desk.queries import WholeCase
from mpaspor.desk.queue_rules import RETURNS
from mpaspor.desk.refusals import NoSuchCode
from mpaspor.desk.rules import AT_THE_DOOR, DESK_ROLES
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to, wants_part
from mpaspor.web.labels.applications import OFFICER_STATES
from mpaspor.web.labels.refusals import sentence


@blueprint.post("/pindai")
@open_to(*DESK_ROLES)
def look_at_scan() -> Response:
    """Whose letter this is, beside the open case; nothing is opened or done before the officer says so."""
    try:
        case = _case(request.form.get("scan", "")[:LONGEST])
    except Refusal as refusal:
        return _answer(refusal.status, refusal=sentence(refusal))
    return _answer(200, case=case, is_open=case.application.code == request.form.get("buka"))


@blueprint.get("/pindai")
@open_to(*DESK_ROLES)
def look_at_nothing() -> Response:
    """Where a reloaded page of a scan leads."""
    return go_to("officers.board")


def _case(text: str) -> WholeCase:
    try:
        return queries.whole_case(current_user.office_id, code_of(text, pages.my_office().code))
    except NotFound as error:
        raise NoSuchCode() from error


def _answer(
    status: int, *, case: WholeCase | None = None, is_open: bool = False, refusal: str | None = None
) -> Response:
    may_admit = case is not None and case.state in (CaseState.SCHEDULED, CaseState.MISSED, *RETURNS)
    body = render_template(
        "officers/_scanned.html" if wants_part() else "officers/scanned.html",
        scanned=case,
        is_open=is_open,
        refusal=refusal,
        at_door=may_admit and bool(current_user.roles & AT_THE_DOOR),
        states=OFFICER_STATES,
        **pages.frame(pages.my_office(), clock.now(), "scan"),
    )
    return make_response(body, status, retarget="#kabar", reswap="innerHTML")
