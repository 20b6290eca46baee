"""Letters of a case as PDF, for whom they were written: the way in when the e-mail does not arrive."""

from __future__ import annotations

from flask import make_response
from flask.wrappers import Response
from flask_login import current_user

from mpaspor.applications import letter_queries
from mpaspor.applications.rules import LetterKind
from mpaspor.correspondence import registered
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.payments import blueprint
from mpaspor.web.access import Audience, open_to

_KINDS = {
    "surat-pengantar": LetterKind.PAYMENT,
    "bukti-terima": LetterKind.RECEIPT,
    "surat-kedatangan": LetterKind.VISIT,
    "surat-penolakan": LetterKind.REFUSAL,
    "surat-penangguhan": LetterKind.DEFERRAL,
    "surat-pembatalan": LetterKind.VOIDING,
    "surat-penutupan": LetterKind.CLOSING,
}


@blueprint.get("/permohonan/<code:code>/surat/<kind>")
@open_to(Audience.APPLICANT)
def letter(code: str, kind: str) -> Response:
    """The newest letter of a kind. 404 while there is none."""
    found = (
        letter_queries.newest_of_mine(current_user.account_id, code, _KINDS[kind]) if kind in _KINDS else None
    )
    if found is None:
        raise NotFound()
    answer = make_response(registered.draw(found, clock.now()))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{registered.file_name(found)}"'
    return answer
