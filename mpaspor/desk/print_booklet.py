"""A booklet is printed for a granted case: one of the stock, which it leaves."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, stock
from mpaspor.desk.models import Booklet
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation


@operation
def print_booklet(staff_id: uuid.UUID, code: str, *, number: str, now: datetime) -> str:
    """Record the passport that was printed. Returns the code.

    Raises `NotABookletNumber`, `SerialUnknown`, `SerialUsed`, `SerialSpoilt`, `OtherKindOfBooklet`,
    `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.GRANTED, CaseState.PRINTED)
    case = acting.take(officer, code, {CaseState.GRANTED})
    bare = stock.read_serial(number)
    acting.require_paid(case)
    stock.use(bare, case, actor=actor, now=now)
    db.session.add(
        Booklet(
            application_id=case.id,
            office_id=case.office_id,
            number=bare,
            printed_by=staff_id,
            printed_at=now,
        )
    )
    acting.move(case, CaseState.PRINTED, actor=actor, now=now)
    return code
