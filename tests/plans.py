"""How the database would look for rows if there were millions: from an index, or through the whole table.

On a small table the planner reads everything, and rightly. `whole_tables` forbids it that wherever there is
another way: what it still reads in whole has no index that helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import event, make_url

from mpaspor.foundation.database import db

# What grows with every applicant, hour or day; all other tables are reference, or emptied by the worker.
GROWS = frozenset(
    """account answer_page application bill bill_line biometrics blank_booklet booking booking_move booklet
    decision document event event_seal handover interview known_device letter nik_correction one_time_code
    one_time_key outbox payment payment_attempt payment_request presence queue_counter refused_call
    registry_check sign_in slot snap_exchange staff_challenge turn""".split()
)


@dataclass(frozen=True)
class Asked:
    """One statement as it reached the database."""

    statement: str
    values: Any

    def __str__(self) -> str:
        return " ".join(self.statement.split())


@contextmanager
def asked() -> Iterator[list[Asked]]:
    """Every statement that reaches the database inside the block, with its values."""
    found: list[Asked] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        found.append(Asked(statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def whole_tables(superuser_url: str, statements: Sequence[Asked]) -> list[str]:
    """Which of these statements reads a table that grows from one end to the other, and which table."""
    address = make_url(superuser_url).set(drivername="postgresql").render_as_string(hide_password=False)
    found: dict[str, str] = {}
    with psycopg.connect(address) as connection:
        # On few rows it would be right to read them all; forbidden that, it shows the way for many.
        for way in ("seqscan", "hashjoin", "mergejoin"):
            connection.execute(f"SET LOCAL enable_{way} = off".encode())
        partial = _partial_indexes(connection)
        for one in statements:
            if str(one) not in found and one.statement.lstrip().split()[0] in _PLANNED:
                tables = sorted(set(_read_whole(_plan(connection, one), partial)))
                found[str(one)] = ", ".join(tables)
        connection.rollback()
    return [f"{tables}: {statement}" for statement, tables in found.items() if tables]


_PLANNED = ("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")


def _partial_indexes(connection: psycopg.Connection) -> frozenset[str]:
    """Lists of what waits for something: those may be read in whole."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE indpred IS NOT NULL"
    )
    return frozenset(name for (name,) in rows)


def _plan(connection: psycopg.Connection, one: Asked) -> dict[str, Any]:
    row = connection.execute(f"EXPLAIN (FORMAT JSON) {one.statement}".encode(), one.values).fetchone()
    assert row is not None
    found: dict[str, Any] = row[0][0]["Plan"]
    return found


def _read_whole(node: dict[str, Any], partial: frozenset[str], above: str = "") -> Iterator[str]:
    """Tables that are read without a condition on an index, or with that of the office alone; an index that
    is read in its order, up to a limit, is none of these."""
    kind, index = node["Node Type"], node.get("Index Name", "")
    condition = node.get("Index Cond", "")
    if kind in ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        is_whole = not condition or (kind != "Index Only Scan" and _OFFICE.fullmatch(condition))
        if is_whole and above != "Limit" and index not in partial and _table(node) in GROWS:
            yield index or node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _read_whole(child, partial, kind)


_OFFICE = re.compile(r"\(office_id = \S+\)")


def _table(node: dict[str, Any]) -> str:
    """The table of a scan: one of an index for a bitmap names the index alone, which names its table."""
    if "Relation Name" in node:
        return str(node["Relation Name"])
    return max((name for name in GROWS if f"_{name}_" in node["Index Name"]), key=len, default="")
