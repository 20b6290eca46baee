"""The client of the benches: counts what came back, pauses when told to, opens a closed connection again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.load import Played, Visit, fetch, once, play, steady
from benchmarks.requests import get


class _Clerk(BaseHTTPRequestHandler):
    """Answers `/`, hangs up after `/close`, breaks off at `/break`."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/break":
            self.close_connection = True
            return
        body = self.path.encode() * 1000
        self.send_response(404 if self.path == "/away" else 200)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Clerk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_each_visit_happens_once_over_fewer_connections(port: int) -> None:
    played = play(port, [once(get("/")) for _ in range(10)], 3)
    assert played.statuses == {200: 10} and len(played.waits) == 10
    assert 0 < played.wait(50) <= played.wait(99)


def test_an_answer_comes_whole(port: int) -> None:
    answer = fetch(port, get("/away"))
    assert (answer.status, answer.body) == (404, b"/away" * 1000)


def test_a_connection_that_is_closed_is_opened_again(port: int) -> None:
    def visit() -> Visit:
        for path in ("/close", "/", "/break", "/"):
            yield get(path)

    assert play(port, [visit()], 1).statuses == {200: 3, 0: 1}


def test_a_visit_may_pause_while_others_go_on(port: int) -> None:
    order: list[str] = []

    def patient() -> Visit:
        yield get("/")
        yield 0.2
        order.append("patient")
        yield get("/")

    def quick() -> Visit:
        for _ in range(3):
            yield get("/")
        order.append("quick")

    assert play(port, [patient(), quick()], 2).statuses == {200: 5}
    assert order == ["quick", "patient"]


def test_a_wrong_answer_ends_the_run(port: int) -> None:
    with pytest.raises(RuntimeError, match="404"):
        steady(port, [get("/"), get("/away")], 2, 0.05).expect(200)


def test_nothing_at_all_is_no_figure() -> None:
    with pytest.raises(RuntimeError):
        Played().expect(200)
