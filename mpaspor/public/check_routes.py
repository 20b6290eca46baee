"""`/cek`: the state of a case by its code, masked, in under a kilobyte, for the smallest phone."""

from __future__ import annotations

from flask import Response, render_template, request

from mpaspor.applications import journey_queries
from mpaspor.applications.rules import CaseState
from mpaspor.billing import queries as billing
from mpaspor.booking import queries as booking
from mpaspor.foundation import clock, limits
from mpaspor.foundation.columns import read_code
from mpaspor.offices import queries as offices
from mpaspor.public import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.formats import masked_name
from mpaspor.web.labels.journey import is_money_back, next_of

_A_MINUTE, _A_DAY = 10, 200
_EXPECTED = (CaseState.AWAITING_PAYMENT, CaseState.SCHEDULED)


@blueprint.get("/cek")
@open_to(Audience.VISITOR)
def check() -> Response:
    """The form, or the masked answer to a code; limited per address, since codes could be walked."""
    typed = asked("kode", 40)
    code = read_code(typed)
    if not code:
        return _answer(200, code="", found=None)
    address = request.remote_addr or "?"
    now = clock.now()
    limits.require("cek.minute", address, allowed=_A_MINUTE, per_seconds=60, now=now)
    limits.require("cek.day", address, allowed=_A_DAY, per_seconds=86400, now=now)
    case = journey_queries.by_public_code(code)
    office = offices.office_by_id(case.office_id) if case else None
    if case is None or office is None:
        return _answer(404, code=typed[:12], found=None)
    bill, visit = billing.newest_bill(case.id), booking.visit(case.id)
    return _answer(
        200,
        code=code,
        found=next_of(case, bill, visit, now),
        name=masked_name(case.full_name or ""),
        office=office,
        visit=visit if case.state in _EXPECTED and not is_money_back(case, bill) else None,
    )


def _answer(status: int, **facts: object) -> Response:
    answer = Response(render_template("public/check.html", **facts), status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
