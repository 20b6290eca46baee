"""The pretend bank's own books: what it took from whom, and what the partner said to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

_WIB = timezone(timedelta(hours=7))

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    ntb TEXT PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, billing_code TEXT NOT NULL, channel TEXT NOT NULL,
    amount_rp INTEGER NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    reply BLOB, debited_at TEXT NOT NULL
)
"""


class EntryState(StrEnum):
    DEBITED = "debited"  # the customer's money is taken, the partner not yet told
    DONE = "done"
    REVERSED = "reversed"  # the partner refused: the customer has the money back
    SUSPENDED = "suspended"  # no clear answer: kept until somebody asks again


@dataclass(frozen=True)
class Entry:
    """One payment in the bank's books. `body` is sent again as it is, under the same external id."""

    ntb: str
    external_id: str
    billing_code: str
    channel: str
    amount_rp: int
    body: bytes
    state: EntryState
    tries: int
    reply: bytes | None


class Journal:
    """A ledger file; every change is on disk before the call that it is about."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as books:
            books.execute(_SCHEMA)

    def debit(self, entry: Entry, now: datetime) -> None:
        """Write down that the customer's money was taken."""
        with self._open() as books:
            books.execute(
                "INSERT INTO entry"
                " (ntb, external_id, billing_code, channel, amount_rp, body, state, debited_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.ntb,
                    entry.external_id,
                    entry.billing_code,
                    entry.channel,
                    entry.amount_rp,
                    entry.body,
                    EntryState.DEBITED,
                    _text(now),
                ),
            )

    def close(self, ntb: str, state: EntryState, reply: bytes | None, tries: int) -> Entry:
        """Write down how it ended after `tries` more calls; returns the entry as it now stands."""
        with self._open() as books:
            books.execute(
                "UPDATE entry SET state = ?, reply = ?, tries = tries + ? WHERE ntb = ?",
                (state, reply, tries, ntb),
            )
        return self.entry(ntb)

    def entry(self, ntb: str) -> Entry:
        """One entry. Raises `KeyError`."""
        found = self._select("WHERE ntb = ?", ntb)
        if not found:
            raise KeyError(ntb)
        return found[0]

    def unfinished(self, before: datetime) -> list[Entry]:
        """What was taken before then and not cleared: suspended, or cut off between debit and answer."""
        clause = "WHERE state IN (?, ?) AND debited_at < ? ORDER BY debited_at"
        return self._select(clause, EntryState.SUSPENDED, EntryState.DEBITED, _text(before))

    def _select(self, clause: str, *values: str) -> list[Entry]:
        columns = "ntb, external_id, billing_code, channel, amount_rp, body, state, tries, reply"
        with self._open() as books:
            rows = books.execute(f"SELECT {columns} FROM entry {clause}", values).fetchall()
        return [_entry(*row) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        books = sqlite3.connect(self._path, timeout=10)
        try:
            with books:
                yield books
        finally:
            books.close()


def _entry(
    ntb: str,
    external_id: str,
    billing_code: str,
    channel: str,
    amount_rp: int,
    body: bytes,
    state: str,
    tries: int,
    reply: bytes | None,
) -> Entry:
    return Entry(ntb, external_id, billing_code, channel, amount_rp, body, EntryState(state), tries, reply)


def _text(moment: datetime) -> str:
    """A moment as the ledger keeps it: in one zone, so that texts are in the order of time."""
    return moment.astimezone(_WIB).isoformat()
