"""What is free at an office, for the page of the wish: nothing is claimed by looking."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mpaspor.booking.queries import Day, free_days
from mpaspor.offices.models import Office
from mpaspor.offices.queries import office_by_code

_SHOWN = 5


@dataclass(frozen=True)
class FreePlaces:
    """The first free days of an office, and how many more there are."""

    office: Office
    days: Sequence[Day]
    more: int


def free_places(office_code: str | None, programme_id: uuid.UUID, *, now: datetime) -> FreePlaces | None:
    """The office's first free days, or None while no office is chosen."""
    office = office_by_code(office_code) if office_code else None
    if office is None or not office.in_service:
        return None
    days = free_days(office.id, programme_id, now)
    return FreePlaces(office, days[:_SHOWN], max(0, len(days) - _SHOWN))
