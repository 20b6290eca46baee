"""Which hours can be had: one rule for the claim, for a move and for every page that shows what is free.

The rule stands here twice, side by side: `TAKE_PLACE` takes by it, `is_free` looks by it. The claim is the
hot path and stays one plain statement that a reader sees whole; a test holds the two against each other for
every kind of hour.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, select

from mpaspor.booking.models import Slot
from mpaspor.config import settings
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import earliest_start, last_claim_moment, local_date

# Raises the count where the hour can be had; `placing` fills it in. One row back, or none.
TAKE_PLACE = """
        UPDATE slot SET taken = taken + 1
        WHERE id = :slot AND taken < released AND closed_at IS NULL
          AND programme_id = :programme AND office_id = :office AND starts_at >= :earliest
        RETURNING id
"""


# The same for somebody who had a place there, in an hour that is being opened again and is shut to others.
RESTORE_PLACE = """
        UPDATE slot SET taken = taken + 1, released = released + 1
        WHERE id = :slot AND released < capacity AND closure_id = :closure AND starts_at >= :earliest
        RETURNING id
"""

# The part of the rule that a crowd meets first; whether the hour is open to it, `is_free` says.
IS_LEFT = Slot.taken < Slot.released


def placing(
    slot_id: uuid.UUID, *, office: Office, programme_id: uuid.UUID, now: datetime, is_here: bool = False
) -> dict[str, Any]:
    """The values of `TAKE_PLACE`: this hour, if it is one of the office's and the programme's. For somebody
    who `is_here`, at the door, today's too."""
    return {
        "slot": slot_id,
        "programme": programme_id,
        "office": office.id,
        "earliest": earliest_start(now, office.time_zone, 0) if is_here else first_moment(office, now),
    }


def is_free(office: Office, now: datetime) -> ColumnElement[bool]:
    """Whether a `Slot` of the office has a place that can be had; a freed one comes back by its own batch."""
    return is_free_at(office.id, first_moment(office, now))


def is_free_at(office_id: Any, earliest: Any) -> ColumnElement[bool]:
    """The same of any office, whose first moment that can be had is known; both may be columns."""
    return and_(IS_LEFT, Slot.closed_at.is_(None), Slot.office_id == office_id, Slot.starts_at >= earliest)


def places_left(office: Office, now: datetime) -> ColumnElement[int]:
    """How many places of a `Slot` can be had: 0 for a full hour as for one that is closed or too near."""
    return case((is_free(office, now), Slot.released - Slot.taken), else_=0)


def can_be_had(slot_id: uuid.UUID, *, office: Office, programme_id: uuid.UUID, now: datetime) -> bool:
    """Whether the hour could be taken now; takes nothing."""
    wanted = exists().where(Slot.id == slot_id, Slot.programme_id == programme_id, is_free(office, now))
    return bool(db.session.scalar(select(wanted)))


def left_today(office: Office, programme_id: uuid.UUID, now: datetime) -> Sequence[Slot]:
    """Today's hours of a programme that are not over and have a place left, for somebody at the door."""
    today = earliest_start(now, office.time_zone, 0)
    return db.session.scalars(
        select(Slot)
        .where(
            is_free_at(office.id, today),
            Slot.programme_id == programme_id,
            Slot.starts_at < today + timedelta(days=1),
            Slot.ends_at > now,
        )
        .order_by(Slot.starts_at, Slot.id)
    ).all()


def first_day(office: Office, now: datetime) -> date:
    """The first of the office's days that can be had: never today, so that an office knows its day."""
    return local_date(first_moment(office, now), office.time_zone)


def first_moment(office: Office, now: datetime) -> datetime:
    """No hour that begins before this moment can be had."""
    return earliest_start(now, office.time_zone, settings().earliest_days_ahead)


def last_chance(starts_at: datetime, time_zone: str) -> datetime:
    """The last moment at which an hour can still be had, a minute before its day is too near."""
    return last_claim_moment(starts_at, time_zone, settings().earliest_days_ahead) - timedelta(minutes=1)
