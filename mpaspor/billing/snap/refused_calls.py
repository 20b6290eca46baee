"""Keep what a known partner sent and we refused. A body may name people: it is sealed, never logged."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.billing.models import RefusedCall
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

_MOST_BYTES = 1000


@operation
def keep_refused_call(partner_id: uuid.UUID, response_code: str, body: bytes, *, now: datetime) -> None:
    """Store the first thousand bytes of a refused call."""
    text = body[:_MOST_BYTES].decode("utf-8", "replace").replace("\x00", "\ufffd")
    db.session.add(RefusedCall(partner_id=partner_id, response_code=response_code, body=text, at=now))
