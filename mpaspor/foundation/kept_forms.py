"""What somebody typed while no longer signed in, kept sealed until they are back: half an hour."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.models import KeptForm
from mpaspor.foundation.operations import operation

LIFE = timedelta(minutes=30)
_PURPOSE = "kept_form"


@dataclass(frozen=True)
class SentForm:
    """A form as it was sent: its address (with query) and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]


@operation
def keep(path: str, fields: Sequence[tuple[str, str]], *, browser: str, now: datetime) -> str:
    """Keep the fields of one submission; returns the token that finds them again, in that browser."""
    token = secrets.token_urlsafe(18)
    db.session.add(
        KeptForm(
            token_hash=_hash(token, browser),
            path=path,
            fields=json.dumps(list(fields)),
            expires_at=now + LIFE,
        )
    )
    return token


def find(token: str, *, browser: str, now: datetime) -> SentForm | None:
    """What the token names, for the browser that sent it and while it is kept."""
    row = db.session.scalar(
        select(KeptForm).where(KeptForm.token_hash == _hash(token, browser), KeptForm.expires_at > now)
    )
    if row is None:
        return None
    return SentForm(row.path, tuple((name, value) for name, value in json.loads(row.fields)))


def _hash(token: str, browser: str) -> bytes:
    return lookup_hash(f"{browser}|{token}", _PURPOSE)


@operation
def forget_expired(*, now: datetime) -> None:
    """Drop what nobody came back for (the worker's timed work)."""
    db.session.execute(delete(KeptForm).where(KeptForm.expires_at <= now))
