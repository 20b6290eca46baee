"""The register keeps what a letter looked like when it was first drawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from mpaspor.applications.models import Letter
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def note_letter_hash(code: str, sha256: bytes, *, now: datetime) -> bool:
    """Keep the hash of a letter's PDF; True for the first drawing, later ones change nothing."""
    noted = db.session.execute(
        update(Letter)
        .where(Letter.code == code, Letter.sha256.is_(None))
        .values(sha256=sha256)
        .returning(Letter.code)
        .execution_options(synchronize_session=False)
    )
    return noted.scalar_one_or_none() is not None
