"""The sweep's heartbeat: while nobody was watching deadlines, no deadline may count (STATES §6.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mpaspor.foundation.database import db
from mpaspor.foundation.models import Heartbeat
from mpaspor.foundation.operations import in_operation

SWEEP = "sweep"
OUTAGE = timedelta(minutes=10)


@in_operation
def is_stale(*, now: datetime) -> bool:
    """Whether the last beat is so long ago that the gap must first be added to open deadlines."""
    last = db.session.execute(select(Heartbeat.at).where(Heartbeat.name == SWEEP)).scalar_one_or_none()
    return last is not None and now - last > OUTAGE


@in_operation
def beat(*, now: datetime) -> timedelta | None:
    """Beat; returns the gap since the last beat when it was an outage. Beats never go backwards."""
    db.session.execute(
        insert(Heartbeat).values(name=SWEEP, at=now).on_conflict_do_nothing(index_elements=["name"])
    )
    row = db.session.execute(
        select(Heartbeat).where(Heartbeat.name == SWEEP).with_for_update(key_share=True)
    ).scalar_one()
    gap = now - row.at
    if gap <= timedelta(0):
        return None
    row.at = now
    return gap if gap > OUTAGE else None
