"""The quality test of a booklet, never by who printed it: read and looked at, or what is wrong with it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.choices import Sex
from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, mrz, stock
from mpaspor.desk.models import Booklet
from mpaspor.desk.refusals import MrzDiffers, OwnPrint, TicksMissing
from mpaspor.desk.rules import Tick, add_months, ticks_of
from mpaspor.desk.tell import tell
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import StateChanged
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date


@operation
def pass_quality(
    staff_id: uuid.UUID, code: str, *, read: str, ticks: Collection[Tick], seen: str | None, now: datetime
) -> str:
    """Pass the booklet; the passport is ready and the applicant is told. Returns the code.

    `read` are the two lines of the booklet, `ticks` what was looked at: all of `ticks_of`. `seen` is the
    number of the booklet on the screen: one printed anew is not judged unseen. Raises `MrzDiffers`,
    `TicksMissing`, `OwnPrint`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    case, booklet, actor = _take(staff_id, code, seen, now)
    wrong = mrz.faults(read, holder_of(case, booklet, acting.office_of(case)))
    if wrong:
        raise MrzDiffers(faults=wrong)
    needed = ticks_of(case.kind)
    if not set(needed) <= set(ticks):
        raise TicksMissing()
    booklet.passed, booklet.checked = True, [str(tick) for tick in needed]
    acting.move(case, CaseState.READY, actor=actor, now=now)
    tell("ready", case, now=now)
    return code


@operation
def fail_quality(
    staff_id: uuid.UUID, code: str, *, reason: str | None, seen: str | None, now: datetime
) -> str:
    """Write the booklet off with a reason; the case goes back to printing. Returns the code.

    Raises `ReasonNeeded`, `OwnPrint`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    case, booklet, actor = _take(staff_id, code, seen, now)
    booklet.passed, booklet.reason = False, acting.required(reason)
    stock.spoil_used(booklet.number, booklet.reason, actor=actor, now=now)
    acting.move(case, CaseState.GRANTED, actor=actor, now=now, reason=booklet.reason)
    return code


@in_operation
def _take(
    staff_id: uuid.UUID, code: str, seen: str | None, now: datetime
) -> tuple[Application, Booklet, Actor]:
    """The case and the booklet that this officer tests now."""
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.PRINTED, CaseState.READY)
    case = acting.take(officer, code, {CaseState.PRINTED})
    acting.require_paid(case)
    booklet = current_booklet(case)
    if booklet.printed_by == staff_id:
        raise OwnPrint()
    if booklet.number != seen:
        raise StateChanged(state=case.state)
    booklet.tested_by, booklet.tested_at = staff_id, now
    return case, booklet, actor


def holder_of(case: Application, booklet: Booklet, office: Office) -> mrz.Holder:
    """What the lines of the booklet should say: the case, and a validity from the day of printing."""
    assert case.birth_on is not None and case.validity_years is not None  # a live case is complete
    printed_on = local_date(booklet.printed_at, office.time_zone)
    return mrz.Holder(
        number=booklet.number,
        name=case.full_name or "",
        birth_on=case.birth_on,
        sex="F" if case.sex == Sex.FEMALE else "M",
        expires_on=add_months(printed_on, 12 * case.validity_years),
    )


@in_operation
def current_booklet(case: Application) -> Booklet:
    """The last booklet that was printed for the case."""
    found: Booklet = db.session.scalars(
        select(Booklet)
        .where(Booklet.application_id == case.id)
        .order_by(Booklet.printed_at.desc(), Booklet.id.desc())
        .limit(1)
    ).one()
    return found
