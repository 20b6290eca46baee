"""The door gives a number of the priority lane to somebody whom the case does not know as such."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.desk import acting, presence
from mpaspor.desk.queue_rules import RETURNS, Lane
from mpaspor.desk.refusals import NotHere
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation import events
from mpaspor.foundation.operations import operation
from mpaspor.offices.rules import local_date

PRIORITY_GIVEN = "priority_given"


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
    office = acting.office_of(case)
    found = presence.of_case(case.id, office, now)
    if found is None or found.lane is not Lane.BOOKED:
        raise NotHere()
    found.lane = Lane.PRIORITY
    found.number = presence.next_number(office.id, local_date(now, office.time_zone), Lane.PRIORITY)
    events.record(PRIORITY_GIVEN, actor=actor, now=now, application_id=case.id, office_id=case.office_id)
    return code
