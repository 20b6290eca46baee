"""Reading what is free: plenty for people, too little for a program that asks fifty times a second.

Counted in the memory of each web process, so that the page of the rush asks the database nothing more. An
account counts for itself: whoever is signed in keeps reading and booking, however busy a stranger makes the
address that a whole village shares.
"""

from __future__ import annotations

import math
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import TooFast
from mpaspor.people.rules import network_of

P = ParamSpec("P")
R = TypeVar("R")
# One person who compares days taps once a second at most: a tenth of what an address gets, behind which a
# village may sit. Thirty seconds of it may come in one go.
SHARE_OF_ONE = 0.1
SECONDS_AT_ONCE = 30
_MOST_CALLERS = 20_000


class TooManyLooks(TooFast):
    """What is free was read too often from this address or by this account; `retry_after` in seconds."""


class Looks:
    """A bucket of looks for each caller, filled again as time goes by."""

    def __init__(self, most_callers: int = _MOST_CALLERS) -> None:
        self._most_callers = most_callers
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller → looks left, and when
        self._one_at_a_time = threading.Lock()

    def take(self, caller: str, per_second: float, now: float) -> float:
        """Take one look; returns 0, or the seconds after which there is one. `now` is in seconds."""
        most = per_second * SECONDS_AT_ONCE
        with self._one_at_a_time:
            left, before = self._left.pop(caller, (most, now))
            left = min(most, left + max(0.0, now - before) * per_second)
            waits = 0.0 if left >= 1 else (1 - left) / per_second
            self._left[caller] = (left if waits else left - 1, now)
            if len(self._left) > self._most_callers:
                self._left.popitem(last=False)  # who has not asked for longest has a full bucket anyway
            return waits

    def forget(self) -> None:
        """Give everybody a full bucket."""
        with self._one_at_a_time:
            self._left.clear()


def init_app(app: Flask) -> None:
    app.extensions["calendar_looks"] = Looks()


def from_here() -> None:
    """Count that somebody without an account reads what is free. Raises `TooManyLooks`."""
    _take(network_of(request.remote_addr or "?"), settings().calendar_looks)


def counted(view: Callable[P, R]) -> Callable[P, R]:
    """Count each look at a public page of what is free, drawn or kept."""

    @wraps(view)
    def counts(*args: P.args, **kwargs: P.kwargs) -> R:
        from_here()
        return view(*args, **kwargs)

    return counts


def by(account_id: uuid.UUID) -> None:
    """Count that this account reads what is free. Raises `TooManyLooks`."""
    _take(str(account_id), settings().calendar_looks * SHARE_OF_ONE)


def _take(caller: str, per_second: float) -> None:
    looks: Looks = current_app.extensions["calendar_looks"]
    waits = looks.take(caller, per_second, clock.now().timestamp())
    if waits:
        raise TooManyLooks(retry_after=math.ceil(waits))
