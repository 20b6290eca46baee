"""The client of the benches: many connections in one thread, cheap enough not to be what is measured.

It writes requests that lie ready and reads answers, and says how busy it was: CPU seconds of its own for
each second of the run. Well below 1 means that the servers, not the client, set the pace.
"""

from __future__ import annotations

import gc
import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import islice
from statistics import quantiles
from typing import Any

HOST = "127.0.0.1"
_PATIENCE = 60.0  # seconds without any answer, after which the run has hung
_PIECE = 256 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_WITHOUT_BODY = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came over the wire; status 0 when the connection broke without one."""

    status: int
    head: bytes
    body: bytes


# What one person does: yields requests and is sent the answers; yields seconds to pause and is sent None.
Visit = Generator[bytes | float, Any, None]


@dataclass
class Played:
    """A run: how long it took (seconds), what came back, how long each answer took, how busy we were."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    busy: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.waits) / self.seconds

    def wait(self, percent: int) -> float:
        """The seconds within which so many percent of the answers came."""
        if len(self.waits) < 2:
            return sum(self.waits)
        return quantiles(self.waits, n=100, method="inclusive")[percent - 1]

    def expect(self, *statuses: int) -> Played:
        """This run. Raises `RuntimeError` when anything else was answered."""
        if not self.statuses or set(self.statuses) - set(statuses):
            raise RuntimeError(f"answers: {dict(self.statuses)}, expected only {statuses}")
        return self


def once(request: bytes) -> Visit:
    """Ask one thing."""
    yield request


def again(requests: Sequence[bytes], seconds: float) -> Visit:
    """Ask these in turn, over and over, for so long."""
    end = time.perf_counter() + seconds
    while True:
        for request in requests:
            yield request
            if time.perf_counter() > end:
                return


def steady(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Played:
    """So many connections, each asking again as soon as it is answered; each begins at another request."""
    turns = [number % len(requests) for number in range(connections)]
    return play(port, [again([*requests[n:], *requests[:n]], seconds) for n in turns], connections)


def play(port: int, visits: Iterable[Visit], connections: int) -> Played:
    """Let the visits happen, so many at once; each connection takes the next visit when one is over."""
    crowd = _Crowd(port, iter(visits))
    lines = [_Line(crowd, visit) for visit in islice(crowd.waiting, connections)]
    gc.collect()
    gc.disable()
    cpu, began = time.process_time(), time.perf_counter()
    try:
        for line in lines:
            line.ask()
        while crowd.ready.get_map():
            crowd.turn()
    finally:
        gc.enable()
        for line in lines:
            line.close()
        crowd.ready.close()
    crowd.played.seconds = time.perf_counter() - began
    crowd.played.busy = (time.process_time() - cpu) / crowd.played.seconds
    return crowd.played


class _Crowd:
    """What all connections of a run share: who waits for one, who pauses, and what came back so far."""

    def __init__(self, port: int, waiting: Iterator[Visit]) -> None:
        self.port, self.waiting = port, waiting
        self.ready = selectors.DefaultSelector()
        self.pausing: list[tuple[float, int, _Line]] = []  # a heap: until when, which connection
        self.played = Played()

    def turn(self) -> None:
        """Read what has come, and wake those whose pause is over."""
        pause = self.pausing[0][0] - time.perf_counter() if self.pausing else _PATIENCE
        found = self.ready.select(max(0.0, pause))
        if not found and not self.pausing:
            raise TimeoutError(f"{len(self.ready.get_map())} wait; nothing was answered in {_PATIENCE} s")
        for key, _events in found:
            key.data.read()
        while self.pausing and self.pausing[0][0] <= time.perf_counter():
            heappop(self.pausing)[2].wake()


class _Line:
    """One connection and the visit that uses it."""

    __slots__ = ("_asked_at", "_crowd", "_data", "_request", "_socket", "_visit")

    def __init__(self, crowd: _Crowd, visit: Visit) -> None:
        self._crowd, self._visit = crowd, visit
        self._request, self._data, self._asked_at = next(visit), b"", 0.0
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection((HOST, self._crowd.port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._crowd.ready.register(self._socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            self._crowd.ready.unregister(self._socket)
            self._socket.close()

    def ask(self) -> None:
        """Send what the visit wants to send; or let it pause, on the open connection."""
        self._data, self._asked_at = b"", time.perf_counter()
        if isinstance(self._request, float):
            heappush(self._crowd.pausing, (self._asked_at + self._request, id(self), self))
            return
        with suppress(OSError):  # closed meanwhile: reading says so
            self._socket.sendall(self._request)

    def wake(self) -> None:
        self._go_on(None)

    def read(self) -> None:
        """Take in what has come, and hand a whole answer to the visit."""
        try:
            piece = self._socket.recv(_PIECE)
        except OSError:
            piece = b""
        if not piece and isinstance(self._request, float):
            self._reconnect()  # closed because nothing was asked for so long
            return
        self._data += piece
        answer = _whole(self._data) if piece else Answer(0, b"", b"")
        if answer is None:
            return
        played = self._crowd.played
        played.statuses[answer.status] += 1
        played.waits.append(time.perf_counter() - self._asked_at)
        if not piece or _CLOSES.search(answer.head):
            self._reconnect()
        self._go_on(answer)

    def _reconnect(self) -> None:
        self.close()
        self._connect()

    def _go_on(self, answer: Answer | None) -> None:
        """What the visit does next, or the next visit; with none left, hang up."""
        try:
            self._request = self._visit.send(answer)
        except StopIteration:
            following = next(self._crowd.waiting, None)
            if following is None:
                self.close()
                return
            self._visit, self._request = following, next(following)
        self.ask()


def _whole(data: bytes) -> Answer | None:
    """The answer, once all of it is here. Raises `RuntimeError` for one whose length nobody said."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, status = data[:end], int(data[9:12])
    length = _LENGTH.search(head)
    if length is None and status not in _WITHOUT_BODY:
        raise RuntimeError("an answer without its length")
    size = 0 if length is None or status in _WITHOUT_BODY else int(length[1])
    return None if len(data) < end + 4 + size else Answer(status, head, data[end + 4 :])


def fetch(port: int, request: bytes) -> Answer:
    """One answer, outside of any measuring."""
    found: list[Answer] = []

    def ask() -> Visit:
        found.append((yield request))

    play(port, [ask()], 1)
    return found[0]
