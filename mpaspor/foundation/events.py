"""The append-only record of what happened, written in the transaction of the operation that did it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, insert, literal, select

from mpaspor.foundation import rows
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.foundation.operations import moment
from mpaspor.foundation.rows import Row


@dataclass(frozen=True)
class Actor:
    """Who did it: an applicant, an officer (with the role used), a bank, or the system itself."""

    kind: str
    id: uuid.UUID | None = None
    role: str | None = None


SYSTEM = Actor("system")


def applicant(account_id: uuid.UUID) -> Actor:
    return Actor("applicant", account_id)


def officer(staff_id: uuid.UUID, role: str) -> Actor:
    return Actor("officer", staff_id, role)


def record(
    kind: str,
    *,
    actor: Actor,
    now: datetime,
    application_id: uuid.UUID | None = None,
    office_id: uuid.UUID | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add one event to the running transaction. `details` never holds personal data.

    It carries the moment of its writing, after whatever lock was waited for, not of the request.
    """
    event = {
        "id": uuid7(),
        "kind": kind,
        "application_id": application_id,
        "office_id": office_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_role": actor.role,
        "from_state": from_state,
        "to_state": to_state,
        "reason": reason,
        "details": details,
        "at": moment(now),
    }
    rows.write(Row(Event, event))


def record_where(
    holds: ColumnElement[bool],
    kind: str,
    *,
    actor: Actor,
    now: datetime,
    application_id: uuid.UUID,
    office_id: uuid.UUID | None,
    details: dict[str, Any],
) -> None:
    """Add one event in one statement with the condition that it depends on, if that holds."""
    row = {
        "id": uuid7(),
        "kind": kind,
        "application_id": application_id,
        "office_id": office_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_role": actor.role,
        "details": details,
        "at": moment(now),
    }
    values = [literal(value, Event.__table__.c[name].type) for name, value in row.items()]
    db.session.execute(insert(Event).from_select(list(row), select(*values).where(holds)))


def in_order() -> tuple[SQLColumnExpression[Any], ...]:
    """For `order_by`: the order in which events were written, whatever clocks say. Older ones than the
    numbering go by their moment."""
    return (Event.seq.asc().nulls_first(), Event.at, Event.id)


def newest_first() -> tuple[SQLColumnExpression[Any], ...]:
    """`in_order`, the other way round."""
    return (Event.seq.desc().nulls_last(), Event.at.desc(), Event.id.desc())
