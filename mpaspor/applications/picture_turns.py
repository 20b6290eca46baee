"""Turns at the decoder: few pictures at once, few waiting behind, and nobody holds more than one of each.

Each web process has rooms of its own. A picture that waits holds a thread, and a child that decodes much
memory; pages need the rest of both. So whoever finds the room full is told at once, before anything is
kept, and sends the same picture again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mpaspor.foundation.operations import Busy
from mpaspor.foundation.refusals import TooFast

AT_ONCE = 2
WAITING = 2
PATIENCE = 10  # seconds; a large photo takes one or two
SOON = 10  # seconds after which it is worth sending the picture again


class PicturesBusy(Busy):
    """Too many pictures are being looked at; this one was not."""


class OwnPicturesFirst(TooFast):
    """Two pictures of the same person are in hand already: one being decoded, one waiting."""

    def __init__(self) -> None:
        super().__init__(retry_after=SOON)


class Room:
    """Where pictures are decoded, first come first served."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self._at_once, self._most_waiting, self._patience = at_once, waiting, patience
        self._inside: set[str] = set()
        self._waiting: list[str] = []
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, owner: str) -> Iterator[None]:
        """Hold a turn. Raises `PicturesBusy` or `OwnPicturesFirst`."""
        self._enter(owner)
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(owner)
                self._changed.notify_all()

    def _enter(self, owner: str) -> None:
        with self._changed:
            if owner in self._waiting:
                raise OwnPicturesFirst()
            self._waiting.append(owner)
            try:
                if not self._is_next(owner):
                    self._wait(owner)
            finally:
                self._waiting.remove(owner)
                self._changed.notify_all()
            self._inside.add(owner)

    def _wait(self, owner: str) -> None:
        if len(self._waiting) > self._most_waiting:
            raise PicturesBusy()
        if not self._changed.wait_for(lambda: self._is_next(owner), self._patience):
            raise PicturesBusy()

    def _is_next(self, owner: str) -> bool:
        """Whether a turn is free and nobody who could take it came before."""
        could = (one for one in self._waiting if one not in self._inside)
        return len(self._inside) < self._at_once and next(could, None) == owner


# A crowd of applicants never keeps a person waiting who stands before the camera at the counter.
APPLICANTS = Room()
COUNTER = Room(at_once=1)
