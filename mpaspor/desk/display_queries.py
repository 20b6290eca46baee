"""What the waiting room is shown: numbers and counters. No name, no code, nothing of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpaspor.desk.models import Presence, Turn
from mpaspor.desk.presence import is_todays
from mpaspor.desk.queue_rules import HELD, TurnState
from mpaspor.desk.stages import PERSON_WAITS
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date

_SHOWN = 8


@dataclass(frozen=True)
class Call:
    """One number at one counter. `mark` tells a call from the same number called again."""

    number: str
    counter: int
    is_waited_for: bool
    mark: str


def calls(office: Office, *, now: datetime) -> Sequence[Call]:
    """Who is called or served at the counters of an office now, the last call first; one statement."""
    rows = db.session.execute(
        select(Presence, Turn.counter, Turn.state, Turn.calls)
        .join(Turn, Turn.presence_id == Presence.id)
        .where(
            Turn.office_id == office.id,
            Turn.ended_at.is_(None),
            Turn.state.in_(HELD),
            Turn.station.in_(PERSON_WAITS),
            Turn.counter.is_not(None),
            is_todays(local_date(now, office.time_zone)),
        )
        .order_by(Turn.called_at.desc())
        .limit(_SHOWN)
    )
    return [
        Call(
            row.Presence.ticket,
            row.counter,
            row.state is TurnState.CALLED,
            f"{row.Presence.ticket}-{row.counter}-{row.calls}",
        )
        for row in rows
    ]
