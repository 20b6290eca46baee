"""Somebody who checked out and owes, by the product's own operations, and the hours that they take."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from mpaspor.billing.check_out import check_out
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.booking.models import Slot
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.stage import cast
from tests.stage.drafts import case_row


@dataclass(frozen=True)
class Owing:
    """A checked-out case with a payable bill."""

    account_id: uuid.UUID
    application_id: uuid.UUID
    application_code: str
    bill_id: uuid.UUID
    slot_id: uuid.UUID
    code: str
    amount_rp: int


def draft(
    office: Office, now: datetime, *, nik_lookup: bytes | None = None
) -> tuple[uuid.UUID, uuid.UUID, str]:
    """Siti's complete draft, of somebody else each time: account id, application id, application code."""
    phone = f"+62812{secrets.randbelow(10**8):08d}"
    siti = cast.account("SITI NURHALIZA", f"{secrets.token_hex(4)}@contoh.example", now, phone=phone)
    db.session.add(siti)
    db.session.flush()
    case = case_row(
        siti.id,
        office,
        "1671015409960001",
        now,
        full_name=siti.full_name,
        nik_lookup=nik_lookup or secrets.token_bytes(32),
        phone=phone,
        validity_years=10,
    )
    db.session.add(case)
    found = siti.id, case.id, case.code
    db.session.commit()
    db.session.remove()
    return found


def free_slot(office: Office, now: datetime) -> uuid.UUID:
    """An hour at least three days ahead with a place left."""
    found = db.session.scalars(
        select(Slot.id)
        .where(
            Slot.office_id == office.id, Slot.starts_at > now + timedelta(days=3), Slot.taken < Slot.released
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(1)
    ).one()
    db.session.remove()
    return found


def owing(office: Office, now: datetime, *, nik_lookup: bytes | None = None) -> Owing:
    """Somebody who checked out and has a billing code, by the real operations."""
    account_id, application_id, code = draft(office, now, nik_lookup=nik_lookup)
    return check_out_again(account_id, application_id, code, free_slot(office, now), now)


def check_out_again(
    account_id: uuid.UUID, application_id: uuid.UUID, code: str, slot_id: uuid.UUID, now: datetime
) -> Owing:
    """Check out a draft and give its bill a code."""
    check_out(account_id, [(code, slot_id)], now=now)
    bill = db.session.scalars(
        select(Bill).where(Bill.application_id == application_id, Bill.state == "requested")
    ).one()
    db.session.remove()
    billing_code = f"820261123{secrets.randbelow(10**6):06d}"
    record_billing_code(bill.id, billing_code, now, now=now)
    return Owing(account_id, application_id, code, bill.id, slot_id, billing_code, bill.amount_rp)


def fill_slot(slot_id: uuid.UUID) -> None:
    """Let everybody else take the rest of an hour."""
    db.session.execute(update(Slot).where(Slot.id == slot_id).values(released=Slot.taken))
    db.session.commit()
    db.session.remove()
