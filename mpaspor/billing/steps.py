"""What deeds on bills share: the only writer of `bill.state`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import update

from mpaspor.billing.models import Bill
from mpaspor.billing.rules import MOVES, BillState
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.deeds import step
from mpaspor.foundation.events import Actor


@step
def move(
    bill_id: uuid.UUID,
    expected: Collection[BillState],
    new: BillState,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    **values: Any,
) -> bool:
    """Move the bill if it is in one of `expected`, setting `values` with it; True if this call won."""
    for state in expected:
        if new not in MOVES[state]:
            raise ValueError(f"{state} may not become {new}")
    won = db.session.execute(
        update(Bill)
        .where(Bill.id == bill_id, Bill.state.in_([str(s) for s in expected]))
        .values(state=str(new), **values)
        .returning(Bill.application_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if won is None:
        return False
    events.record(
        "bill",
        actor=actor,
        now=now,
        application_id=won,
        from_state="|".join(sorted(expected)),
        to_state=str(new),
        reason=reason,
        details={"bill": str(bill_id)},
    )
    return True
