"""A child's heartbeat, which its parent can read whatever the child is doing: one number in shared memory.

The number is a moment of the machine's monotonic clock, which parent and child share. A child that holds
Python's lock for good, or was stopped, cannot write it any more; nobody has to ask the child anything.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Callable

Beat = Callable[..., None]
_MOMENT = struct.Struct("d")


class Heartbeat:
    """Made by the parent before it forks; written by the child, read by the parent."""

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, _MOMENT.size)  # anonymous and shared with whoever is forked

    def beat(self, at: float | None = None) -> None:
        """Say that all was well just now, or at an earlier moment of `time.monotonic()`."""
        _MOMENT.pack_into(self._shared, 0, time.monotonic() if at is None else at)

    def last(self) -> float:
        moment: float = _MOMENT.unpack_from(self._shared, 0)[0]
        return moment


def nobody_watches(at: float | None = None) -> None:
    """The heartbeat of work that runs without a parent."""
