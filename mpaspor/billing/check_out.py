"""Check-out: the complete application takes its hour and gets its bill, in one transaction (STATES §7)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.exc import IntegrityError

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.billing import unpaid
from mpaspor.billing.models import Bill, BillLine
from mpaspor.billing.rules import BillState
from mpaspor.booking import transitions as places
from mpaspor.booking.bookable import IS_LEFT
from mpaspor.booking.models import Slot
from mpaspor.booking.transitions import SlotFull
from mpaspor.config import settings
from mpaspor.foundation import events, one_time_keys, outbox, rows
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import constraint_name, db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import answer_early, in_operation, operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.foundation.rows import Row
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Fee, Office


class NotDeclared(Refusal):
    """The application is not complete, or its declaration was not made for what it says now."""


class NikInUse(Refusal):
    """Another live case carries this NIK: the contested way leads to the office's desk."""


class KindNotPriced(Refusal):
    """No fee is in force for this kind today."""


def refuse_full_hour(slot_id: uuid.UUID, key: OneTimeKey | None) -> None:
    """Spare whoever comes too late the transaction: one read, which the claim does not rely on.

    A form that was sent before goes on to the answer that it had, be its hour as full as it may. Raises
    `SlotFull`.
    """
    given: dict[str, Any] = {"slot_id": slot_id}
    if key is not None:
        given |= one_time_keys.named(key)
    if not db.session.scalar(_HAS_PLACE if key is None else _HAS_PLACE_OR_ANSWER, given):
        raise SlotFull(slot_id=slot_id)


_HAS_PLACE = select(exists().where(Slot.id == bindparam("slot_id"), IS_LEFT))
_HAS_PLACE_OR_ANSWER = select(
    or_(exists().where(Slot.id == bindparam("slot_id"), IS_LEFT), one_time_keys.WAS_USED)
)


@operation
def check_out(account_id: uuid.UUID, wishes: Sequence[tuple[str, uuid.UUID]], *, now: datetime) -> list[str]:
    """Hold an hour and make a bill for each (application code, slot id); all or none.

    Returns the application codes. Raises `SlotFull`, `NotDeclared`, `NikInUse`, `BillStillOpen`,
    `TooManyUnpaid`, `PhoneHeldTooOften`, `KindNotPriced`, `NotFound`, `StateChanged`.
    """
    codes = [code for code, _slot in wishes]
    taken = [
        (cases.take_mine_and_account(account_id, code, {CaseState.DRAFT}), slot)
        for code, slot in sorted(wishes)
    ]
    unpaid.one_at_a_time(account_id, [case for case, _slot in taken], now=now)
    claims = [(_prepare(case, slot, now), slot) for case, slot in taken]
    answer_early(codes)
    # The hot rows come last, in ascending order, so that each is locked for one round trip only.
    for (case, office), slot_id in sorted(claims, key=lambda pair: pair[1]):
        held_until = now + timedelta(seconds=settings().code_patience)
        if places.claim(case, slot_id, office, held_until=held_until, now=now) is None:
            raise SlotFull(slot_id=slot_id)
    return codes


@in_operation
def _prepare(case: Application, slot_id: uuid.UUID, now: datetime) -> tuple[Application, Office]:
    """Everything of one person's check-out but the claim itself."""
    if case.declared_at is None or case.office_id is None or case.kind is None or case.validity_years is None:
        raise NotDeclared()
    office, fee = offices.office_and_fee(case.office_id, case.kind, case.validity_years, now)
    if office is None:
        raise NotDeclared()
    if fee is None:
        raise KindNotPriced(kind=case.kind)
    with rows.gathered():
        await_payment(case, actor=events.applicant(case.owner_id), now=now)
        make_bill(case, slot_id, fee, now=now)
    return case, office


@in_operation
def await_payment(case: Application, *, actor: Actor, now: datetime) -> None:
    """A draft becomes a live case, with a number. Raises `NikInUse`, `StateChanged`."""
    try:
        cases.must_move(
            case.id,
            {CaseState.DRAFT},
            CaseState.AWAITING_PAYMENT,
            actor=actor,
            now=now,
            number=case.number or cases.fresh_number(),
        )
    except IntegrityError as error:
        if constraint_name(error) == "uq_application_live_nik":
            raise NikInUse() from error
        raise


@in_operation
def make_bill(case: Application, slot_id: uuid.UUID, fee: Fee, *, now: datetime) -> None:
    """Write the bill of a case for this hour, and let the treasury be asked for its code."""
    bill_id = uuid7()
    bill = {
        "id": bill_id,
        "application_id": case.id,
        "state": BillState.REQUESTED,
        "amount_rp": fee.amount_rp,
        "lapse_at": now + timedelta(seconds=settings().code_patience),
        "slot_id": slot_id,
        "kind": case.kind,
        "validity_years": case.validity_years,
        "payer_name": case.full_name,
        "nik_lookup": case.nik_lookup,
        "created_at": now,
    }
    line = {"item": fee.item, "amount_rp": fee.amount_rp, "regulation": fee.regulation}
    rows.write(Row(Bill, bill), Row(BillLine, {"bill_id": bill_id, **line}))
    dedupe = f"request_billing_code:{bill_id}"
    outbox.about_case("request_billing_code", case.id, ref=bill_id, dedupe_key=dedupe, now=now)
