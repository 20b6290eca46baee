"""Who opened my application at the office, what of it, and when."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applications import queries
from mpaspor.desk.openings import openings
from mpaspor.web.access import Audience, open_to
from mpaspor.web.labels.papers import opened_words
from mpaspor.web.labels.people import ROLES

_LAST_PAGE = 1_000


@blueprint.get("/permohonan/<code:code>/dibuka")
@open_to(Audience.APPLICANT)
def show_openings(code: str) -> str:
    """The looks at one's own case, newest first."""
    case = queries.mine(current_user.account_id, code)
    page = min(max(1, request.args.get("halaman", 1, type=int)), _LAST_PAGE)
    return render_template(
        "applicants/openings.html",
        case=case,
        looks=openings(case.id, page),
        page=page,
        zone=case.office.time_zone if case.office is not None else None,
        words=opened_words,
        roles=ROLES,
    )
