"""Waiting for what other sessions of the database do, without a moment that a busy machine misses."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def until(holds: Callable[[], bool]) -> None:
    """Come back once it holds."""
    while not holds():
        time.sleep(0.01)


def waiting_for_locks(scalar: Callable[..., Any]) -> int:
    """How many of this database's sessions wait for a lock."""
    return int(
        scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock'"
        )
    )
