"""The log: trouble that comes a thousand times is one line and a number, and nobody's words are in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from mpaspor.foundation import logs
from mpaspor.foundation.logs import CountRepeats


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said(clock: Clock) -> Iterator[io.StringIO]:
    """What the log writes, with a clock of the test's own."""
    before = structlog.get_config()
    out = io.StringIO()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            CountRepeats(clock),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
    )
    yield out
    structlog.configure(**before)


def lines(said: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_a_thousand_failures_of_one_kind_are_one_line_and_then_a_number(
    said: io.StringIO, clock: Clock
) -> None:
    log = structlog.get_logger()
    for number in range(1000):
        log.error("database_error", kind="OperationalError", endpoint=f"page{number % 7}", ms=number)
    assert len(lines(said)) == 1
    clock.now += 11
    log.info("request", route="start")
    first, told, request = lines(said)
    assert first["event"] == "database_error"
    assert (told["event"], told["of"], told["times"]) == ("repeated", "database_error", 999)
    assert told["kind"] == "OperationalError"
    assert request["event"] == "request"


def test_another_kind_of_failure_is_not_lost_among_the_repeated(said: io.StringIO) -> None:
    log = structlog.get_logger()
    for _ in range(3):
        log.error("unexpected", kind="KeyError", where="a.py:1")
        log.error("unexpected", kind="KeyError", where="b.py:2")
    assert [line["where"] for line in lines(said)] == ["a.py:1", "b.py:2"]


def test_what_went_well_is_never_counted_together(said: io.StringIO) -> None:
    for _ in range(3):
        structlog.get_logger().info("request", route="start")
    assert len(lines(said)) == 3


def test_a_librarys_error_comes_with_kind_and_place_and_without_its_words(said: io.StringIO) -> None:
    library = logging.getLogger("waitress.of.this.test")
    library.propagate = False
    library.addHandler(logs.OneDoor(logging.WARNING))
    try:
        raise ValueError("NIK 1671010101900001")
    except ValueError:
        library.exception("Exception while serving %s", "/cek/ABCD-EFGH")
    library.warning("Odd header %r", "Siti")
    error, warning = lines(said)
    assert (error["kind"], error["logger"]) == ("ValueError", "waitress.of.this.test")
    assert __file__ in error["where"]
    assert warning["words"] == "Odd header %r"
    assert "1671" not in said.getvalue() and "ABCD" not in said.getvalue() and "Siti" not in said.getvalue()


def test_a_child_that_dies_leaves_the_places_and_not_the_words() -> None:
    try:
        raise ValueError("rahasia")
    except ValueError as error:
        trace = logs.trace_without_words(error)
    assert "rahasia" not in trace.splitlines()[-1]
    assert trace.splitlines()[-1] == "ValueError"
    assert "test_a_child_that_dies" in trace
