"""One line of JSON for each thing worth knowing. Names, states, milliseconds: never personal data."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up(*, level: int = logging.INFO) -> None:
    """Write structured lines to standard error (standard output belongs to the person who started us)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
