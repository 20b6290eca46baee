"""The stock of empty booklets: which numbers a box holds, and how one leaves the stock."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select, update

from mpaspor.applications.models import Application
from mpaspor.applications.passport_number import read_passport_number
from mpaspor.desk.models import BlankBooklet
from mpaspor.desk.refusals import (
    BookletRefused,
    NotABookletNumber,
    NotASerialRange,
    OtherKindOfBooklet,
    SerialSpoilt,
    SerialUnknown,
    SerialUsed,
)
from mpaspor.desk.rules import BlankState
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation

BATCH_MOST = 1000  # what one receipt covers; a larger delivery is several boxes
_PARTS = re.compile(r"([A-Z]+)([0-9]+)")


def serials(first: str, last: str) -> list[str]:
    """Every number from the first to the last. Pure.

    Raises `NotABookletNumber`; `NotASerialRange` where letters or length differ, the order is wrong or the
    range is larger than `BATCH_MOST`.
    """
    begin, end = read_serial(first), read_serial(last)
    (letters, low), (other, high) = _parts(begin), _parts(end)
    count = int(high) - int(low) + 1
    if letters != other or len(low) != len(high) or not 1 <= count <= BATCH_MOST:
        raise NotASerialRange(most=BATCH_MOST)
    return [f"{letters}{number:0{len(low)}d}" for number in range(int(low), int(high) + 1)]


def read_serial(text: str) -> str:
    """A number as it was meant. Raises `NotABookletNumber`."""
    number = read_passport_number(text)
    if number is None:
        raise NotABookletNumber()
    return number


def _parts(number: str) -> tuple[str, str]:
    found = _PARTS.fullmatch(number)
    assert found is not None  # a passport number is letters, then digits
    return found[1], found[2]


@in_operation
def use(number: str, case: Application, *, actor: Actor, now: datetime) -> None:
    """Take a booklet out of the stock of the case's office, for printing this case.

    One conditional statement: of two printers one gets it. Raises what `why_not` raises.
    """
    taken = db.session.scalar(
        update(BlankBooklet)
        .where(
            BlankBooklet.number == number,
            BlankBooklet.office_id == case.office_id,
            BlankBooklet.state == BlankState.IN_STOCK,
            BlankBooklet.kind == case.kind,
        )
        .values(state=BlankState.USED, changed_by=actor.id, changed_at=now)
        .returning(BlankBooklet.number)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise _why_not(number, case.office_id)


@in_operation
def spoil_unused(number: str, office_id: object, reason: str, *, actor: Actor, now: datetime) -> None:
    """Write off a booklet that nobody printed on. Raises `SerialUnknown`, `SerialUsed`, `SerialSpoilt`."""
    spoilt = db.session.scalar(
        update(BlankBooklet)
        .where(
            BlankBooklet.number == number,
            BlankBooklet.office_id == office_id,
            BlankBooklet.state == BlankState.IN_STOCK,
        )
        .values(state=BlankState.SPOILT, reason=reason, changed_by=actor.id, changed_at=now)
        .returning(BlankBooklet.number)
        .execution_options(synchronize_session=False)
    )
    if spoilt is None:
        raise _why_not(number, office_id)


@in_operation
def spoil_used(number: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """A printed booklet that failed its test, or whose printing was taken back, is never used again."""
    db.session.execute(
        update(BlankBooklet)
        .where(BlankBooklet.number == number, BlankBooklet.state == BlankState.USED)
        .values(state=BlankState.SPOILT, reason=reason, changed_by=actor.id, changed_at=now)
        .execution_options(synchronize_session=False)
    )


@in_operation
def _why_not(number: str, office_id: object) -> BookletRefused:
    """Why a booklet could not be taken: as it stands now, after whoever took it."""
    found = db.session.execute(
        select(BlankBooklet.state, BlankBooklet.kind).where(
            BlankBooklet.number == number, BlankBooklet.office_id == office_id
        )
    ).one_or_none()
    if found is None:
        return SerialUnknown(number=number)
    if found.state is BlankState.USED:
        return SerialUsed(number=number)
    if found.state is BlankState.SPOILT:
        return SerialSpoilt(number=number)
    return OtherKindOfBooklet(number=number, kind=found.kind)
