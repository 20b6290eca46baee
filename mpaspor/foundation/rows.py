"""Rows that an operation writes and does not read again: plain inserts, built once, one round trip for all.

To build such a statement takes longer than to run it, and the rush waits for every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, cast, select, union_all
from sqlalchemy.dialects.postgresql import Insert, insert

from mpaspor.foundation.database import db


@dataclass(frozen=True)
class Row:
    """One row to be written: its model, its values by column, and by which columns an equal row that is
    there already makes it needless."""

    model: Any
    values: Mapping[str, Any]
    unless_same: tuple[str, ...] = ()


_gathered: ContextVar[list[Row] | None] = ContextVar("gathered_rows", default=None)
_Kind = tuple[Any, tuple[str, ...], tuple[str, ...]]


def write(*rows: Row) -> None:
    """Write the rows in one statement; while others are gathered, with them. They see the tables as they
    stood before all of them."""
    waiting = _gathered.get()
    if waiting is not None:
        waiting.extend(rows)
        return
    db.session.flush()
    kinds: dict[_Kind, list[Row]] = {}
    for row in rows:
        kinds.setdefault((row.model, tuple(row.values), row.unless_same), []).append(row)
    values = {
        _name(kind, number, name): value
        for kind, alike in enumerate(kinds.values())
        for number, row in enumerate(alike)
        for name, value in row.values.items()
    }
    shape = tuple((kind, len(alike)) for kind, alike in kinds.items())
    db.session.execute(_statement(shape), values)


@contextmanager
def gathered() -> Iterator[None]:
    """Write what is written in here all together at the end: for where nothing reads it in between."""
    waiting: list[Row] = []
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    if waiting:
        write(*waiting)


@lru_cache(maxsize=256)
def _statement(shape: tuple[tuple[_Kind, int], ...]) -> Insert:
    *others, last = [_insert(kind, count, *what) for kind, (what, count) in enumerate(shape)]
    return last.add_cte(*(other.cte(f"also_{number}") for number, other in enumerate(others)))


def _insert(
    kind: int, count: int, model: Any, names: tuple[str, ...], unless_same: tuple[str, ...]
) -> Insert:
    """Rows of one kind are written in their order: events are numbered by it."""
    table = model.__table__

    def values(number: int) -> dict[str, BindParameter[Any]]:
        return {name: bindparam(_name(kind, number, name), type_=table.c[name].type) for name in names}

    if count == 1:
        statement = insert(table).values(values(0))
    else:
        each = [select(*(cast(value, value.type) for value in values(n).values())) for n in range(count)]
        statement = insert(table).from_select(names, union_all(*each), include_defaults=False)
    return statement.on_conflict_do_nothing(index_elements=unless_same) if unless_same else statement


def _name(kind: int, number: int, name: str) -> str:
    return f"{name}_{kind}_{number}"
