"""More requests than threads: nobody waits for nothing, and what was not begun is said not to be."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpaspor.server.web_server import STANDSTILL
from tests.faults.turned_by_hand import House, close, headers, wait_until
from tests.live_web import free_port

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 3.0
HELD = 3  # threads of the real process, all held
SCRIPT = """
import os, sys, threading
from mpaspor.cli import web_process
gate = threading.Event()
def app(environ, start_response):
    if environ["PATH_INFO"] == "/hold":
        os.write(1, b"held\\n")
        gate.wait()
    start_response("200 OK", [("Content-Length", "5")])
    return [b"fine\\n"]
def open_gate():
    sys.stdin.readline()
    gate.set()
threading.Thread(target=open_gate, daemon=True).start()
listener = web_process.listen("127.0.0.1", int(sys.argv[1]))
web_process.serve(app, listener, int(sys.argv[2]), longest_queue=1)
"""


@pytest.fixture
def queue() -> Iterator[House]:
    """A house in which one may wait three seconds, and whose threads are all taken."""
    assert LONGEST < STANDSTILL / 2, "else it is not the queue that is judged"
    house = House(longest_queue=LONGEST)
    house.fill()
    yield house
    close(house)


def ask(house: House, path: str, method: str = "GET", more: str = "") -> socket.socket:
    """Send a request, and return once it stands in line."""
    waiting = len(house.server.task_dispatcher.queue)
    body = "kunci=1" if method == "POST" else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    client = house.client((head + body).encode())
    wait_until(house, lambda: len(house.server.task_dispatcher.queue) > waiting)
    return client


def in_line(house: House) -> list[str]:
    return [channel.path for channel in house.server.task_dispatcher.queue]


def test_who_waited_too_long_is_told_and_who_came_later_keeps_the_place(queue: House) -> None:
    first = ask(queue, "/jadwal?tanggal=2026-12-01")
    queue.later(LONGEST - 1)
    second = ask(queue, "/kantor")
    queue.later(2)
    got = queue.answer(first)
    assert got.startswith(b"HTTP/1.1 503 ") and b'http-equiv="refresh"' in got
    assert headers(got)["Connection"] == "close"
    assert in_line(queue) == ["/kantor"]
    queue.gate.set()
    assert queue.answer(second).endswith(b"fine\n")
    assert "/jadwal" not in queue.begun


def test_what_was_sent_is_never_begun_afterwards(queue: House) -> None:
    sent = ask(queue, "/permohonan/AAAABBBB/jadwal", "POST")
    by_htmx = ask(queue, "/permohonan/CCCCDDDD/jadwal", "POST", "HX-Request: true\r\n")
    queue.later(LONGEST + 1)
    page, part = queue.answer(sent), queue.answer(by_htmx)
    assert page.startswith(b"HTTP/1.1 503 ") and b"tidak mengubah apa pun" in page and b"refresh" not in page
    assert headers(part)["Hx-Retarget"] == "#kabar" and b"belum dijalankan" in part and b"<html" not in part
    queue.gate.set()
    assert queue.get("/").endswith(b"fine\n")
    assert set(queue.begun) == {"/hang", "/"}


def test_a_bank_waits_twice_as_long_and_is_told_in_its_own_language(queue: House) -> None:
    calls = [ask(queue, "/snap/v1.0/transfer-va/payment", "POST") for _ in range(2)]
    queue.later(LONGEST + 1)
    assert in_line(queue) == ["/snap/v1.0/transfer-va/payment"] * 2
    queue.later(LONGEST)
    for call in calls:
        got = queue.answer(call)
        assert got.startswith(b"HTTP/1.1 503 ") and headers(got)["Retry-After"] == "5"
        assert json.loads(got.partition(b"\r\n\r\n")[2])["responseCode"].startswith("503")


def test_readiness_goes_first_once_a_second_and_otherwise_stands_in_line(queue: House) -> None:
    for path in ("/a", "/sehat/siap", "/b", "/sehat/siap"):
        ask(queue, path)
    assert in_line(queue) == ["/sehat/siap", "/a", "/b", "/sehat/siap"]
    queue.later(1)
    ask(queue, "/sehat/siap")
    assert in_line(queue) == ["/sehat/siap", "/sehat/siap", "/a", "/b", "/sehat/siap"]


def test_a_client_that_left_the_line_harms_nobody(queue: House) -> None:
    ask(queue, "/kantor").close()
    stays = ask(queue, "/kantor")
    queue.later(LONGEST + 1)
    assert queue.answer(stays).startswith(b"HTTP/1.1 503 ")
    queue.gate.set()
    assert queue.get("/").endswith(b"fine\n")


def test_whom_a_full_house_cannot_let_in_is_told_so_as_befits_what_was_asked() -> None:
    house = House(connections=2)
    try:
        house.fill()
        page = house.get("/jadwal")
        assert page.startswith(b"HTTP/1.1 503 ") and b'http-equiv="refresh"' in page
        sent = b"POST /masuk HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"
        assert b"tidak mengubah apa pun" in house.answer(house.client(sent))
        banner = house.get("/jadwal", b"HX-Request: true\r\n")
        assert headers(banner)["HX-Retarget"] == "#kabar"
        call = house.get("/snap/v1.0/transfer-va/status")
        assert json.loads(call.partition(b"\r\n\r\n")[2])["responseCode"].startswith("503")
        assert house.get("/sehat/hidup").endswith(b"hidup\n"), "full is not dead"
        assert b"Layanan sedang penuh" in house.answer(house.client(b"?")), "nobody knows what that is"
        assert set(house.begun) == {"/hang"}
    finally:
        close(house)


def test_a_real_process_with_more_requests_than_threads_tells_those_for_whom_none_is_left() -> None:
    port = free_port()
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", SCRIPT, str(port), str(HELD)]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, text=True)
    try:
        held = [_connect(port, "/hold", process) for _ in range(HELD)]
        assert process.stdout and [process.stdout.readline() for _ in held] == ["held\n"] * HELD
        crowd = [_connect(port, f"/kantor?orang={number}", process) for number in range(30)]
        answers = [_whole(client) for client in crowd]
        assert all(answer.startswith(b"HTTP/1.1 503 ") for answer in answers), answers[0]
        assert all(len(answer.partition(b"\r\n\r\n")[2]) <= 1_000 for answer in answers)
        assert _whole(_connect(port, "/sehat/hidup", process)).endswith(b"hidup\n")
        _open(process)
        assert all(_whole(client).endswith(b"fine\n") for client in held)
        assert _whole(_connect(port, "/", process)).endswith(b"fine\n")
    finally:
        process.kill()
        process.communicate()


def _open(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("open\n")
    process.stdin.flush()


def _connect(port: int, path: str, process: subprocess.Popen[str]) -> socket.socket:
    while True:
        try:
            client = socket.create_connection(("127.0.0.1", port), timeout=60)
            break
        except ConnectionRefusedError:  # it is still starting
            assert process.poll() is None
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    return client


def _whole(client: socket.socket) -> bytes:
    with client:
        return b"".join(iter(lambda: client.recv(65_536), b""))
