"""`race`: two hundred signed-in people press at once for a hundred places, beside the bare post."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from benchmarks import web
from benchmarks.bare import HOUR, Bare, cookies_for
from benchmarks.check_outs import expect_clean, hot_hours, press, together
from benchmarks.compare import in_turns
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import Played, once, play
from benchmarks.people import Ready, ready
from benchmarks.requests import post
from benchmarks.stage import Stage, stage
from mpaspor.foundation import clock

_AIMS = (Aim("ratio", 0.6), Aim("p99_s", 0.8, at_most=True))


def run(*, quick: bool) -> Figure:
    """Answers per second from the first press to the last answer; each round has its own people and hour."""
    people, rounds = (20, 1) if quick else (200, 3)
    places = people // 2
    with stage() as found, web.product(found) as product, web.bare(found, Bare()) as bare:
        hours = hot_hours(found.office, rounds + 1, places)
        crowds = [ready(found.office, people, clock.now()) for _ in hours]
        waiting = iter(zip(hours, crowds, strict=True))

        def ours() -> Played:
            hour, crowd = next(waiting)
            return _expect_half(_race(product.port, crowd, hour))

        def floor() -> Played:
            reset_hour(found, places)
            return _expect_half(_bare_race(bare.port, crowds[0]))

        ours(), floor()  # connections to the database, caches of templates
        compared = in_turns(ours, floor, rounds)
        expect_clean(dict.fromkeys(hours, places))
    return figure(
        "race", compared.ours.rate, "answers/s", compared.floor.rate, client=compared.client, aims=_AIMS,
        details={"p50_s": compared.ours.p50, "p99_s": compared.ours.p99, "p99_bare_s": compared.floor.p99},
        notes=(f"{people} at once for {places} places",),
    )  # fmt: skip


def _race(port: int, crowd: Sequence[Ready], hour: uuid.UUID) -> Played:
    """Everybody reads the last page first; what is raced for is the button."""
    return play(port, [once(press(browser)) for browser in together(port, crowd, hour)], len(crowd))


def _bare_race(port: int, crowd: Sequence[Ready]) -> Played:
    presses = [post("/post", {"hour": str(HOUR)}, cookies_for(one.account_id)) for one in crowd]
    return play(port, [once(request) for request in presses], len(presses))


def _expect_half(played: Played) -> Played:
    """One half has a place and the other is told that there is none (409)."""
    half = len(played.waits) // 2
    if played.statuses != {303: half, 409: half}:
        raise RuntimeError(f"answers: {dict(played.statuses)}")
    return played


def reset_hour(found: Stage, places: int) -> None:
    """So many places in the hot row of the floor, none of them taken."""
    with found.owner() as connection:
        connection.execute("UPDATE bare_hour SET released = %s, taken = 0 WHERE id = %s", (places, HOUR))
