"""An empty booklet is found that cannot be printed on: it leaves the stock, with a reason."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.desk import acting, stock
from mpaspor.desk.rules import STOCK_SPOILT_BY
from mpaspor.foundation import events
from mpaspor.foundation.operations import operation


@operation
def spoil_blank(staff_id: uuid.UUID, *, number: str, reason: str, now: datetime) -> str:
    """Write off one booklet of the officer's office; returns its number.

    Raises `NotABookletNumber`, `ReasonNeeded`, `SerialUnknown`, `SerialUsed`, `SerialSpoilt`, `NotYourStep`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(STOCK_SPOILT_BY)
    bare, words = stock.read_serial(number), acting.required(reason)
    stock.spoil_unused(bare, officer.office_id, words, actor=actor, now=now)
    events.record(
        "booklet_spoilt",
        actor=actor,
        now=now,
        office_id=officer.office_id,
        reason=words,
        details={"number": bare},
    )
    return bare
