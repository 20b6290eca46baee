"""Freed places come back later, in batches at moments that nobody can know.

A place that is given up would else be taken by whoever waits beside it: cancelling and booking again would
hand an hour from one person to another. Until it comes back a freed place is not released; who gave it up has
no more right to it than anybody else. Money that comes late and a visit that is moved find it like everybody.
"""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from mpaspor.booking.bookable import last_chance
from mpaspor.booking.models import PlaceReturn, Slot
from mpaspor.config import settings
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.offices.models import Office

GIVEN_BACK = {"taken": Slot.taken - 1, "released": Slot.released - 1}
_BATCH = 200
_chance = random.SystemRandom()


@in_operation
def promise(slot_id: uuid.UUID, *, now: datetime) -> None:
    """Note that a place of this hour comes back, with the office's next batch where one is on its way.

    Whoever calls it lowers the hour's counters by `GIVEN_BACK` in the same transaction.
    """
    slot, zone = db.session.execute(
        select(Slot, Office.time_zone).join(Office, Office.id == Slot.office_id).where(Slot.id == slot_id)
    ).one()
    shortest, longest = (timedelta(seconds=seconds) for seconds in settings().place_return)
    batch: datetime | None = db.session.scalar(
        select(func.min(PlaceReturn.due_at))
        .join(Slot, Slot.id == PlaceReturn.slot_id)
        .where(Slot.office_id == slot.office_id, PlaceReturn.due_at >= now + shortest)
    )
    due_at = batch or now + shortest + (longest - shortest) * _chance.random()
    due_at = min(due_at, max(now, last_chance(slot.starts_at, zone)))
    db.session.execute(insert(PlaceReturn).values(id=uuid7(), slot_id=slot_id, due_at=due_at))


def return_due(*, now: datetime) -> int:
    """Release the freed places whose moment has come; returns how many. Any number of workers may run it."""
    slot_ids = db.session.scalars(
        select(PlaceReturn.slot_id).where(PlaceReturn.due_at <= now).distinct().limit(_BATCH)
    ).all()
    db.session.remove()
    return sum(_return(slot_id, now=now) for slot_id in sorted(slot_ids))


@operation
def _return(slot_id: uuid.UUID, *, now: datetime) -> int:
    back = db.session.scalars(
        delete(PlaceReturn)
        .where(PlaceReturn.slot_id == slot_id, PlaceReturn.due_at <= now)
        .returning(PlaceReturn.id)
    ).all()
    if back:
        db.session.execute(
            update(Slot)
            .where(Slot.id == slot_id)
            .values(released=Slot.released + len(back))
            .execution_options(synchronize_session=False)
        )
    return len(back)
