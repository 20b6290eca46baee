"""A box of empty booklets arrives: each number once in the whole system, whoever receives it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.rules import PassportKind
from mpaspor.desk import acting, stock
from mpaspor.desk.models import BlankBooklet, BookletBatch
from mpaspor.desk.refusals import SerialsKnown
from mpaspor.desk.rules import STOCK_RECEIVED_BY, BlankState
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def receive_batch(staff_id: uuid.UUID, *, kind: PassportKind, first: str, last: str, now: datetime) -> int:
    """Put the booklets from `first` to `last` into the stock of the officer's office; returns how many.

    Raises `NotABookletNumber`, `NotASerialRange`, `SerialsKnown` (one of them was received before: nothing is
    taken in), `NotYourStep`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(STOCK_RECEIVED_BY)
    numbers = stock.serials(first, last)
    batch = BookletBatch(
        office_id=officer.office_id,
        kind=kind,
        first_number=numbers[0],
        last_number=numbers[-1],
        count=len(numbers),
        received_by=staff_id,
        received_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    row = {
        "office_id": officer.office_id,
        "batch_id": batch.id,
        "kind": kind,
        "state": BlankState.IN_STOCK,
        "changed_by": staff_id,
        "changed_at": now,
    }
    new = db.session.scalars(
        insert(BlankBooklet)
        .values([{"number": number, **row} for number in numbers])
        .on_conflict_do_nothing()
        .returning(BlankBooklet.number)
    ).all()
    if len(new) < len(numbers):
        raise SerialsKnown(number=min(set(numbers) - set(new)))
    events.record(
        "booklets_received",
        actor=actor,
        now=now,
        office_id=officer.office_id,
        details={"kind": kind, "first": numbers[0], "last": numbers[-1], "count": len(numbers)},
    )
    return len(numbers)
