"""Running web processes of the product and of the bare application, as a bench sees them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.bare import Bare
from benchmarks.stage import Stage
from tests.live_web import free_port

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 30.0


@dataclass(frozen=True)
class Web:
    """Where they listen, and the process that keeps them."""

    port: int
    parent: int

    def memory(self) -> float:
        """Megabytes of all of them that no other process shares."""
        children = psutil.Process(self.parent).children(recursive=True)
        return float(sum(child.memory_full_info().uss for child in children)) / 2**20


@contextmanager
def product(found: Stage, *, worker: bool = False) -> Iterator[Web]:
    """The product, with a worker beside it where the measure wants one."""
    with _running(found, "product+worker" if worker else "product") as web:
        yield web


@contextmanager
def bare(found: Stage, what: Bare) -> Iterator[Web]:
    """A floor, on the same database."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=found.data_dir) as file:
        json.dump(asdict(what), file)
        file.flush()
        with _running(found, "bare", file.name) as web:
            yield web


@contextmanager
def _running(found: Stage, *words: str) -> Iterator[Web]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.servers", str(port), *words]
    running = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=os.environ | found.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, running)
        yield Web(port, running.pid)
    finally:
        running.terminate()
        running.wait(timeout=_PATIENCE)


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    """The listener takes connections before the application is made: only an answer says that it is up."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if running.poll() is not None:
            raise RuntimeError(f"the web processes ended with {running.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as connection:
                connection.sendall(b"GET /sehat/hidup HTTP/1.0\r\n\r\n")
                if connection.recv(16):
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nobody answers on {port}")
