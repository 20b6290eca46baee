"""A cheap read for lists of offices: on which day each has a place left."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select

from mpaspor.booking.bookable import is_free
from mpaspor.booking.models import Slot
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date


def next_free_days(
    offices: Sequence[Office], programme_id: uuid.UUID, *, now: datetime
) -> dict[uuid.UUID, date]:
    """The first day with a place left, per office, in its own zone; offices without one are left out."""
    if not offices:
        return {}
    zones = {office.id: office.time_zone for office in offices}
    rows = db.session.execute(
        select(Slot.office_id, func.min(Slot.starts_at))
        .where(or_(*(is_free(office, now) for office in offices)), Slot.programme_id == programme_id)
        .group_by(Slot.office_id)
    )
    return {office_id: local_date(starts_at, zones[office_id]) for office_id, starts_at in rows}
