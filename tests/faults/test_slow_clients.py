"""Slow readers, dripping heads, stalled uploads, crowds from one address: pages go on being answered."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mpaspor.cli import web_process
from mpaspor.server import last_resort
from mpaspor.server.channel import HEAD_SECONDS, IDLE_SECONDS
from mpaspor.server.pace import LEAST, SPAN
from mpaspor.server.web_server import STANDSTILL, Server
from mpaspor.web.headers import ALWAYS

PICTURE = b"x" * 2_000_000
THREADS = 2
HEAD = b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


class House:
    """A server whose loop is turned by the test and whose clock the test sets."""

    def __init__(self, **more: Any) -> None:
        self.now = 1000.0
        self.gate = threading.Event()
        self.hanging = threading.Semaphore(0)
        self.listener = web_process.listen("127.0.0.1", 0)
        self.server = Server(
            last_resort.guarded(self.app), self.listener, THREADS, clock=lambda: self.now, **more
        )
        self.clients: list[socket.socket] = []

    def app(self, environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        path, body = environ["PATH_INFO"], b"fine\n"
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


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    close(house)


def close(house: House) -> None:
    house.gate.set()
    for client in house.clients:
        client.close()
    house.server.task_dispatcher.shutdown()
    for channel in list(house.server.active_channels.values()):
        channel.handle_close()
    house.server.close()
    house.listener.close()


def test_people_who_ask_for_many_pictures_and_read_none_hold_no_thread(house: House) -> None:
    for _ in range(20):
        house.client(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n" * 100, window=4096)
    house.turn(50)
    assert house.get().endswith(b"fine\n")


def test_a_picture_arrives_whole_at_a_slow_reader_and_ends_the_connection(house: House) -> None:
    slow = house.client(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n", window=4096)
    slow.setblocking(False)
    got, more = b"", b"?"
    while more:
        house.turn(1)
        try:
            more = slow.recv(200_000)
        except BlockingIOError:
            continue
        got += more
        house.now += len(more) / 6250  # 50 kbit/s: more than five minutes in all
    assert got.endswith(PICTURE) and len(got) > len(PICTURE)
    assert headers(got)["Connection"] == "close"


def test_a_reader_who_stopped_reading_loses_the_connection(house: House) -> None:
    slow = house.client(b"GET /picture HTTP/1.1\r\nHost: a\r\n\r\n", window=4096)
    wait_until(house, lambda: any(c.total_outbufs_len and not c.requests for c in channels(house)))
    house.later(2)
    house.later(SPAN + 1)
    house.later(SPAN + 1)
    assert channels(house) == []
    assert slow.fileno() > 0


def test_what_is_sent_ahead_is_answered_in_its_order(house: House) -> None:
    client = house.client(HEAD % 3 + b"abc" + HEAD % 5 + b"abcde" + b"GET /picture HTTP/1.0\r\n\r\n")
    got = house.answer(client)
    deadline = time.monotonic() + 60
    client.setblocking(False)
    while not got.endswith(PICTURE) and time.monotonic() < deadline:
        house.turn(1)
        try:
            got += client.recv(1_000_000)
        except BlockingIOError:
            continue
    bodies = [part.partition(b"\r\n\r\n")[2] for part in got.split(b"HTTP/1.")[1:]]
    assert bodies[0] == b"3" and bodies[1] == b"5" and bodies[2] == PICTURE


def test_thousands_of_half_heads_are_closed_and_pages_are_answered_meanwhile(house: House) -> None:
    halves = [house.client(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ") for _ in range(300)]
    wait_until(house, lambda: len(channels(house)) == 300)
    for half in halves:
        half.sendall(b"b")  # a drop now and then does not help
    assert house.get().endswith(b"fine\n")
    house.later(HEAD_SECONDS - 1)
    for half in halves:
        half.sendall(b"b")
    house.later(2)
    assert all(house.is_closed(half) for half in halves)
    assert house.get().endswith(b"fine\n")


def test_an_honest_slow_upload_is_taken_however_long_it_lasts(house: House) -> None:
    photo = b"p" * 724_000
    client = house.client(HEAD % len(photo))
    for begin in range(0, len(photo), 50_000):
        client.sendall(photo[begin : begin + 50_000])
        house.turn(20)
        house.now += SPAN - 5  # 13 minutes in all
    assert house.answer(client).endswith(b"724000")


def test_an_upload_that_stopped_is_told_so_in_words(house: House) -> None:
    client = house.client(HEAD % 724_000 + b"p" * (LEAST + 10))
    house.later(2)
    house.later(SPAN + 1)  # that span brought enough
    client.sendall(b"p" * 10)
    assert not house.is_closed(client)
    house.later(SPAN + 1)
    got = house.answer(client)
    assert got.startswith(b"HTTP/1.1 408 ") and b"Kiriman Anda terhenti di jalan" in got
    house.turn()
    assert channels(house) == []


def test_a_connection_without_a_request_is_closed(house: House) -> None:
    idle = house.client()
    house.later(IDLE_SECONDS - 1)
    assert not house.is_closed(idle)
    house.later(2)
    assert house.is_closed(idle)


def test_one_address_has_its_share_of_connections_and_is_told_when_it_is_used_up() -> None:
    house = House(per_address=5)
    try:
        kept = [house.client() for _ in range(5)]
        wait_until(house, lambda: len(channels(house)) == 5)
        got = house.answer(house.client())
        assert got.startswith(b"HTTP/1.1 503 ") and b"Layanan sedang penuh" in got
        kept[0].close()
        wait_until(house, lambda: len(channels(house)) == 4)
        assert house.get().endswith(b"fine\n")
    finally:
        close(house)


def test_behind_a_proxy_all_visitors_share_its_address_and_none_is_sent_away(house: House) -> None:
    for _ in range(150):
        house.client()
    wait_until(house, lambda: len(channels(house)) == 150)
    assert house.get().endswith(b"fine\n")


def test_when_the_house_is_full_whoever_waited_longest_makes_room() -> None:
    house = House(connections=10)
    try:
        first = house.client(b"GET / HT")
        house.later(3)
        for _ in range(9):
            house.client(b"GET / HT")
        wait_until(house, lambda: len(channels(house)) == 10)
        assert house.get().endswith(b"fine\n")
        assert house.is_closed(first)
    finally:
        close(house)


def test_while_all_threads_hang_life_is_confirmed_and_pages_are_refused_in_words(house: House) -> None:
    for _ in range(THREADS):
        house.client(b"GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")
    wait_until(house, lambda: house.server.task_dispatcher.active_count == THREADS)
    waiting = [house.client(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") for _ in range(3)]
    assert house.get("/sehat/hidup").endswith(b"hidup\n")
    house.later(STANDSTILL + 1)
    for client in waiting:
        got = house.answer(client)
        assert got.startswith(b"HTTP/1.1 503 ") and headers(got)["Retry-After"] == "5"
        assert b"Coba lagi sebentar" in got and b"Try again in a moment" in got
    house.gate.set()
    wait_until(house, lambda: house.server.task_dispatcher.active_count < THREADS)
    assert house.get().endswith(b"fine\n")


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"GARBAGE\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"get / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\n", 400, "Permintaan ini tidak lengkap"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413, "Kiriman ini terlalu besar"),
        (b"GET / HTTP/1.1\r\nCookie: %s\r\n\r\n" % (b"c" * 40_000), 431, "Alamat ini terlalu panjang"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "Cara mengirim ini tidak kami terima"),
        (b"GET /broken HTTP/1.1\r\n\r\n", 500, "Ada kesalahan di pihak kami"),
        (b"GET /breaks-off HTTP/1.1\r\n\r\n", 500, "Ada kesalahan di pihak kami"),
    ],
)
def test_what_never_reaches_the_application_is_answered_in_both_languages(
    house: House, sent: bytes, status: int, words: str
) -> None:
    got = house.answer(house.client(sent))
    assert got.startswith(b"HTTP/1.1 %d " % status) or got.startswith(b"HTTP/1.0 %d " % status)
    assert words in got.decode() and '<section lang="en">' in got.decode()
    assert b"waitress" not in got and b"1671" not in got
    said = headers(got)
    assert {name.lower() for name in said} >= {name.lower() for name in ALWAYS}
    assert "default-src 'none'" in said["Content-Security-Policy"]
    # Where the application was reached and failed, what follows on the connection is still whole.
    assert said.get("Connection") == (None if sent.startswith(b"GET /broken ") else "close")


def test_htmx_gets_a_banner_and_a_bank_gets_json(house: House) -> None:
    banner = house.get("/broken", b"HX-Request: true\r\n")
    assert headers(banner)["Hx-Retarget"] == "#kabar" and b"<html" not in banner
    said = house.answer(house.client(b"GET /snap/v1.0/x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"))
    assert json.loads(said.partition(b"\r\n\r\n")[2])["responseCode"] == "5010000"


def channels(house: House) -> list[Any]:
    return list(house.server.active_channels.values())


def wait_until(house: House, true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited for 60 s"
        house.turn(1)
