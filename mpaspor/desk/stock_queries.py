"""What an office has of empty booklets, and what became of the others."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from mpaspor.applications.rules import PassportKind
from mpaspor.desk.models import BlankBooklet, BookletBatch
from mpaspor.desk.rules import LOW_STOCK, BlankState
from mpaspor.foundation.database import db
from mpaspor.people.models import Staff

_SHOWN = 20


@dataclass(frozen=True)
class Held:
    """The booklets of one kind that an office ever received, by what became of them."""

    kind: PassportKind
    left: int
    used: int
    spoilt: int

    @property
    def is_low(self) -> bool:
        return self.left < LOW_STOCK


@dataclass(frozen=True)
class Received:
    """One batch, with who received it and how many of it are left."""

    batch: BookletBatch
    by: str
    left: int


def held(office_id: uuid.UUID) -> list[Held]:
    """What there is of each kind that the office has received; one statement."""
    rows = db.session.execute(
        select(BlankBooklet.kind, BlankBooklet.state, func.count())
        .where(BlankBooklet.office_id == office_id)
        .group_by(BlankBooklet.kind, BlankBooklet.state)
    )
    counts: dict[PassportKind, dict[BlankState, int]] = defaultdict(dict)
    for kind, state, count in rows:
        if kind is not None:
            counts[kind][state] = count
    return [Held(kind, *(of.get(state, 0) for state in BlankState)) for kind, of in sorted(counts.items())]


def low(office_id: uuid.UUID) -> int | None:
    """How many are left of the kind that runs out first, if that is few; None otherwise. One statement."""
    left = func.count(BlankBooklet.number)
    of_kind = and_(
        BlankBooklet.office_id == BookletBatch.office_id,
        BlankBooklet.kind == BookletBatch.kind,
        BlankBooklet.batch_id == BookletBatch.id,
        BlankBooklet.state == BlankState.IN_STOCK,
    )
    fewest: int | None = db.session.scalar(
        select(left)
        .select_from(BookletBatch)
        .outerjoin(BlankBooklet, of_kind)
        .where(BookletBatch.office_id == office_id)
        .group_by(BookletBatch.kind)
        .having(left < LOW_STOCK)
        .order_by(left)
        .limit(1)
    )
    return fewest


def batches(office_id: uuid.UUID) -> list[Received]:
    """The newest batches; one statement."""
    left = (
        select(func.count())
        .where(BlankBooklet.batch_id == BookletBatch.id, BlankBooklet.state == BlankState.IN_STOCK)
        .correlate(BookletBatch)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(BookletBatch, Staff.full_name, left)
        .join(Staff, Staff.id == BookletBatch.received_by)
        .where(BookletBatch.office_id == office_id)
        .order_by(BookletBatch.received_at.desc(), BookletBatch.id.desc())
        .limit(_SHOWN)
    )
    return [Received(*row) for row in rows]


def spoilt(office_id: uuid.UUID) -> Sequence[tuple[BlankBooklet, str]]:
    """The booklets that were spoilt last, with the names of who said so; one statement."""
    rows = db.session.execute(
        select(BlankBooklet, Staff.full_name)
        .join(Staff, Staff.id == BlankBooklet.changed_by)
        .where(BlankBooklet.office_id == office_id, BlankBooklet.state == BlankState.SPOILT)
        .order_by(BlankBooklet.changed_at.desc(), BlankBooklet.number)
        .limit(_SHOWN)
    )
    return [(blank, name) for blank, name in rows]
