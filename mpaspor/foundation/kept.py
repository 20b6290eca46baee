"""What many people ask for in the same second is made once in each process and kept for about that long."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app

from mpaspor.foundation import clock

T = TypeVar("T")
_LATE = 3.0  # seconds for which the old one serves while one thread makes it anew; it may be stuck


@dataclass
class _Thing:
    making: threading.Lock = field(default_factory=threading.Lock)
    value: Any = None
    begun_at: float = float("-inf")  # by the clock of the people, which `since` compares with
    until: float = float("-inf")  # by the machine's own, which never jumps


class Kept:
    """Values that are the same for everybody, each for `seconds`; 0 keeps nothing.

    Nothing of a person may be kept, and no row of a session: values outlive both.
    """

    def __init__(self, seconds: float, most: int = 1000) -> None:
        self._seconds = seconds
        self._most = most
        self._things: OrderedDict[Hashable, _Thing] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self._seconds > 0

    def get(self, key: Hashable, make: Callable[[], T], *, since: float = 0.0) -> T:
        """The value under `key`, made by `make` if it is missing, too old, or begun before `since`.

        While one thread makes it anew the others go on with the old one; where there is none each makes its
        own, so that nobody waits for another who may be waiting for a connection. `since` is a timestamp.
        """
        if not self._seconds:
            return make()
        thing = self._thing(key)
        if time.monotonic() < thing.until and thing.begun_at > since:
            return thing.value  # type: ignore[no-any-return]
        if not thing.making.acquire(blocking=False):
            may_serve = thing.begun_at > since and time.monotonic() < thing.until + _LATE
            return thing.value if may_serve else make()
        try:
            begun_at, until = clock.now().timestamp(), time.monotonic() + self._seconds
            value = make()
            thing.value, thing.begun_at, thing.until = value, begun_at, until
            return value
        finally:
            thing.making.release()

    def forget(self) -> None:
        """Let everything be made anew."""
        with self._one_at_a_time:
            self._things.clear()

    def _thing(self, key: Hashable) -> _Thing:
        with self._one_at_a_time:
            thing = self._things.get(key)
            if thing is None:
                thing = self._things[key] = _Thing()
                if len(self._things) > self._most:
                    self._things.popitem(last=False)
            else:
                self._things.move_to_end(key)
            return thing


def init_app(app: Flask) -> None:
    app.extensions["kept"] = Kept(app.extensions["settings"].kept_seconds)


def kept() -> Kept:
    """What this process keeps for everybody."""
    found: Kept = current_app.extensions["kept"]
    return found
