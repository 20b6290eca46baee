"""`bin/serve` in a data folder and on a port of its own."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mpaspor.foundation.embedded_postgres import home_of, running_url, start
from tests.faults.turned_by_hand import House, close

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
        "MPASPOR_SMTP_URL": "smtp://127.0.0.1:1",
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


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    close(house)
