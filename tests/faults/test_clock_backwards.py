"""A clock that runs backwards takes nobody's place, and when it is right again deadlines hold as before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from mpaspor.cli.check import breaches
from mpaspor.offices.models import Office
from mpaspor.worker.timed_work import sweep
from tests.stage import bills
from tests.stage.bills import Owing

Scalar = Callable[..., Any]


@pytest.fixture
def owing(palembang: Office, now: datetime) -> Owing:
    """Somebody with a bill to pay within two hours, watched by a worker."""
    sweep(now)
    return bills.owing(palembang, now)


def watch(begin: datetime, minutes: int) -> int:
    """Sweep once a minute, as a worker does; returns how many bills lapsed."""
    return sum(sweep(begin + timedelta(minutes=minute)) for minute in range(minutes))


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=3), timedelta(days=400)])
def test_while_the_clock_is_behind_nothing_lapses(
    owing: Owing, now: datetime, scalar: Scalar, back: timedelta
) -> None:
    lapse_at = scalar("SELECT lapse_at FROM bill")
    beat = scalar("SELECT at FROM heartbeat")
    assert watch(now - back, 20) == 0
    assert scalar("SELECT state FROM bill") == "payable"
    assert scalar("SELECT state FROM booking") == "held"
    assert scalar("SELECT lapse_at FROM bill") == lapse_at, "no deadline came nearer"
    assert scalar("SELECT at FROM heartbeat") >= beat, "the heartbeat never runs backwards"
    assert scalar("SELECT count(*) FROM event WHERE kind = 'outage'") == 0


def test_when_the_clock_is_right_again_the_bill_lapses_in_its_time_and_once(
    owing: Owing, now: datetime, scalar: Scalar
) -> None:
    watch(now, 60)
    watch(now - timedelta(hours=5), 5)  # five minutes with a wrong clock
    assert watch(now + timedelta(minutes=65), 69) == 0, "two hours and the grace are not over"
    assert watch(now + timedelta(minutes=134), 5) == 1
    assert scalar("SELECT state FROM bill") == "lapsed"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'bill_lapsed'") == 1
    late = breaches(now + timedelta(minutes=140))
    assert [str(breach) for breach in late if breach.name[:2] in ("1.", "5.", "6.", "7.")] == []
