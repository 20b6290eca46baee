"""Is this letter genuine? What the QR code of every letter leads to."""

from __future__ import annotations

from flask import render_template, request

from mpaspor.applications import letter_queries
from mpaspor.applications.rules import LETTER_CODE_LENGTH
from mpaspor.correspondence.standing import replaced_by, standing
from mpaspor.foundation import clock, limits
from mpaspor.foundation.columns import ALPHABET
from mpaspor.foundation.plain_text import one_line
from mpaspor.public import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.formats import grouped, masked_name
from mpaspor.web.labels.correspondence import STANDINGS, letter_name

PER_MINUTE = 30


@blueprint.get("/v/<code:code>")
@open_to(Audience.ANYONE)
def verify_letter(code: str) -> tuple[str, int]:
    """Kind, date and masked name of a registered letter, whether it still holds, and nothing more."""
    now = clock.now()
    limits.require("verify_letter", request.remote_addr or "", allowed=PER_MINUTE, per_seconds=60, now=now)
    is_code = len(code) == LETTER_CODE_LENGTH and set(code) <= set(ALPHABET)
    letter = letter_queries.letter_by_code(code) if is_code else None
    office = letter.application.office if letter is not None else None
    if letter is None or office is None:
        shown = grouped(one_line(code[:LETTER_CODE_LENGTH]))
        return render_template("public/verify_letter.html", letter=None, code=shown), 404
    page = render_template(
        "public/verify_letter.html",
        letter=letter,
        code=grouped(letter.code),
        kind=letter_name(letter.kind),
        name=masked_name(letter.application.full_name or ""),
        time_zone=office.time_zone,
        words=STANDINGS[standing(letter, now)],
        newer=replaced_by(letter),
    )
    return page, 200
