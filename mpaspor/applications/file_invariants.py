"""Rows and files agree (CORE §11.9): each stored document has its file and hash, no file is left over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import or_, select

from mpaspor.applications.models import Application, Document
from mpaspor.foundation import files
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import CannotUnseal

_PROMISE = "9. A stored document has its file with that hash"
_LEFT_OVER = "9. No file without a row is older than a day"


def violations(now: datetime) -> Iterator[str]:
    """One line for each document whose file is gone, changed or another, and for each file left over."""
    rows = db.session.execute(
        select(Application.code, Document)
        .join(Document, Document.application_id == Application.id)
        .where(or_(Document.file_key.is_not(None), Document.thumb_key.is_not(None)))
        .execution_options(yield_per=200)
    )
    for code, document in rows:
        pairs = ((document.file_key, document.sha256), (document.thumb_key, document.thumb_sha256))
        for key, digest in pairs:
            wrong = _wrong(key, digest)
            if wrong:
                yield f"{_PROMISE}: {code}: {document.kind}: {wrong}"
    held = files.held_keys()
    for key, _path in files.store().older_than(now - timedelta(days=1, hours=2)):
        if key not in held:
            yield f"{_LEFT_OVER}: {key}"


def _wrong(key: str | None, digest: bytes | None) -> str | None:
    if key is None or digest is None:
        return "key or hash is missing"
    try:
        data = files.store().get(key)
    except files.FileMissing:
        return "the file is missing"
    except CannotUnseal:
        return "the file was changed, or its key is gone"
    return None if sha256(data).digest() == digest else "the file has another hash"
