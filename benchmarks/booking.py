"""`booking`: check-outs per second on one hot hour, through the whole web, beside two floors of the same run.

The floor is a bare transaction of two statements (count the place, write the booking). The replay sends the
very statements of `check_out` with nothing of ours around them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import urlencode

from psycopg import Binary
from sqlalchemy import event, select

from benchmarks.figure import Figure
from benchmarks.load import drive
from benchmarks.people import Ready, ready
from benchmarks.replay import Statement, Transaction, rate
from benchmarks.stage import Stage, processes, stage
from mpaspor.applications.models import Application
from mpaspor.applications.transitions import fresh_number
from mpaspor.billing.check_out import check_out
from mpaspor.booking.models import Slot
from mpaspor.cli.check import breaches
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from tests.races.crowd import Browser, open_forms

_ROUNDS = 3
_WEB, _REPLAY, _FLOOR = 104, 240, 400  # transactions in each round
_PLACES = 100_000


def run() -> Figure:
    """Check-outs per second over HTTP, eight at once, all for one hour."""
    with stage() as found:
        hour = _hot_hour()
        statements = _recorded(found, hour)
        people = _People(found)
        urls = found.urls
        with processes("product", str(found.data_dir), urls.app, urls.owner, urls.superuser) as port:
            rounds = [
                (
                    _through_the_web(port, people.take(_WEB), hour),
                    rate(found.dsn, [statements.of(one) for one in people.take(_REPLAY)]),
                )
                for _ in range(_ROUNDS)
            ]
        _prove(hour, 1 + _ROUNDS * (_WEB + _REPLAY))
        bare = [rate(found.dsn, [_bare(one, hour) for one in people.take(_FLOOR)]) for _ in range(_ROUNDS)]
    value, replay = (median(column) for column in zip(*rounds, strict=True))
    floor = median(bare)
    return Figure(
        "booking", round(value, 1), "check-outs/s", round(floor, 1), round(value / floor, 4),
        round(value / replay, 4),
        (f"{len(statements.recorded)} statements in a check-out; replayed alone {replay:.1f}/s", "8 at once"),
    )  # fmt: skip


class _People:
    """Enough applicants for the whole bench, handed out a round at a time."""

    def __init__(self, found: Stage) -> None:
        self._waiting = ready(found.office, _ROUNDS * (_WEB + _REPLAY + _FLOOR), clock.now())

    def take(self, count: int) -> list[Ready]:
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken


def _hot_hour() -> uuid.UUID:
    begin = clock.now() + timedelta(days=5)
    slot = db.session.scalars(
        select(Slot).where(Slot.starts_at > begin).order_by(Slot.starts_at).limit(1)
    ).one()
    slot.capacity = slot.released = _PLACES
    db.session.commit()
    db.session.remove()
    return slot.id


def _through_the_web(port: int, people: Sequence[Ready], hour: uuid.UUID) -> float:
    """Everybody opens the form first; what is measured is the button."""
    browsers = [_browser(port, number, one) for number, one in enumerate(people)]
    open_forms(browsers, hour)
    speed, statuses = drive(port, [_press(browser) for browser in browsers])
    if set(statuses) != {303}:
        raise RuntimeError(f"answers: {dict(statuses)}")
    return speed


def _browser(port: int, number: int, one: Ready) -> Browser:
    name, value = cookie_for(one.token)
    return Browser(
        f"http://127.0.0.1:{port}", f"10.3.{number // 250}.{number % 250 + 1}", one.code, {name: value}
    )


def _press(browser: Browser) -> bytes:
    body = urlencode(browser.form)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return (
        f"POST {browser.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {browser.address}\r\n"
        f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class _Statements:
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


def _recorded(found: Stage, hour: uuid.UUID) -> _Statements:
    [who] = ready(found.office, 1, clock.now())
    heard: list[Statement] = []

    def hear(_connection: Any, _cursor: Any, words: str, values: Any, _context: Any, _many: bool) -> None:
        heard.append((words, {name: _plain(value) for name, value in values.items()}))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        key = OneTimeKey(str(who.account_id), f"/permohonan/{who.code}/jadwal", "kunci", b"x" * 32)
        check_out.once(key, who.account_id, [(who.code, hour)], now=clock.now())
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    case = db.session.get_one(Application, who.case_id)
    number, fixed = str(case.number), frozenset({hour, found.office.id, case.programme_id})
    db.session.remove()
    return _Statements(heard, who, number, fixed)


def _plain(value: Any) -> Any:
    return value.obj if isinstance(value, Binary) else value


def _bare(one: Ready, hour: uuid.UUID) -> list[Statement]:
    now = clock.now()
    return [
        ("UPDATE slot SET taken = taken + 1 WHERE id = %(slot)s AND taken < released", {"slot": hour}),
        (
            "INSERT INTO booking (id, application_id, slot_id, state, held_until, created_at) "
            "VALUES (%(id)s, %(case)s, %(slot)s, 'held', %(until)s, %(now)s)",
            {"id": uuid7(), "case": one.case_id, "slot": hour, "until": _later(now), "now": now},
        ),
    ]


def _later(now: datetime) -> datetime:
    return now + timedelta(minutes=30)


def _prove(hour: uuid.UUID, expected: int) -> None:
    """What was measured was real: every one is booked, and nothing that must hold is broken."""
    slot = db.session.get_one(Slot, hour)
    found = [str(breach) for breach in breaches(clock.now())]
    if slot.taken != expected or found:
        raise RuntimeError(f"{slot.taken} taken, {expected} expected; {found[:5]}")
    db.session.remove()
