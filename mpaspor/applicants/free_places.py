"""What is free at an office, for the page of the wish: nothing is claimed by looking."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mpaspor.booking.days import Day, free_days
from mpaspor.foundation.kept import kept
from mpaspor.offices.models import Office
from mpaspor.offices.queries import offices_in_service

_SHOWN = 5


@dataclass(frozen=True)
class FreePlaces:
    """The first free days of an office, and how many more there are."""

    office: Office
    days: Sequence[Day]
    more: int


def free_places(office_code: str | None, programme_id: uuid.UUID, *, now: datetime) -> FreePlaces | None:
    """The office's first free days, or None while no office is chosen."""
    office = next((one for one in offices_in_service() if one.code == office_code), None)
    if office is None:
        return None
    days = kept().get(("free days", office.id, programme_id), lambda: free_days(office, programme_id, now))
    return FreePlaces(office, days[:_SHOWN], max(0, len(days) - _SHOWN))
