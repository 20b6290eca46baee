"""A booklet is printed for a granted case."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from mpaspor.applications.passport_number import read_passport_number
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.desk.models import Booklet
from mpaspor.desk.refusals import BookletNumberTaken, NotABookletNumber
from mpaspor.foundation.database import constraint_name, db
from mpaspor.foundation.operations import operation


@operation
def print_booklet(staff_id: uuid.UUID, code: str, *, number: str, now: datetime) -> str:
    """Record the passport that was printed. Returns the code.

    Raises `NotABookletNumber`, `BookletNumberTaken`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.GRANTED, CaseState.PRINTED)
    case = acting.take(officer, code, {CaseState.GRANTED})
    bare = read_passport_number(number)
    if bare is None:
        raise NotABookletNumber()
    acting.require_paid(case)
    db.session.add(Booklet(application_id=case.id, number=bare, printed_by=staff_id, printed_at=now))
    try:
        db.session.flush()
    except IntegrityError as error:
        if constraint_name(error) == "uq_booklet_number":
            raise BookletNumberTaken() from error
        raise
    acting.move(case, CaseState.PRINTED, actor=actor, now=now)
    return code
