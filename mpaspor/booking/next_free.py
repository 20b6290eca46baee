"""A cheap read for lists of offices: on which day each has a place left."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ARRAY, Uuid, bindparam, func, select, true

from mpaspor.booking.bookable import first_moment, is_free_at
from mpaspor.booking.models import Slot
from mpaspor.foundation.columns import Moment
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
    moments = [first_moment(office, now) for office in offices]
    rows = db.session.execute(_FIRST, {"offices": list(zones), "moments": moments, "programme": programme_id})
    return {office_id: local_date(starts_at, zones[office_id]) for office_id, starts_at in rows}


# The first hour of each office from an index, and nothing of the hundreds that follow it.
_WANTED = select(
    func.unnest(bindparam("offices", type_=ARRAY(Uuid))).label("office_id"),
    func.unnest(bindparam("moments", type_=ARRAY(Moment))).label("earliest"),
).subquery()
_HOUR = (
    select(Slot.starts_at)
    .where(is_free_at(_WANTED.c.office_id, _WANTED.c.earliest), Slot.programme_id == bindparam("programme"))
    .order_by(Slot.starts_at)
    .limit(1)
    .lateral()
)
_FIRST = select(_WANTED.c.office_id, _HOUR.c.starts_at).join(_HOUR, true())
