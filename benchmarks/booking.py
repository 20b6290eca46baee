"""`booking`: check-outs per second on one hot hour, through the whole web, beside two floors of the same run.

The floor is a bare transaction of two statements (count the place, write the booking). The replay sends the
very statements of `check_out` with nothing of ours around them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from benchmarks import web
from benchmarks.check_outs import expect_clean, hot_hours, press, together
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import Played, once, play
from benchmarks.people import Ready, ready
from benchmarks.recorded import recorded
from benchmarks.replay import Statement, rate
from benchmarks.stage import Stage, stage
from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7

_CONNECTIONS = 8
_PLACES = 100_000


@dataclass(frozen=True)
class _Size:
    """Rounds, and how many transactions each side has in one."""

    rounds: int
    web: int
    replay: int
    floor: int


_LONG, _QUICK = _Size(3, 104, 240, 400), _Size(1, 16, 16, 16)


def run(*, quick: bool) -> Figure:
    """Check-outs per second over HTTP, eight at once, all for one hour."""
    size = _QUICK if quick else _LONG
    with stage() as found:
        hour, bare_hour = hot_hours(found.office, 2, _PLACES)
        statements = recorded(found, hour)
        people = _People(found, size)
        with web.product(found) as product:
            rounds = [
                (
                    _through_the_web(product.port, people.take(size.web), hour),
                    rate(found.dsn, [statements.of(one) for one in people.take(size.replay)]),
                    rate(found.dsn, [_bare(one, bare_hour) for one in people.take(size.floor)]),
                )
                for _ in range(size.rounds)
            ]
        _forget(found, bare_hour)
        expect_clean({hour: 1 + size.rounds * (size.web + size.replay), bare_hour: 0})
    web_side, replays, floors = zip(*rounds, strict=True)
    value, replay = median(played.rate for played in web_side), median(replays)
    return figure(
        "booking", value, "check-outs/s", median(floors), ratio_replay=value / replay,
        client=median(played.busy for played in web_side), aims=(Aim("ratio_replay", 0.5),),
        notes=(
            f"{len(statements.recorded)} statements in a check-out; replayed alone {replay:.1f}/s",
            f"{_CONNECTIONS} at once",
        ),
    )  # fmt: skip


class _People:
    """Enough applicants for the whole bench, handed out a round at a time."""

    def __init__(self, found: Stage, size: _Size) -> None:
        count = size.rounds * (size.web + size.replay + size.floor)
        self._waiting = ready(found.office, count, clock.now())

    def take(self, count: int) -> list[Ready]:
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken


def _through_the_web(port: int, people: Sequence[Ready], hour: uuid.UUID) -> Played:
    """Everybody opens the form first; what is measured is the button."""
    presses = [once(press(browser)) for browser in together(port, people, hour)]
    return play(port, presses, _CONNECTIONS).expect(303)


def _bare(one: Ready, hour: uuid.UUID) -> list[Statement]:
    now = clock.now()
    return [
        ("UPDATE slot SET taken = taken + 1 WHERE id = %(slot)s AND taken < released", {"slot": hour}),
        (
            "INSERT INTO booking (id, application_id, slot_id, state, held_until, created_at) "
            "VALUES (%(id)s, %(case)s, %(slot)s, 'held', %(until)s, %(now)s)",
            {
                "id": uuid7(), "case": one.case_id, "slot": hour, "now": now,
                "until": now + timedelta(minutes=30),
            },
        ),
    ]  # fmt: skip


def _forget(found: Stage, hour: uuid.UUID) -> None:
    """Take away what the floor has written: places that no case knows of."""
    with found.owner() as connection:
        connection.execute("DELETE FROM booking WHERE slot_id = %s", (hour,))
        connection.execute("UPDATE slot SET taken = 0 WHERE id = %s", (hour,))
