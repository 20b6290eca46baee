"""What must always hold, as `bin/mpaspor check` proves it (STATES §9), and this floor's own part of it.

Each room has an `invariants.py` with a tuple `INVARIANTS`. A promise is kept when its search finds nothing.
What is found names a row by its id or code and says what is wrong: never personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Text, cast, func, select, text

from mpaspor.foundation import files, seals
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import CannotUnseal
from mpaspor.foundation.models import Event

# A search answers pairs: which row (its id or code), and what is wrong with it.
Search = Callable[[datetime], Iterable[tuple[object, str]]]

_SWEEPS_FILES_EVERY = timedelta(hours=2)  # the worker's round is an hour; give it one more


@dataclass(frozen=True)
class Invariant:
    """One promise. `finds` is a statement, which may use `:now`, or a function: what they find breaks it."""

    name: str
    finds: str | Search

    def rows(self, now: datetime) -> Iterable[tuple[object, str]]:
        """What breaks the promise at `now`, as (row, what is wrong)."""
        if callable(self.finds):
            return self.finds(now)
        values = {"now": now} if ":now" in self.finds else {}
        return (tuple(row) for row in db.session.execute(text(self.finds), values))


@dataclass(frozen=True)
class Breach:
    """One row that breaks a promise."""

    name: str
    row: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.name}: {self.row}: {self.wrong}"


def broken(invariants: Iterable[Invariant], now: datetime) -> Iterator[Breach]:
    """Every row that breaks one of these promises at `now`."""
    for invariant in invariants:
        for row, wrong in invariant.rows(now):
            yield Breach(invariant.name, str(row), wrong)


def transitions_outside(kind: str, moves: Mapping[Any, Collection[Any]]) -> Search:
    """A search for events of one machine whose transition is not in its table of moves.

    Events of before there was a numbering name all states that were expected, joined by `|`: no step can
    be read from those.
    """
    known = {str(old): {str(new) for new in allowed} for old, allowed in moves.items()}
    is_readable = Event.seq.is_not(None) | ~Event.from_state.contains("|")

    def search(_now: datetime) -> Iterator[tuple[object, str]]:
        steps = db.session.execute(
            select(Event.from_state, Event.to_state, func.min(cast(Event.id, Text)))
            .where(Event.kind == kind, is_readable)
            .group_by(Event.from_state, Event.to_state)
        )
        for old, new, event_id in steps:
            if new not in known.get(old or "", ()):
                yield event_id, f"{kind}: {old} → {new} is not in the table"

    return search


def wrong_file(key: str | None, digest: bytes | None) -> str | None:
    """What is wrong with a stored file that should have this hash, or None."""
    if key is None or digest is None:
        return "key or hash is missing"
    try:
        data = files.store().get(key)
    except files.FileMissing:
        return "the file is missing"
    except CannotUnseal:
        return "the file was changed, or its key is gone"
    return None if sha256(data).digest() == digest else "the file has another hash"


def _left_over_files(now: datetime) -> Iterator[tuple[object, str]]:
    for path in files.orphans(now - timedelta(days=1) - _SWEEPS_FILES_EVERY):
        yield path.stem, "no row points at it"


def _broken_seals(_now: datetime) -> Iterator[tuple[object, str]]:
    for found in seals.violations():
        yield found, "the seal does not fit"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "6. Each event says who did it, and an officer's in which role",
        """
        SELECT id, actor_kind || ' without id or role' FROM event
        WHERE (actor_kind IN ('applicant', 'officer') AND actor_id IS NULL)
           OR (actor_kind = 'officer' AND actor_role IS NULL)""",
    ),
    Invariant(
        "7. One row of the outbox for one message",
        """
        SELECT min(id::text), kind || ': rows for one message: ' || count(*)
        FROM outbox GROUP BY kind, dedupe_key HAVING count(*) > 1""",
    ),
    Invariant(
        "7. A message that left or died keeps no secret",
        """
        SELECT id, kind || ' still holds its secret' FROM outbox
        WHERE secret IS NOT NULL AND (sent_at IS NOT NULL OR dead_at IS NOT NULL)""",
    ),
    Invariant(
        "8. A one-time key has one answer",
        """
        SELECT min(id::text), 'rows for one key: ' || count(*)
        FROM one_time_key GROUP BY owner, endpoint, key HAVING count(*) > 1""",
    ),
    Invariant("9. No file without a row is older than a day", _left_over_files),
    Invariant("10. Sealed events verify", _broken_seals),
)
