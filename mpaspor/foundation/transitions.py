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
from functools import lru_cache
from typing import Any

from sqlalchemy import SQLColumnExpression, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation


@dataclass(frozen=True, eq=False)
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
    which: Mapping[str, Any],
    expected: Collection[StrEnum],
    new: StrEnum,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    values: Mapping[str, Any] | None = None,
    returning: Collection[str] = (),
) -> Moved | None:
    """Move the one row with the columns `which` in `expected`, setting `values` with it; None if there is
    none.

    Raises `ValueError` when the machine does not let every expected state become `new`.
    """
    for state in expected:
        if new not in machine.moves.get(state, ()):
            raise ValueError(f"{state} may not become {new}")
    values = {**(values or {}), "state": new}
    computed = {name: value for name, value in values.items() if isinstance(value, SQLColumnExpression)}
    plain = [name for name in values if name not in computed]
    statement = _statement(machine, tuple(which), tuple(plain), tuple(computed.items()), tuple(returning))
    given = {f"which_{name}": value for name, value in which.items()}
    given |= {f"new_{name}": values[name] for name in plain}
    row = db.session.execute(statement, given | {"expected": list(expected)}).one_or_none()
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


@lru_cache(maxsize=256)
def _statement(
    machine: Machine,
    which: tuple[str, ...],
    plain: tuple[str, ...],
    computed: tuple[tuple[str, SQLColumnExpression[Any]], ...],
    returning: tuple[str, ...],
) -> ReturningUpdate[Any]:
    """The statement for these columns, built once: a payment makes three transitions, and each time building
    them would take as long as running them."""
    model = machine.model
    columns = model.__mapper__.columns
    before = (
        select(model.id, model.state)
        .where(
            *(getattr(model, name) == bindparam(f"which_{name}", type_=columns[name].type) for name in which),
            model.state.in_(bindparam("expected", expanding=True, type_=columns["state"].type)),
        )
        .with_for_update(key_share=True)
        .cte("before")
    )
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in plain}
    return (
        update(model)
        .where(model.id == before.c.id)
        .values({**new, **dict(computed)})
        .returning(
            before.c.id,
            before.c.state,
            machine.application_id.label("case_id"),
            machine.office_id.label("case_office_id"),
            *(getattr(model, name) for name in returning),
        )
        .execution_options(synchronize_session=False)
    )
