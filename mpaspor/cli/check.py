"""`bin/mpaspor check`: prove what must always hold (STATES §9), on a database that may be in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import text

from mpaspor.applications import file_invariants as stored_papers
from mpaspor.applications import invariants as applications
from mpaspor.billing import invariants as billing
from mpaspor.booking import invariants as booking
from mpaspor.desk import invariants as desk
from mpaspor.foundation import clock
from mpaspor.foundation import invariants as foundation
from mpaspor.foundation.database import db, without_haste
from mpaspor.foundation.invariants import Breach, Invariant
from mpaspor.people import invariants as people

_ROOMS = (foundation, people, applications, stored_papers, booking, billing, desk)


def _number(name: str) -> int:
    first = name.partition(".")[0]
    return int(first) if first.isdigit() else 1000


# In the order of STATES §9; what has no number there comes last.
INVARIANTS: tuple[Invariant, ...] = tuple(
    sorted((found for room in _ROOMS for found in room.INVARIANTS), key=lambda found: _number(found.name))
)


def breaches(now: datetime) -> Iterator[Breach]:
    """Every row that breaks a promise of any room.

    Each promise is one statement and so sees one moment; nothing is written, nobody is kept waiting, and
    the time limit that guards the pages does not cut the proof short.
    """
    db.session.rollback()
    db.session.execute(text("SET TRANSACTION READ ONLY"))
    try:
        with without_haste():
            yield from foundation.broken(INVARIANTS, now)
    finally:
        db.session.rollback()


@click.command()
@with_appcontext
def check() -> None:
    """Prove the invariants; exit with 1 and the rows that break them: ids and codes, never people."""
    count = 0
    for breach in breaches(clock.now()):
        click.echo(str(breach))
        count += 1
    if count:
        click.echo(f"{count} broken. {len(INVARIANTS)} promises were looked at.", err=True)
        raise SystemExit(1)
    click.echo(f"Clean: {len(INVARIANTS)} promises hold.")
