"""Twenty large pictures at once: two are decoded, two wait, and the others are told to send theirs again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager

import pytest

from mpaspor.applications.picture_turns import OwnPicturesFirst, PicturesBusy, Room

LONG = 60  # seconds; nothing here waits for them to pass


class Decoder:
    """Works on each picture until it is let go, and knows who was in its hands."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.seen: list[str] = []
        self.most = self._now = 0
        self._lock, self._may_end = threading.Lock(), threading.Event()

    def looks_at(self, owner: str) -> str:
        with self.room.turn(owner):
            with self._lock:
                self._now += 1
                self.most = max(self.most, self._now)
                self.seen.append(owner)
            assert self._may_end.wait(LONG)
            with self._lock:
                self._now -= 1
        return owner

    def lets_go(self) -> None:
        self._may_end.set()


@contextmanager
def _crowd(decoder: Decoder, owners: list[str]) -> Iterator[list[Future[str]]]:
    """Everybody at once; afterwards all are let go."""
    with ThreadPoolExecutor(len(owners)) as pool:
        try:
            yield [pool.submit(decoder.looks_at, owner) for owner in owners]
        finally:
            decoder.lets_go()


def _first(futures: list[Future[str]], count: int) -> list[BaseException | None]:
    done = as_completed(futures, LONG)
    return [next(done).exception() for _ in range(count)]


def test_abuse_26_of_twenty_pictures_at_once_two_are_decoded_two_wait_and_16_are_told() -> None:
    decoder = Decoder(Room(at_once=2, waiting=2, patience=LONG))
    with _crowd(decoder, [f"pemohon {n}" for n in range(20)]) as futures:
        told = _first(futures, 16)
    assert all(isinstance(error, PicturesBusy) for error in told)
    assert decoder.most == 2 and len(decoder.seen) == 4
    assert sum(future.exception() is None for future in futures) == 4


def test_abuse_26_one_account_with_20_pictures_holds_one_turn_and_one_place_behind_it() -> None:
    decoder = Decoder(Room(at_once=2, waiting=2, patience=LONG))
    with _crowd(decoder, ["siti"] * 20) as futures:
        told = _first(futures, 18)
        assert all(isinstance(error, OwnPicturesFirst) for error in told)
        with decoder.room.turn("budi"):
            assert decoder.seen == ["siti"], "whoever comes later goes before her second picture"
    assert decoder.most == 1 and decoder.seen == ["siti", "siti"]


def test_who_waited_in_vain_is_told_and_leaves_no_place_taken() -> None:
    room = Room(at_once=1, waiting=1, patience=0)
    for _ in range(3):
        with room.turn("siti"), pytest.raises(PicturesBusy), room.turn("budi"):
            pass
    with room.turn("budi"):
        pass


def test_a_decoder_that_fails_gives_its_turn_back() -> None:
    room = Room(at_once=1, waiting=0, patience=0)
    for _ in range(3):
        with pytest.raises(OSError), room.turn("siti"):
            raise OSError
    with ExitStack() as stack:
        stack.enter_context(room.turn("budi"))
