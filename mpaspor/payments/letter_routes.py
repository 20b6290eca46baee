"""Letters of a case as PDF, for whom they were written: the way in when the e-mail does not arrive."""

from __future__ import annotations

from flask import make_response
from flask.wrappers import Response
from flask_login import current_user

from mpaspor.applications import letter_queries
from mpaspor.correspondence import registered
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.payments import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.labels.correspondence import LETTERS_IN_ADDRESSES


@blueprint.get("/permohonan/<code:code>/surat/<kind>")
@open_to(Audience.APPLICANT)
def letter(code: str, kind: str) -> Response:
    """The newest letter of a kind. 404 while there is none."""
    asked = LETTERS_IN_ADDRESSES.get(kind)
    found = letter_queries.newest_of_mine(current_user.account_id, code, asked) if asked else None
    if found is None:
        raise NotFound()
    answer = make_response(registered.draw(found, clock.now()))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{registered.file_name(found)}"'
    return answer
