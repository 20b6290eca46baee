"""The door: a scanned visit letter or a typed code, and the case is in the house."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import walk_ins
from mpaspor.applications.models import Application, Letter
from mpaspor.applications.rules import CODE_LENGTH, NUMBER_LENGTH, CaseState
from mpaspor.applications.scanned_text import inside_address, looks_like_token, readings
from mpaspor.applications.visit_token import BadVisitToken, Visit, public_key, verify
from mpaspor.booking import transitions as places
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import BookingState
from mpaspor.config import settings
from mpaspor.desk import acting, ask_supervisor, presence, turns
from mpaspor.desk.queue_rules import RETURNS, due_at, lane_of
from mpaspor.desk.refusals import (
    AlreadyHere,
    CheckInRefused,
    NoSuchCode,
    NotExpected,
    NotOurQr,
    OtherOffice,
    OwnCase,
    TooEarly,
    TooLate,
    Unpaid,
    WrongDay,
)
from mpaspor.desk.rules import AT_THE_DOOR, IN_HOUSE, Arrival, arrival, may_admit
from mpaspor.foundation import events
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.offices.models import Office
from mpaspor.offices.queries import office_by_code
from mpaspor.offices.rules import local_date

_FROM = (CaseState.SCHEDULED, CaseState.MISSED)
_BOOKED = {CaseState.SCHEDULED: BookingState.CONFIRMED, CaseState.MISSED: BookingState.MISSED}
_REFUSED: dict[Arrival, type[CheckInRefused]] = {
    Arrival.EARLY: TooEarly,
    Arrival.LATE: TooLate,
    Arrival.WRONG_DAY: WrongDay,
}


def code_of(text: str, office_code: str) -> str:
    """The application code in a scan or in what was typed: a visit letter's QR code, the address on any of
    our letters, an application number or code.

    Raises `NotOurQr` for a letter that we did not sign or cannot read, `OtherOffice` for one of another
    office, `NoSuchCode` for what cannot be a code.
    """
    if looks_like_token(text) and "://" not in text:
        visit = visit_in(text)
        if visit.office_code != office_code:
            other = office_by_code(visit.office_code)
            raise OtherOffice(office=other.name if other is not None else visit.office_code)
        return visit.application_code
    code = read_code(inside_address(text))
    if len(code) == NUMBER_LENGTH:
        code = _code_behind(code) or ""
    if len(code) != CODE_LENGTH:
        raise NoSuchCode()
    return code


def visit_in(text: str) -> Visit:
    """What the QR code of a visit letter says. Raises `NotOurQr` for one that we did not sign."""
    key = public_key(settings().secrets.signing_key)
    for reading in readings(text):
        with suppress(BadVisitToken):
            return verify(reading, key)
    raise NotOurQr()


def _code_behind(sixteen: str) -> str | None:
    """The code of the case that has this number, or for which this letter was written."""
    letters = select(Letter.application_id).where(Letter.code == sixteen)
    found: str | None = db.session.scalar(
        select(Application.code).where((Application.number == sixteen) | Application.id.in_(letters)).limit(1)
    )
    return found


@operation
def check_in(staff_id: uuid.UUID, code: str, *, reason: str | None, now: datetime) -> str:
    """Let the person in, with a queue number: case `arrived`, booking `attended`; or again, on a case that
    they come back for. Returns the code.

    Another hour of the day needs a reason, another day a supervisor and a reason. Raises `TooEarly`,
    `TooLate`, `WrongDay`, `Unpaid`, `AlreadyHere`, `NotExpected`, `NotYourStep`, `NoSuchCode`.
    """
    let_in(acting.officer(staff_id), code, reason=reason, came_at=None, now=now)
    return code


@in_operation
def let_in(
    officer: acting.Officer, code: str, *, reason: str | None, came_at: datetime | None, now: datetime
) -> Application:
    """What `check_in` does, of somebody who comes now, or came at an earlier moment of this day."""
    case = _take(officer, code)
    state = case.state
    is_walk_in = walk_ins.walk_in_of(case.id) is not None
    if state in RETURNS:
        return _come_back(officer, case, came_at, now, is_walk_in=is_walk_in)
    actor = officer.moving(state, CaseState.ARRIVED)
    acting.require_paid(case)
    came = came_at or now
    booking_id, starts_at, found = _arrival(case, _BOOKED[state], came, is_walk_in=is_walk_in)
    if state is CaseState.MISSED or found is not Arrival.ON_TIME:
        reason = _admitted(officer, case, state, found, reason)
    else:
        reason = None
    acting.move(case, CaseState.ARRIVED, actor=actor, now=now, reason=reason)
    places.move(
        case.id,
        {_BOOKED[state]},
        BookingState.ATTENDED,
        actor=actor,
        now=now,
        reason=reason,
        booking_id=booking_id,
    )
    due = came if is_walk_in else due_at(found, starts_at, came)
    _into_the_house(case, CaseState.ARRIVED, due, actor, came_at, now, is_walk_in=is_walk_in)
    return case


@in_operation
def _take(officer: acting.Officer, code: str) -> Application:
    try:
        return acting.take(officer, code, (*_FROM, *RETURNS), whoever_holds=True)
    except OwnCase:
        raise
    except NotFound as error:
        raise NoSuchCode() from error
    except StateChanged as error:
        state = error.facts["state"]
        if state in IN_HOUSE:
            raise AlreadyHere(code=code) from error
        if state is CaseState.AWAITING_PAYMENT:
            raise Unpaid(code=code) from error
        raise NotExpected(code=code) from error


@in_operation
def _come_back(
    officer: acting.Officer,
    case: Application,
    came_at: datetime | None,
    now: datetime,
    *,
    is_walk_in: bool,
) -> Application:
    """The person is in the house once more; the case stands where it stood."""
    actor = officer.acting_as(AT_THE_DOOR)
    acting.require_paid(case)
    if presence.of_case(case.id, acting.office_of(case), now) is not None:
        raise AlreadyHere(code=case.code)
    kind = presence.CAME_TO_COLLECT if case.state is CaseState.READY else presence.CAME_BACK
    events.record(kind, actor=actor, now=now, application_id=case.id, office_id=case.office_id)
    _into_the_house(case, case.state, came_at or now, actor, came_at, now, is_walk_in=is_walk_in)
    return case


@in_operation
def _into_the_house(
    case: Application,
    state: CaseState,
    due: datetime,
    actor: Actor,
    came_at: datetime | None,
    now: datetime,
    *,
    is_walk_in: bool,
) -> None:
    office = acting.office_of(case)
    lane = lane_of(state, case.birth_on, local_date(now, office.time_zone), is_walk_in=is_walk_in)
    here = presence.arrive(case, office, lane, due, came_at=came_at, actor=actor, now=now)
    turns.queue(case, state, here, now=now, since=came_at)
    ask_supervisor.let_in_meanwhile(case, actor=actor, now=now)


@in_operation
def _arrival(
    case: Application, booked: BookingState, came: datetime, *, is_walk_in: bool
) -> tuple[uuid.UUID, datetime, Arrival]:
    booking_id, slot, zone = db.session.execute(
        select(Booking.id, Slot, Office.time_zone)
        .join_from(Slot, Booking, Booking.slot_id == Slot.id)
        .join(Office, Office.id == Slot.office_id)
        .where(Booking.application_id == case.id, Booking.state == booked)
        .order_by(Booking.created_at.desc())
        .limit(1)
    ).one()
    found = arrival(
        now=came,
        today=local_date(came, zone),
        visit_on=local_date(slot.starts_at, zone),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        delay_minutes=slot.delay_minutes,
        is_walk_in=is_walk_in,
    )
    return booking_id, slot.starts_at, found


def _admitted(
    officer: acting.Officer, case: Application, state: CaseState, found: Arrival, reason: str | None
) -> str:
    """The reason for the exception, or the refusal that explains it."""
    is_missed = state is CaseState.MISSED
    if not may_admit(found, is_missed, officer.roles) or not (reason or "").strip():
        raise (TooLate if is_missed else _REFUSED[found])(code=case.code)
    return acting.required(reason)
