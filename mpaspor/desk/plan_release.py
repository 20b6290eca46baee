"""A supervisor, or the command line, says which places open when, or takes that back (STATES §7.5).

Nobody opens places by hand from a page: what opens is known to everybody before it does (abuse 24).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.booking import releases
from mpaspor.booking.models import Release
from mpaspor.booking.releases import Plan
from mpaspor.desk.close_hours import who_says_hours
from mpaspor.desk.refusals import NotYourStep
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound


@operation
def plan_release(staff_id: uuid.UUID | None, wanted: Plan, *, now: datetime) -> str:
    """Note what opens when; returns the release's id. Without `staff_id` it is the command line's act.

    Raises `OpensInThePast`, `DaysDoNotFit`, `NotYourStep`.
    """
    actor = who_says_hours(staff_id, wanted.office.id)
    return str(releases.plan(wanted, actor=actor, now=now).id)


@operation
def cancel_release(
    staff_id: uuid.UUID | None, release_id: uuid.UUID, *, whole_series: bool = False, now: datetime
) -> int:
    """Take back what has not opened yet; returns how many openings.

    Raises `ReleaseOver`, `NotYourStep`, `NotFound` (another office's, too).
    """
    release = db.session.scalars(select(Release).where(Release.id == release_id)).one_or_none()
    if release is None:
        raise NotFound()
    try:
        actor = who_says_hours(staff_id, release.office_id)
    except NotYourStep as error:
        raise NotFound() from error
    return releases.cancel(release, whole_series=whole_series, actor=actor, now=now)
