"""People with an hour that an office closes, and what the worker does about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.billing.reseat import seat_again
from mpaspor.billing.restore_hours import restore_hours
from mpaspor.booking.closures import Scope
from mpaspor.booking.models import Booking, Reseating, Slot
from mpaspor.booking.rules import LIVE, ClosureCause
from mpaspor.cli.check import breaches
from mpaspor.desk.close_hours import close_hours, reopen_hours
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import Role
from tests.stage import bills
from tests.stage.desk import House

# Friday, 27 November: an hour of it can be had from Monday on, and has a long week after it.
DAYS_ON = 4


@dataclass
class Closing:
    """An office with a supervisor who closes hours, and people who have them."""

    house: House
    now: datetime
    closures: list[uuid.UUID] = field(default_factory=list)

    @property
    def office(self) -> Office:
        return self.house.office

    @property
    def friday(self) -> date:
        return local_date(self.now + timedelta(days=DAYS_ON), self.office.time_zone)

    def paid(self, hours: int = 24 * DAYS_ON) -> str:
        """Somebody who has paid for an hour that begins so many hours from now; the code."""
        return self.house.guest(hours=hours)

    def unpaid(self, slot_id: uuid.UUID | None = None) -> bills.Owing:
        """Somebody who has just checked out and owes."""
        account_id, case_id, code = bills.draft(self.office, self.now)
        return bills.check_out_again(account_id, case_id, code, slot_id or self.hour(), self.now)

    def hour(self, hours: int = 24 * DAYS_ON) -> uuid.UUID:
        """The hour that begins so many hours from now."""
        starts_at = self.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
        found = db.session.scalars(
            select(Slot.id).where(Slot.office_id == self.office.id, Slot.starts_at == starts_at).limit(1)
        ).one()
        db.session.remove()
        return found

    def closes(self, *, at: datetime | None = None, **scope: Any) -> uuid.UUID:
        """The supervisor closes Friday morning, or what is said; nobody is seated again yet."""
        named = {"first": self.friday, "last": self.friday, **scope}
        if not {"begins", "first", "service_point_id"} & scope.keys():
            named |= {"begins": time(8), "ends": time(12)}
        closed = close_hours(
            self.house[Role.SUPERVISOR].id,
            Scope(self.office, **named),
            ClosureCause.POWER,
            note="Gardu PLN padam",
            now=at or self.now,
        )
        self.closures.append(uuid.UUID(closed))
        return self.closures[-1]

    def reopens(self, closure_id: uuid.UUID | None = None, *, at: datetime | None = None) -> None:
        reopen_hours(self.house[Role.SUPERVISOR].id, closure_id or self.closures[-1], now=at or self.now)

    def works(self, at: datetime | None = None) -> None:
        """The worker's rounds until nothing is left to do."""
        now = at or self.now
        with clock.at(now):
            while restore_hours(now=now) + seat_again(now=now):
                pass


def booking_of(code: str) -> Booking | None:
    """The live booking of a case."""
    found = db.session.scalars(
        select(Booking)
        .join(Application, Application.id == Booking.application_id)
        .where(Application.code == code, Booking.state.in_(LIVE))
    ).one_or_none()
    db.session.remove()
    return found


def reseatings_of(code: str) -> list[Reseating]:
    """Every time that a case lost its place through us, the oldest first."""
    found = db.session.scalars(
        select(Reseating)
        .join(Application, Application.id == Reseating.application_id)
        .where(Application.code == code)
        .order_by(Reseating.lost_at)
    ).all()
    db.session.remove()
    return list(found)


def owner_of(code: str) -> uuid.UUID:
    """The account that a case belongs to."""
    found = db.session.scalars(select(Application.account_id).where(Application.code == code)).one()
    db.session.remove()
    return found


def starts_at(slot_id: uuid.UUID) -> datetime:
    found = db.session.scalars(select(Slot.starts_at).where(Slot.id == slot_id)).one()
    db.session.remove()
    return found


# A guest is put there by hand, without a history, a number that was proved, or lines of the bill.
_SPARED = ("2. A NIK", "3.", "4.", "6.", "7. A bill has asked", "7. A place", "9.")


def broken(now: datetime) -> list[str]:
    """What breaks a promise, apart from what a guest who was put there by hand never did."""
    return [str(found) for found in breaches(now) if not found.name.startswith(_SPARED)]


def told(scalar: Callable[..., Any], kind: str) -> object:
    """How many messages of a kind were queued."""
    return scalar("SELECT count(*) FROM outbox WHERE kind = :kind", kind=kind)
