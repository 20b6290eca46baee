"""The statements of one check-out as the database heard them, to be sent again in others' names."""

from __future__ import annotations

import uuid
from typing import Any

from psycopg import Binary
from sqlalchemy import event

from benchmarks.people import Ready, ready
from benchmarks.replay import Statement, Transaction
from benchmarks.stage import Stage
from mpaspor.applications.models import Application
from mpaspor.applications.transitions import fresh_number
from mpaspor.billing.check_out import check_out
from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey


class Statements:
    """What one check-out sent to the database, to be sent again in another applicant's name."""

    def __init__(self, recorded: Transaction, who: Ready, number: str, fixed: frozenset[uuid.UUID]) -> None:
        self.recorded = recorded
        self._who, self._number, self._fixed = who, number, fixed

    def of(self, one: Ready) -> list[Statement]:
        """The same statements for `one`: other ids, code, NIK and number, everything else alike."""
        who = self._who
        known: dict[Any, Any] = {
            who.account_id: one.account_id,
            who.case_id: one.case_id,
            who.code: one.code,
            who.nik_lookup: one.nik_lookup,
            self._number: fresh_number(),
            **{fixed: fixed for fixed in self._fixed},
        }
        return [
            (words, {name: self._changed(value, known) for name, value in values.items()})
            for words, values in self.recorded
        ]

    def _changed(self, value: Any, known: dict[Any, Any]) -> Any:
        if isinstance(value, uuid.UUID) and value not in known:
            known[value] = uuid7()  # made in the operation itself: a bill, an event
        if isinstance(value, uuid.UUID | bytes):
            return known.get(value, value)
        if isinstance(value, str):
            for old, new in known.items():
                if not isinstance(old, bytes):
                    value = value.replace(str(old), str(new))
        return value


def recorded(found: Stage, hour: uuid.UUID) -> Statements:
    """Let one applicant check out for this hour, and listen."""
    [who] = ready(found.office, 1, clock.now())
    heard: list[Statement] = []

    def hear(_connection: Any, _cursor: Any, words: str, values: Any, _context: Any, _many: bool) -> None:
        heard.append((words, {name: _plain(value) for name, value in values.items()}))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        key = OneTimeKey(
            str(who.account_id), f"/permohonan/{who.code}/jadwal", "kunci", b"x" * 32, clock.now()
        )
        check_out.once(key, who.account_id, [(who.code, hour)], now=clock.now())
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    case = db.session.get_one(Application, who.case_id)
    number, fixed = str(case.number), frozenset({hour, found.office.id, case.programme_id})
    db.session.remove()
    return Statements(heard, who, number, fixed)


def _plain(value: Any) -> Any:
    return value.obj if isinstance(value, Binary) else value
