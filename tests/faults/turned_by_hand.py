"""A server whose loop is turned by the test, whose clock the test sets, and whose answers wait for a gate."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from mpaspor.cli import web_process
from mpaspor.server import last_resort
from mpaspor.server.web_server import Server

PICTURE = b"x" * 2_000_000
THREADS = 2


class House:
    """The server, and clients of it."""

    def __init__(self, **more: Any) -> None:
        self.now = 1000.0
        self.gate = threading.Event()
        self.begun: list[str] = []
        self.hanging = threading.Semaphore(0)
        self.listener = web_process.listen("127.0.0.1", 0)
        self.server = Server(
            last_resort.guarded(self.app), self.listener, THREADS, clock=lambda: self.now, **more
        )
        self.clients: list[socket.socket] = []

    def app(self, environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        path, body = environ["PATH_INFO"], b"fine\n"
        self.begun.append(path)
        if path == "/picture":
            body = PICTURE
        elif path == "/length":
            body = b"%d" % len(environ["wsgi.input"].read())
        elif path == "/hang":
            self.hanging.release()
            self.gate.wait()
        elif path == "/broken":
            raise ValueError("NIK 1671010101900001")
        elif path == "/breaks-off":
            return map(int, ["NIK 1671010101900001"])  # type: ignore[return-value]
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    def client(self, first: bytes = b"", *, window: int | None = None) -> socket.socket:
        client = socket.socket()
        if window:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        client.settimeout(60)
        client.connect(self.listener.getsockname())
        client.sendall(first)
        self.clients.append(client)
        return client

    def fill(self) -> None:
        """Every thread has something that does not end before the gate opens."""
        for _ in range(THREADS):
            self.client(b"GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
        # What the dispatcher counts as active are also threads that have not come to wait yet.
        wait_until(self, lambda: self.begun.count("/hang") == THREADS)

    def turn(self, times: int = 5) -> None:
        for _ in range(times):
            self.server.turn(timeout=0.01)

    def later(self, seconds: float) -> None:
        self.turn()
        self.now += seconds
        self.turn()

    def answer(self, client: socket.socket) -> bytes:
        """What comes until the server closes, or an answer is whole."""
        client.setblocking(False)
        got, deadline = b"", time.monotonic() + 60
        while time.monotonic() < deadline:
            self.turn(1)
            try:
                more = client.recv(1_000_000)
            except BlockingIOError:
                if b"\r\n\r\n" in got and len(got.partition(b"\r\n\r\n")[2]) >= length(got):
                    return got
                continue
            except ConnectionError:
                return got
            if not more:
                return got
            got += more
        raise AssertionError(f"no answer within 60 s: {got[:200]!r}")

    def get(self, path: str = "/", more: bytes = b"") -> bytes:
        return self.answer(self.client(b"GET %s HTTP/1.1\r\nHost: a\r\n%s\r\n" % (path.encode(), more)))

    def is_closed(self, client: socket.socket) -> bool:
        client.setblocking(False)
        try:
            return client.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except ConnectionError:
            return True


def length(answer: bytes) -> int:
    for line in answer.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def headers(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


def close(house: House) -> None:
    house.gate.set()
    for client in house.clients:
        client.close()
    house.server.task_dispatcher.shutdown()
    for channel in list(house.server.active_channels.values()):
        channel.handle_close()
    house.server.close()
    house.listener.close()


def channels(house: House) -> list[Any]:
    return list(house.server.active_channels.values())


def wait_until(house: House, true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited for 60 s"
        house.turn(1)
