"""A real web process of the suite's own, on a free port and on the test's database."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import Urls

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 60.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Web:
    """A running process and its address."""

    url: str
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(
    urls: Urls,
    data_dir: Path,
    *,
    port: int | None = None,
    orders: tuple[str, ...] = (),
    module: str = "tests.faults.web_that_dies",
) -> Iterator[Web]:
    """Start a web process by its entry module, wait until it answers, and end it afterwards."""
    port = port or free_port()
    command = [sys.executable, "-m", module, str(port), str(data_dir)]
    process = subprocess.Popen(
        [*command, urls.app, urls.owner, urls.superuser, *orders], cwd=_ROOT, stderr=subprocess.DEVNULL
    )
    running = Web(f"http://127.0.0.1:{port}", process)
    try:
        _wait(running)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _wait(running: Web) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with _DIRECT.open(f"{running.url}/sehat/hidup", timeout=2):
                return
        except OSError:
            if running.process.poll() is not None:
                raise RuntimeError(f"the web process ended with {running.process.returncode}") from None
            time.sleep(0.05)
    raise TimeoutError(running.url)
