"""`rush`: ten thousand people with complete drafts want a hundred places, through real web processes.

Whoever is told that the house is busy (503) comes back as asked. The run ends when everybody has a definite
answer: a place, or that there is none.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Sequence
from statistics import quantiles

from sqlalchemy import update

from benchmarks import web
from benchmarks.bare import Bare
from benchmarks.check_outs import expect_clean, hot_hours
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import play, steady
from benchmarks.race import reset_hour
from benchmarks.rush_people import Person, crowd
from benchmarks.stage import stage
from mpaspor.booking.models import Slot
from mpaspor.foundation.database import db

_AT_ONCE = 1000  # connections; the others wait behind them
_LONGEST = 1800.0  # seconds after which whoever has no answer has none
_AIMS = (
    Aim("without_answer", 0, at_most=True),
    Aim("server_errors", 0, at_most=True),
    # What so many connections at once need is needed once: a second half as large takes no more.
    Aim("growing_mb", 10, at_most=True),
)


def run(*, quick: bool) -> Figure:
    """People who know, per second, from the first that comes to the last that is answered."""
    count, places = (12, 4) if quick else (10_000, 100)
    at_once = min(count, _AT_ONCE)
    with stage() as found:
        [hour] = hot_hours(found.office, 1, places)
        _leave_only(hour)
        people = crowd(found, count, hour)
        with web.product(found) as product:
            steady(product.port, [people[0].page_of_hours()], 4, 0.1 if quick else 2.0).expect(200, 503)
            before, began = product.memory(), time.perf_counter()
            visits = [one.visit(began + _LONGEST) for one in people]
            first = play(product.port, visits[: count // 2], at_once)
            half = product.memory()
            second = play(product.port, visits[count // 2 :], at_once)
            after = product.memory()
        expect_clean({hour: places})
        reset_hour(found, places)
        with web.bare(found, Bare("<p>Bare</p>")) as bare:
            deadline = time.perf_counter() + _LONGEST
            floor = play(bare.port, [one.bare_visit(deadline) for one in people], at_once)
    waits = [one.ended - began for one in people if one.outcome]
    return figure(
        "rush", len(waits) / max(waits), "people/s", count / floor.seconds,
        client=max(first.busy, second.busy), aims=_AIMS,
        details={
            **_answers(people, first.statuses + second.statuses), **_spread(waits),
            "before_mb": before, "half_mb": half, "after_mb": after, "growing_mb": after - half,
        },
        notes=(f"{count} people for {places} places over {at_once} connections",),
    )  # fmt: skip


def _leave_only(hour: uuid.UUID) -> None:
    """No place but in this hour: whoever does not get one is told so, and nothing near it is offered."""
    db.session.execute(update(Slot).where(Slot.id != hour).values(released=Slot.taken))
    db.session.commit()
    db.session.remove()


def _answers(people: Sequence[Person], statuses: Counter[int]) -> dict[str, float]:
    """How it ended for everybody. 503 says honestly that the house is busy; every other 5xx is a fault, and
    so is a connection without an answer (0)."""
    ends = Counter(one.outcome for one in people)
    faults = sum(number for status, number in statuses.items() if status == 0 or status >= 500)
    return {
        "places": ends["place"],
        "told_full": ends["full"],
        "without_answer": ends[None],
        "busy_503": statuses[503],
        "server_errors": faults - statuses[503],
    }


def _spread(waits: Sequence[float]) -> dict[str, float]:
    marks = quantiles(waits, n=100, method="inclusive")
    return {"p50_s": marks[49], "p99_s": marks[98]}
