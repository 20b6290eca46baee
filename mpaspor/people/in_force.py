"""What of an officer holds now: a role that has not run out, and whether they are there. For reads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, SQLColumnExpression, and_, or_

from mpaspor.people.models import StaffAbsence, StaffRole


def holds(
    now: datetime | BindParameter[datetime], until: SQLColumnExpression[Any] = StaffRole.until
) -> ColumnElement[bool]:
    """Whether a role counts: given for good, or its end has not come."""
    return or_(until.is_(None), until > now)


def is_absent_on(today: date) -> ColumnElement[bool]:
    """Whether a noted absence holds on this day of the office."""
    return and_(
        StaffAbsence.ended_at.is_(None), StaffAbsence.from_on <= today, StaffAbsence.until_on >= today
    )
