"""A life copied for thousands: each of its rows becomes one statement that writes it for all of them.

Whose row it is, when, where and under which numbers comes from the table `plan` (`grown.py`); everything else
stays as the operations wrote it, so that what they promise holds of the copies too.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from benchmarks.lives import Life

Row = dict[str, Any]
_OF_CASE = "application_id = %(case)s"
_OF_BILL = "bill_id IN (SELECT id FROM bill WHERE application_id = %(case)s)"
# How a life's rows are found in each table, in an order in which rows find those that they point at.
_TABLES: Mapping[str, str] = {
    "account": "id = %(account)s",
    "sign_in": "account_id = %(account)s",
    "application": "id = %(case)s",
    **dict.fromkeys(("answer_page", "document", "letter", "bill"), _OF_CASE),
    "bill_line": _OF_BILL,
    "payment": _OF_BILL,
    "payment_request": f"payment_id IN (SELECT id FROM payment WHERE {_OF_BILL})",
    **dict.fromkeys(
        ("booking", "presence", "turn", "biometrics", "interview", "registry_check", "decision"), _OF_CASE
    ),
    "blank_booklet": "number IN (SELECT number FROM booklet WHERE application_id = %(case)s)",
    **dict.fromkeys(("booklet", "handover", "outbox", "event"), _OF_CASE),
}
_CODE = "'7' || lpad(n::text, 14, '0')"
_BOOKLET = "'B' || lpad(n::text, 8, '0')"
# What no two people have in common, by table and column. The pictures of their papers are not kept.
_OWN: Mapping[str, Mapping[str, str]] = {
    "account": {
        "full_name": "full_name",
        "birth_on": "birth_on",
        "email": "'warga' || n || '@contoh.example'",
        "phone": "phone",
    },
    "sign_in": {"token_hash": "sha256(('sign_in ' || n)::bytea)"},
    "application": {
        "code": "code",
        "number": "'9' || lpad(n::text, 15, '0')",
        **{name: name for name in ("full_name", "birth_on", "phone", "nik_lookup")},
        "nik_encrypted": "nik",
    },
    "document": dict.fromkeys(("file_key", "thumb_key", "sha256", "thumb_sha256"), "NULL"),
    "letter": {"code": "upper(substr(md5({was} || n), 1, 16))", "sha256": "NULL"},
    "bill": {
        "payer_name": "full_name",
        "nik_lookup": "nik_lookup",
        "billing_code": _CODE,
        "ntpn": "upper(substr(md5('ntpn ' || n), 1, 16))",
    },
    "payment": {"billing_code": _CODE},
    "payment_request": {"billing_code": _CODE},
    "presence": {"number": "place"},
    "biometrics": {"file_key": "photo", "sha256": "photo_hash"},
    "blank_booklet": {"number": _BOOKLET, "batch_id": "NULL"},
    "booklet": {"number": _BOOKLET},
}


@dataclass(frozen=True)
class _Marks:
    """What is told anew in a copy: the life's own ids, its hour, who worked on it, where, and when."""

    own: frozenset[uuid.UUID]
    slots: frozenset[uuid.UUID]
    crew: frozenset[uuid.UUID]
    office: uuid.UUID
    visit_at: datetime
    visit_on: date


def copy_life(connection: psycopg.Connection, name: str, life: Life, zone: str) -> None:
    """Write the life of this name for every row of `plan` that is to have it."""
    found = {table: _rows(connection, table, where, life) for table, where in _TABLES.items()}
    [case] = found["application"]
    crew = connection.execute("SELECT id FROM staff WHERE office_id = %s", (case["office_id"],)).fetchall()
    marks = _Marks(
        frozenset(_own_ids(found)), frozenset(row["slot_id"] for row in found["booking"]),
        frozenset(row[0] for row in crew), case["office_id"],
        life.visit_at, life.visit_at.astimezone(ZoneInfo(zone)).date(),
    )  # fmt: skip
    for table, rows in found.items():
        for row in _in_turn(rows) if table == "event" else rows:
            _write(connection, name, table, row, marks)


def _rows(connection: psycopg.Connection, table: str, where: str, life: Life) -> list[Row]:
    query = f"SELECT * FROM {table} WHERE {where} ORDER BY {'seq' if table == 'event' else '1'}"
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(query.encode(), {"case": life.case_id, "account": life.account_id})
        return cursor.fetchall()


def _in_turn(events: list[Row]) -> Iterator[Row]:
    """Events in the order of writing, each later than the one before: copies are put in order by that."""
    before = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    for event in events:
        before = max(event["at"], before + timedelta(microseconds=1))
        yield {**{name: value for name, value in event.items() if name != "seq"}, "at": before}


def _own_ids(found: Mapping[str, list[Row]]) -> Iterator[uuid.UUID]:
    for rows in found.values():
        for row in rows:
            yield from (row[name] for name in ("id", "ask_id") if isinstance(row.get(name), uuid.UUID))


def _write(connection: psycopg.Connection, name: str, table: str, row: Row, marks: _Marks) -> None:
    """Events go to a table without indexes first: they enter the record in the order of time."""
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM plan WHERE life = {}").format(
            sql.Identifier("happened" if table == "event" else table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(_value(table, column, row, marks) for column in row),
            name,
        )
    )


def _value(table: str, name: str, row: Row, marks: _Marks) -> sql.Composable:
    """One column of the copies, as an expression over `plan`."""
    value, own = row[name], _OWN.get(table, {}).get(name)
    if value is None:
        return sql.SQL("NULL")
    if own is not None:
        return sql.SQL(own).format(was=sql.Literal(str(value)))
    if (table, name) == ("event", "id"):
        return sql.SQL("pg_temp.uuid_at({}, {} || n)").format(_moment(row["at"], marks), str(value))
    if isinstance(value, uuid.UUID):
        return _id(value, marks)
    if isinstance(value, datetime):
        return _moment(value, marks)
    if isinstance(value, date):
        return sql.SQL("day + {}").format((value - marks.visit_on).days)
    if isinstance(value, dict):
        return sql.SQL("{}::jsonb").format(_text(json.dumps(value), marks))
    return _text(value, marks) if isinstance(value, str) else sql.Literal(value)


def _moment(value: datetime, marks: _Marks) -> sql.Composable:
    return sql.SQL("at + {}").format(value - marks.visit_at)


def _id(value: uuid.UUID, marks: _Marks) -> sql.Composable:
    if value in marks.own:
        return sql.SQL("md5({} || n)::uuid").format(str(value))
    if value in marks.slots:
        return sql.SQL("slot_id")
    if value == marks.office:
        return sql.SQL("office_id")
    if value in marks.crew:
        return sql.SQL("CASE office_id WHEN {} THEN {} ELSE md5({} || office_id)::uuid END").format(
            marks.office, value, str(value)
        )
    return sql.Literal(value)


def _text(value: str, marks: _Marks) -> sql.Composable:
    """Text as it was, but for the ids that it names."""
    found: sql.Composable = sql.Literal(value)
    for one in (*marks.own, *marks.slots):
        if str(one) in value:
            found = sql.SQL("replace({}, {}, ({})::text)").format(found, str(one), _id(one, marks))
    return found
