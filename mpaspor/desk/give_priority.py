"""The door gives a number of the priority lane to somebody whom the case does not know as such."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.desk import acting, presence
from mpaspor.desk.queue_rules import RETURNS
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation.operations import operation


@operation
def give_priority(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """Give the person a number of the priority lane instead of their own; returns the code.

    The ground (disability, pregnancy, a small child, illness) is seen at the door and kept nowhere: it is
    nobody's data but theirs. Raises `NotHere` for whoever has no ordinary number today, `NotYourStep`,
    `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(AT_THE_DOOR)
    case = acting.take(officer, code, RETURNS, whoever_holds=True)
    presence.prefer(case, acting.office_of(case), actor=actor, now=now)
    return code
