"""A child that no longer answers is replaced: one that holds Python's lock, one whose threads all hang."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.live_web import free_port

ROOT = Path(__file__).resolve().parents[2]
SILENCE = 3.0
# `/spin` runs a pattern with nested quantifiers: C code that never lets go of Python's lock.
SCRIPT = """
import re, sys, threading, time
from pathlib import Path
from mpaspor.cli import web_process
from mpaspor.cli.processes import Parent
def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path in ("/spin", "/hang"):
        print("stuck", flush=True)
    if path == "/spin":
        re.fullmatch(r"(a+)+b", "a" * 60)
    if path == "/hang":
        threading.Event().wait()
    if path == "/slow":
        time.sleep(float(environ["QUERY_STRING"]))
    start_response("200 OK", [("Content-Length", "5")])
    return [b"fine\\n"]
listener = web_process.listen("127.0.0.1", int(sys.argv[1]))
parent = Parent(silence=float(sys.argv[2]))
parent.keep("web process 1", lambda beat: web_process.serve(app, listener, 2, beat))
parent.run()
"""


class Family:
    """A parent with one web process."""

    def __init__(self) -> None:
        self.port = free_port()
        command = [sys.executable, "-c", SCRIPT, str(self.port), str(SILENCE)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environ)

    @property
    def child(self) -> psutil.Process:
        (child,) = psutil.Process(self.process.pid).children()
        return child

    def get(self, path: str, timeout: float) -> int:
        """The status, or 0 when nothing came."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ask_and_leave(self, path: str) -> None:
        """Ask for what never comes, and leave once the child is at it, however long that takes."""
        assert self.process.stdout is not None
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert self.process.stdout.readline() == "stuck\n"

    def stop(self) -> str:
        """Stop all of it; returns what it said."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[1]


@pytest.fixture
def family() -> Iterator[Family]:
    family = Family()
    wait_for(lambda: family.get("/", timeout=1) == 200)
    yield family
    family.process.kill()
    family.process.communicate()


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited for 60 s"
        time.sleep(0.05)


def is_gone(process: psutil.Process) -> bool:
    """Whether it has ended; it may be taken from the list of processes while it is looked at."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_pattern_that_never_ends_costs_one_process_and_not_the_site(family: Family) -> None:
    stuck = family.child.pid
    family.ask_and_leave("/spin")
    wait_for(lambda: family.get("/", timeout=1) == 200)
    assert family.child.pid != stuck
    said = family.stop()
    assert "web process 1 has not answered for" in said and "is replaced" in said
    assert "in app" in said, "it says where the child stood"


@pytest.mark.long
def test_threads_that_all_hang_are_replaced_though_the_loop_still_runs(family: Family) -> None:
    stuck = family.child.pid
    for _ in range(2):
        family.ask_and_leave("/hang")
    assert family.get("/sehat/hidup", timeout=10) == 200, "the loop still runs"
    wait_for(lambda: family.get("/", timeout=1) == 200)
    assert family.child.pid != stuck


def test_a_stopped_process_is_replaced(family: Family) -> None:
    stuck = family.child
    stuck.suspend()
    wait_for(lambda: is_gone(stuck))
    wait_for(lambda: family.get("/", timeout=1) == 200)
    assert family.child.pid != stuck.pid


@pytest.mark.long
def test_a_slow_but_healthy_process_is_left_alone(family: Family) -> None:
    pid = family.child.pid
    for _ in range(4):  # one thread is always at work, longer than the silence allows
        assert family.get(f"/slow?{SILENCE / 3}", timeout=30) == 200
    assert family.child.pid == pid
    assert "replaced" not in family.stop()


@pytest.mark.long
def test_a_family_that_was_stopped_and_goes_on_blames_nobody(family: Family) -> None:
    child, parent = family.child, psutil.Process(family.process.pid)
    parent.suspend()
    child.suspend()
    time.sleep(SILENCE * 2)  # nothing is measured: however long this takes, nobody may be replaced
    child.resume()
    parent.resume()
    assert family.get("/", timeout=30) == 200
    assert family.child.pid == child.pid
    assert "replaced" not in family.stop()
