"""Changing a state: the one statement behind every machine (case, booking, bill).

A row moves only if it is in one of the expected states; who loses the race changes nothing and is told so.
The event beside it says which state the row truly had, at which office, and the moment under the lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, select, update

from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation


@dataclass(frozen=True)
class Machine:
    """A table whose rows have a state: its kind in the events, what may become what, and where the row
    says to which case and office it belongs. `detail` names the row's id in the event, where the case alone
    does not tell the row."""

    kind: str
    model: Any
    moves: Mapping[Any, Collection[Any]]
    application_id: SQLColumnExpression[uuid.UUID]
    office_id: SQLColumnExpression[uuid.UUID | None]
    detail: str | None = None


@dataclass(frozen=True)
class Moved:
    """What a transition did: the row's id, the state that it left, and the columns that were asked for."""

    id: uuid.UUID
    from_state: StrEnum
    also: Mapping[str, Any] = field(default_factory=dict)


@in_operation
def transition(
    machine: Machine,
    which: Collection[ColumnElement[bool]],
    expected: Collection[StrEnum],
    new: StrEnum,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    values: Mapping[str, Any] | None = None,
    returning: Collection[str] = (),
) -> Moved | None:
    """Move the one row that `which` finds in `expected`, setting `values` with it; None if there is none.

    Raises `ValueError` when the machine does not let every expected state become `new`.
    """
    for state in expected:
        if new not in machine.moves.get(state, ()):
            raise ValueError(f"{state} may not become {new}")
    model = machine.model
    before = (
        select(model.id, model.state)
        .where(*which, model.state.in_(expected))
        .with_for_update(key_share=True)
        .cte("before")
    )
    row = db.session.execute(
        update(model)
        .where(model.id == before.c.id)
        .values(**(values or {}), state=new)
        .returning(
            before.c.id,
            before.c.state,
            machine.application_id.label("case_id"),
            machine.office_id.label("case_office_id"),
            *(getattr(model, name) for name in returning),
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    events.record(
        machine.kind,
        actor=actor,
        now=now,
        application_id=row.case_id,
        office_id=row.case_office_id,
        from_state=row.state,
        to_state=new,
        reason=reason,
        details={machine.detail: str(row.id)} if machine.detail else None,
    )
    return Moved(row.id, row.state, {name: getattr(row, name) for name in returning})
