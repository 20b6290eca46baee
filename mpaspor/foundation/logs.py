"""One line of JSON for each thing worth knowing. Names, states, milliseconds: never personal data.

What goes wrong a thousand times is one line and a number: the first is written, the rest of its kind are
counted and told once a period. Lines of libraries come through the same door, with the kind and the place of
an error and never its words, which may quote what a person typed.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

_PERIOD = 10.0  # seconds in which one kind of trouble gets one line
_MANY_KINDS = 200
# What tells one kind of trouble from another; ids, routes and milliseconds do not.
_KIND = ("event", "level", "kind", "name", "error", "where", "sqlstate", "scan", "logger")
_TOLD_ALWAYS = ("debug", "info")
Entry = MutableMapping[str, Any]


class CountRepeats:
    """A processor that lets the first of each kind of trouble through and counts the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, ...], tuple[float, int]] = {}  # kind: since when, how many held back

    def __call__(self, _logger: object, _method: str, entry: Entry) -> Entry:
        is_trouble = entry.get("level") not in _TOLD_ALWAYS
        kind = tuple(str(entry.get(name, "")) for name in _KIND)
        with self._lock:
            over = self._periods_over()
            is_repeat = is_trouble and kind in self._seen
            if is_repeat:
                since, held_back = self._seen[kind]
                self._seen[kind] = (since, held_back + 1)
            elif is_trouble and len(self._seen) < _MANY_KINDS:
                self._seen[kind] = (self._clock(), 0)
        for told, times in over:
            facts = {name: value for name, value in zip(_KIND, told, strict=True) if value}
            facts.pop("level")
            structlog.get_logger().info("repeated", of=facts.pop("event", ""), times=times, **facts)
        if is_repeat:
            raise structlog.DropEvent
        return entry

    def _periods_over(self) -> list[tuple[tuple[str, ...], int]]:
        """Forget the kinds whose period is over; returns those of which some were held back, and how many."""
        now = self._clock()
        over = [(kind, held) for kind, (since, held) in self._seen.items() if now - since >= _PERIOD]
        for kind, _ in over:
            del self._seen[kind]
        return [(kind, held) for kind, held in over if held]


class OneDoor(logging.Handler):
    """Lines of libraries (waitress, SQLAlchemy, Flask) as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        line = structlog.get_logger().bind(logger=record.name)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line.error("library_error", kind=type(error).__name__, where=place_of(error))
        else:
            # The sentence as its author wrote it, before anything was filled in.
            words = str(record.msg)[:160]
            line.warning("library", words=words)


def set_up(*, level: int = logging.INFO) -> None:
    """Write structured lines to standard error (standard output belongs to the person who started us)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            CountRepeats(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, OneDoor) for handler in root.handlers):
        root.addHandler(OneDoor(logging.WARNING))
    threading.excepthook = _thread_died


def place_of(error: BaseException) -> str:
    """File and line where it was raised: what a developer needs, and nothing a person typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"


def trace_without_words(error: BaseException) -> str:
    """A traceback whose last line is the error's kind; an operating system's own words are kept."""
    words = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__ + words


def _thread_died(args: threading.ExceptHookArgs) -> None:
    error = args.exc_value
    if error is not None:
        structlog.get_logger().error("thread_died", kind=type(error).__name__, where=place_of(error))
