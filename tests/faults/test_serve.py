"""What `bin/serve` starts: all of it comes up, survives a killed parent once, and goes down together."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
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

from mpaspor.foundation.embedded_postgres import home_of, running_url, start

ROOT = Path(__file__).resolve().parents[2]
Serve = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    data = tmp_path / "var"
    yield data
    home = home_of(data, make=False)
    if home.exists():
        if running_url(data):
            start(data).stop()
        shutil.rmtree(home)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def serve(data_dir: Path, port: int) -> Iterator[Serve]:
    """Runs what bin/serve runs, as a real installation with fixed keys."""
    keys = [base64.b64encode(hashlib.sha256(bytes([n])).digest()).decode() for n in range(4)]
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(ROOT),
        "MPASPOR_DATA": str(data_dir),
        "PORT": str(port),
        "MPASPOR_DEMO": "0",
        "MPASPOR_SECRET_KEY": keys[0],
        "MPASPOR_DATA_KEYS": keys[1],
        "MPASPOR_LOOKUP_KEY": keys[2],
        "MPASPOR_SIGNING_KEY": keys[3],
    }
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str, **more: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "mpaspor", *(words or ("serve",))]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdout=pipe, stderr=pipe, text=True, env={**environ, **more}, cwd="/"
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/siap", timeout=60) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("not ready after 60 s")


def postmaster(data_dir: Path) -> int:
    pid_file = home_of(data_dir, make=False) / "data" / "postmaster.pid"
    return int(pid_file.read_text().split()[0])


def test_killed_and_started_again_it_works_and_there_is_one_database_server(
    serve: Serve, data_dir: Path, port: int
) -> None:
    first = serve()
    wait_until_ready(port)
    server, children = postmaster(data_dir), psutil.Process(first.pid).children()
    assert len(children) >= 2
    first.kill()
    first.wait()

    second = serve()
    wait_until_ready(port)
    assert postmaster(data_dir) == server
    assert all(not child.is_running() or child.status() == "zombie" for child in children)

    second.send_signal(signal.SIGTERM)
    said, trouble = second.communicate(timeout=60)
    assert second.returncode == 0, trouble
    assert said.rstrip().endswith("Stopped.")
    assert running_url(data_dir) is None


def test_a_taken_port_is_told_and_disturbs_nobody(serve: Serve, data_dir: Path, port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        _, trouble = serve().communicate(timeout=60)
    assert f"Port {port}" in trouble
    assert f"PORT={port + 1}" in trouble
    assert "Traceback" not in trouble
    assert running_url(data_dir) is None


def test_a_database_stays_what_it_was_made_as_demo_or_real(serve: Serve, data_dir: Path) -> None:
    said, trouble = serve("migrate").communicate(timeout=60)
    assert "The schema is at version" in said, trouble
    process = serve("serve", MPASPOR_DEMO="1")
    _, trouble = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "real installation" in trouble
    assert "Traceback" not in trouble


def test_without_keys_a_real_installation_does_not_start(serve: Serve, data_dir: Path) -> None:
    process = serve("serve", MPASPOR_SECRET_KEY="short")
    _, trouble = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "MPASPOR_SECRET_KEY" in trouble
    assert "Traceback" not in trouble
    assert not home_of(data_dir, make=False).exists()


def test_a_database_that_does_not_answer_is_told_in_words(serve: Serve) -> None:
    process = serve("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    _, trouble = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "does not answer" in trouble
    assert "Traceback" not in trouble
