"""What the door shows of those whom it registered: today's list, one slip, and whose NIK is taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from mpaspor.applications.models import Application, WalkIn
from mpaspor.applications.rules import LIVE, CaseState
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.applications.walk_in_rules import CLAIM_TRIES
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID, BillState
from mpaspor.booking import bookable
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import COUNTED
from mpaspor.desk import acting
from mpaspor.desk.board_queries import day_of
from mpaspor.desk.refusals import OwnCase
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.queries import PRIORITY, programme_by_code

_MOST = 60


@dataclass(frozen=True)
class Registered:
    """Somebody whom the door registered today."""

    code: str
    name: str
    state: CaseState
    bill: BillState
    pay_until: datetime | None


@dataclass(frozen=True)
class Slip:
    """One of them, with what the paper says: the bill, its hour, how it stands now."""

    case: Application
    office: Office
    walk_in: WalkIn
    bill: Bill
    slot: Slot

    @property
    def is_payable(self) -> bool:
        return self.bill.state is BillState.PAYABLE and self.case.state is CaseState.AWAITING_PAYMENT

    @property
    def may_come_in(self) -> bool:
        """Whether the money is there and the person stands at the door."""
        return self.case.state is CaseState.SCHEDULED and self.bill.state in PAID

    @property
    def needs_place(self) -> bool:
        """Whether the money is there and the hour is gone."""
        return self.case.state is CaseState.AWAITING_PLACE

    @property
    def has_lapsed(self) -> bool:
        return self.case.state is CaseState.DRAFT

    @property
    def is_locked(self) -> bool:
        """Whether wrong answers keep everybody from claiming it."""
        return self.walk_in.claimed_at is None and self.walk_in.tries >= CLAIM_TRIES

    @property
    def version(self) -> str:
        """What the page was drawn from."""
        return f"{self.case.state}-{self.bill.state}"


@dataclass(frozen=True)
class LiveCase:
    """The case that has a NIK; `is_ours` where it is one of this office."""

    code: str
    office: str
    state: CaseState
    is_ours: bool


def left_today(office: Office, now: datetime) -> int:
    """How many places of the priority hours can still be had today."""
    programme = programme_by_code(PRIORITY)
    hours = bookable.left_today(office, programme.id, now) if programme is not None else ()
    return sum(hour.released - hour.taken for hour in hours)


def registered_today(office: Office, now: datetime) -> Sequence[Registered]:
    """Whom the door registered today, the newest first; who lapsed and was forgotten is no longer there."""
    rows = db.session.execute(
        select(Application.code, Application.full_name, Application.state, Bill.state, Bill.pay_until)
        .join(WalkIn, WalkIn.application_id == Application.id)
        .join(Bill, Bill.id == _NEWEST_BILL)
        .where(
            WalkIn.office_id == office.id,
            WalkIn.registered_at >= day_of(office, now).starts,
            Application.state != CaseState.DISCARDED,
        )
        .order_by(WalkIn.registered_at.desc(), Application.id)
        .limit(_MOST)
    )
    return [Registered(code, name or "", state, bill, until) for code, name, state, bill, until in rows]


_NEWEST_BILL = (
    select(Bill.id)
    .where(Bill.application_id == Application.id)
    .order_by(Bill.state.in_(PAID).desc(), Bill.created_at.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)


def slip_of(office_id: uuid.UUID, code: str, *, reader: uuid.UUID) -> Slip:
    """The slip of a case that this office's door registered; one statement.

    Raises `NotFound` for any other, `OwnCase` where the officer keeps away from it.
    """
    newest = (
        select(Booking.slot_id)
        .where(Booking.application_id == Application.id, Booking.state.in_(COUNTED))
        .order_by(Booking.created_at.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(Application, Office, WalkIn, Bill, Slot, acting.is_kept_from(reader))
        .join(WalkIn, WalkIn.application_id == Application.id)
        .join(Office, Office.id == Application.office_id)
        .join(Bill, Bill.id == _NEWEST_BILL)
        .join(Slot, Slot.id == func.coalesce(newest, Bill.slot_id))
        .where(
            Application.code == code,
            WalkIn.office_id == office_id,
            Application.office_id == office_id,
            Application.state != CaseState.DISCARDED,
        )
    ).one_or_none()
    if found is None:
        raise NotFound()
    if found[5]:
        raise OwnCase(code=code)
    return Slip(*found[:5])


def live_case_of(nik: str, office_id: uuid.UUID) -> LiveCase | None:
    """The case that has this NIK, at whatever office; None where it has ended meanwhile."""
    row = db.session.execute(
        select(Application.code, Application.office_id, Office.name, Application.state)
        .join(Office, Office.id == Application.office_id)
        .where(Application.nik_lookup == lookup_hash(nik, NIK_PURPOSE), Application.state.in_(LIVE))
        .limit(1)
    ).one_or_none()
    return None if row is None else LiveCase(row[0], row[2], row[3], row[1] == office_id)
