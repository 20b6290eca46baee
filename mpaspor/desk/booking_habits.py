"""What hoarding looks like at an office: one account with many NIKs, places given back again and again.

Shown to supervisors and to nobody else; it blocks nobody and is written down nowhere: it is counted from the
bookings of the last days each time that somebody looks (abuse 18, abuse 23). What limits people is in
`billing/unpaid.py` and `people/sign_up_limits.py`, and tells them so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from mpaspor.applications.models import Application
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import COUNTED
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office

LOOKS_BACK = timedelta(days=30)
MANY = 3  # NIKs of one account, or places given back; a family or a second thought stays below
_SHOWN = 30


@dataclass(frozen=True)
class Habit:
    """One account, or one NIK: how many NIKs and places it had, and how many of those it gave back."""

    niks: int
    places: int
    given_back: int
    last_at: datetime
    codes: Sequence[str]


def many_niks(office: Office, *, now: datetime) -> list[Habit]:
    """Accounts that took places of the office for many NIKs; one statement."""
    niks = func.count(Application.nik_lookup.distinct())
    return _habits(office, Application.account_id, niks >= MANY, niks, now)


def given_back(office: Office, *, now: datetime) -> list[Habit]:
    """NIKs, in whichever account, whose places lapsed or were given up again and again; one statement."""
    return _habits(office, Application.nik_lookup, _GIVEN_BACK >= MANY, _GIVEN_BACK, now)


# A place that was proposed was never taken; what the office closed, nobody gave back.
_GIVEN_BACK: Any = func.count().filter(Booking.state.not_in(COUNTED))


def _habits(office: Office, whose: Any, is_many: Any, most_first: Any, now: datetime) -> list[Habit]:
    rows = db.session.execute(
        select(
            func.count(Application.nik_lookup.distinct()),
            func.count(),
            _GIVEN_BACK,
            func.max(Booking.created_at),
            func.array_agg(Application.code.distinct()),
        )
        .join(Application, Application.id == Booking.application_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(
            Slot.office_id == office.id,
            Booking.created_at > now - LOOKS_BACK,
            Booking.is_offer.is_(False),
            Slot.closed_at.is_(None),
            whose.is_not(None),
        )
        .group_by(whose)
        .having(is_many)
        .order_by(most_first.desc(), func.max(Booking.created_at).desc())
        .limit(_SHOWN)
    )
    return [Habit(*row) for row in rows]
