"""Days on which we were down: nobody is blamed for not having come (STATES §6.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, literal_column

from mpaspor.booking.models import Slot
from mpaspor.foundation.models import Event
from mpaspor.offices.models import Office

# The beginning of the day of a `Slot`, at its `Office`.
_MIDNIGHT = func.timezone(
    Office.time_zone, func.date_trunc("day", func.timezone(Office.time_zone, Slot.starts_at))
)
# So long after a day on which we were down, who came all the same has been entered from paper.
ENTERED_AFTER = timedelta(days=2)


def day_has_ended(now: datetime, since: timedelta = timedelta(0)) -> ColumnElement[bool]:
    """Whether the day of a `Slot` is over at its `Office`, and has been for so long."""
    return func.coalesce(_MIDNIGHT + (timedelta(days=1) + since) <= now, False)


def was_down() -> ColumnElement[bool]:
    """Whether we recovered from an outage on the day of a `Slot` or the day after it."""
    return exists().where(
        Event.kind == literal_column("'outage'"),  # the very words of the index
        Event.at >= _MIDNIGHT,
        Event.at < _MIDNIGHT + timedelta(days=2),
    )
