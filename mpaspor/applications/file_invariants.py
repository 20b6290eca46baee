"""Rows and files agree (STATES §9.9): each stored paper has its file and thumbnail, with their hashes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import or_, select

from mpaspor.applications.models import Application, Document
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import Invariant, wrong_file


def _papers(_now: datetime) -> Iterator[tuple[object, str]]:
    rows = db.session.execute(
        select(Application.code, Document)
        .join(Document, Document.application_id == Application.id)
        .where(or_(Document.file_key.is_not(None), Document.thumb_key.is_not(None)))
        .execution_options(yield_per=200)
    )
    for code, document in rows:
        pairs = ((document.file_key, document.sha256), (document.thumb_key, document.thumb_sha256))
        for key, digest in pairs:
            wrong = wrong_file(key, digest)
            if wrong is not None and _still_holds(document, key):
                yield code, f"{document.kind}: {wrong}"


def _still_holds(document: Document, key: str | None) -> bool:
    """Whether the row says so even now: its owner may have replaced the picture while we looked."""
    columns = select(Document.file_key, Document.thumb_key).where(Document.id == document.id)
    row = db.session.execute(columns).one_or_none()
    return row is not None and key in (row.file_key, row.thumb_key)


INVARIANTS = (Invariant("9. A stored paper has its file with that hash", _papers),)
