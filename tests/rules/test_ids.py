"""Ids carry the moment of writing and keep the order of writing, whatever the clock does."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7

MIDNIGHT = datetime(2027, 1, 1, tzinfo=UTC)


def _moment(made: uuid.UUID) -> datetime:
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def test_an_id_is_a_uuid_of_version_7_that_tells_the_injected_moment() -> None:
    with clock.at(MIDNIGHT):
        made = uuid7()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert _moment(made) == MIDNIGHT


def test_ids_rise_while_the_clock_stands_still() -> None:
    with clock.at(MIDNIGHT):
        made = [uuid7() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert {_moment(each) for each in made} == {MIDNIGHT}


def test_ids_of_one_moment_rise_though_other_moments_came_in_between() -> None:
    made = []
    for _ in range(200):
        with clock.at(MIDNIGHT):
            made.append(uuid7())
        with clock.at(MIDNIGHT + timedelta(days=400)):
            uuid7()
    assert made == sorted(made)


def test_ids_rise_when_the_clock_is_set_back_a_little() -> None:
    made = []
    for step in range(100):
        with clock.at(MIDNIGHT - timedelta(milliseconds=9 * step)):
            made.append(uuid7())
    assert made == sorted(made)


def test_ids_of_many_threads_never_meet() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [each for ids in pool.map(lambda _: [uuid7() for _ in range(500)], range(8)) for each in ids]
    assert len(set(made)) == 4_000


def test_a_forked_child_counts_on_its_own() -> None:
    """Web processes are forked: on their parent's counter two of them would differ by chance alone."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with clock.at(MIDNIGHT):
            os.write(writing, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    with clock.at(MIDNIGHT):
        ours = uuid7()
    theirs = uuid.UUID(bytes=os.read(reading, 16))
    assert ours.int >> 40 != theirs.int >> 40
