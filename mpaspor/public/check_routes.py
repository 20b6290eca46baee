"""`/cek`: the state of a case by its code, masked, in under a kilobyte, for the smallest phone."""

from __future__ import annotations

from flask import Response, render_template, request

from mpaspor.applications.rules import CaseState
from mpaspor.billing import queries as billing
from mpaspor.foundation import clock, limits
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.limits import Limit
from mpaspor.foundation.refusals import NotFound
from mpaspor.public import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.formats import masked_name
from mpaspor.web.labels.journey import is_money_back, next_of

_LIMITS = (Limit("cek.minute", 10, 60), Limit("cek.day", 200, 86_400))
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
    limits.require_all(address, _LIMITS, now=now)
    try:
        standing = billing.public_standing(code)
    except NotFound:
        return _answer(404, code=typed[:12], found=None)
    case, bill, visit = standing.case, standing.bill, standing.visit
    has_hour = case.state in _EXPECTED and visit and visit.stands and not is_money_back(case, bill)
    return _answer(
        200,
        code=code,
        found=next_of(case, bill, visit, now),
        name=masked_name(case.full_name or ""),
        office=case.office,
        visit=visit if has_hour else None,
    )


def _answer(status: int, **facts: object) -> Response:
    answer = Response(render_template("public/check.html", **facts), status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
