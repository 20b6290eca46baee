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
from itertools import islice
from statistics import quantiles

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


# What one person does: yields requests, is sent the answers.
Visit = Generator[bytes, Answer, None]


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
    waiting = iter(visits)
    ready = selectors.DefaultSelector()
    lines = [_Line(port, ready, waiting, visit) for visit in islice(waiting, connections)]
    played = Played()
    gc.collect()
    gc.disable()
    cpu, began = time.process_time(), time.perf_counter()
    try:
        for line in lines:
            line.ask()
        while busy_lines := ready.get_map():
            found = ready.select(_PATIENCE)
            if not found:
                raise TimeoutError(f"{len(busy_lines)} requests wait; nothing was answered in {_PATIENCE} s")
            for key, _events in found:
                key.data.read(played)
    finally:
        gc.enable()
        for line in lines:
            line.close()
        ready.close()
    played.seconds = time.perf_counter() - began
    played.busy = (time.process_time() - cpu) / played.seconds
    return played


class _Line:
    """One connection and the visit that uses it."""

    __slots__ = ("_asked_at", "_data", "_port", "_ready", "_request", "_socket", "_visit", "_waiting")

    def __init__(
        self, port: int, ready: selectors.BaseSelector, waiting: Iterator[Visit], visit: Visit
    ) -> None:
        self._port, self._ready, self._waiting, self._visit = port, ready, waiting, visit
        self._request, self._data, self._asked_at = next(visit), b"", 0.0
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection((HOST, self._port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ready.register(self._socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            self._ready.unregister(self._socket)
            self._socket.close()

    def ask(self) -> None:
        self._data, self._asked_at = b"", time.perf_counter()
        with suppress(OSError):  # closed meanwhile: reading says so
            self._socket.sendall(self._request)

    def read(self, played: Played) -> None:
        """Take in what has come; with a whole answer go on, and at the end of all visits hang up."""
        try:
            piece = self._socket.recv(_PIECE)
        except OSError:
            piece = b""
        self._data += piece
        answer = _whole(self._data) if piece else Answer(0, b"", b"")
        if answer is None:
            return
        played.statuses[answer.status] += 1
        played.waits.append(time.perf_counter() - self._asked_at)
        goes_on = self._goes_on(answer)
        if not goes_on or not piece or _CLOSES.search(answer.head):
            self.close()
            if not goes_on:
                return
            self._connect()
        self.ask()

    def _goes_on(self, answer: Answer) -> bool:
        try:
            self._request = self._visit.send(answer)
            return True
        except StopIteration:
            following = next(self._waiting, None)
            if following is None:
                return False
            self._visit, self._request = following, next(following)
            return True


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
