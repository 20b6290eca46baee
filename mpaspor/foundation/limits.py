"""Rate limits that survive restarts and hold across processes: counters in SQL.

A hit is counted in a transaction of its own, before the operation: a refusal must not roll it back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql.dml import ReturningInsert

from mpaspor.foundation import one_time_keys
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.models import RateCounter
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import TooFast


@operation
def hit(name: str, subject: str, *, allowed: int, per_seconds: int, now: datetime) -> bool:
    """Count one try; True while the window holds no more than `allowed` of them."""
    counted = db.session.execute(counting(name, subject, per_seconds=per_seconds, now=now))
    return counted.scalar_one() <= allowed


def counting(name: str, subject: str, *, per_seconds: int, now: datetime) -> ReturningInsert[int]:
    """The statement that counts one try and says how many the window holds with it."""
    return _counting([(name, per_seconds)], subject, now).returning(RateCounter.count)


def _counting(windows: Collection[tuple[str, int]], subject: str, now: datetime) -> Insert:
    ones = insert(RateCounter).values(
        [
            {
                "name": name,
                "subject": lookup_hash(subject, f"limit.{name}"),
                "window_at": _window(now, per_seconds),
                "count": 1,
            }
            for name, per_seconds in windows
        ]
    )
    return ones.on_conflict_do_update(
        index_elements=["name", "subject", "window_at"], set_={"count": RateCounter.count + 1}
    )


def require(name: str, subject: str, *, allowed: int, per_seconds: int, now: datetime) -> None:
    """Count one try; raises `TooFast` with the seconds to wait once the limit is passed."""
    require_all(subject, [Limit(name, allowed, per_seconds)], now=now)


@dataclass(frozen=True)
class Limit:
    """At most `allowed` tries of a kind in every window of `per_seconds`."""

    name: str
    allowed: int
    per_seconds: int


def require_all(subject: str, limits: Collection[Limit], *, now: datetime) -> None:
    """Count one try on each of several limits, in one statement; raises `TooFast` with the longest wait."""
    counts = _hit_all(subject, limits, now=now)
    waits = [
        _remaining(_window(now, one.per_seconds), one.per_seconds, now)
        for one in limits
        if counts[one.name] > one.allowed
    ]
    if waits:
        raise TooFast(retry_after=max(waits))


@operation
def _hit_all(subject: str, limits: Collection[Limit], *, now: datetime) -> dict[str, int]:
    counted = db.session.execute(
        _counting([(one.name, one.per_seconds) for one in limits], subject, now).returning(
            RateCounter.name, RateCounter.count
        )
    )
    return {name: count for name, count in counted}


def spent(name: str, subject: str, *, allowed: int, per_seconds: int, now: datetime) -> int:
    """Seconds to wait if the window already holds `allowed` hits, else 0. Counts nothing."""
    window_at = _window(now, per_seconds)
    key = (name, lookup_hash(subject, f"limit.{name}"), window_at)
    counter = db.session.get(RateCounter, key, populate_existing=True)
    if counter is None or counter.count < allowed:
        return 0
    return _remaining(window_at, per_seconds, now)


@operation
def forget_old(*, now: datetime) -> None:
    """Drop counters older than two days (no window is longer than one), and one-time keys of old forms."""
    one_time_keys.delete_old(now)
    db.session.execute(delete(RateCounter).where(RateCounter.window_at < now - timedelta(days=2)))


def _window(now: datetime, per_seconds: int) -> datetime:
    stamp = int(now.timestamp())
    return datetime.fromtimestamp(stamp - stamp % per_seconds, UTC)


def _remaining(window_at: datetime, per_seconds: int, now: datetime) -> int:
    return max(1, int((window_at + timedelta(seconds=per_seconds) - now).total_seconds()))
