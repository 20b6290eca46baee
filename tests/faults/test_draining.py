"""A web process that was told to stop: its readiness says so first, and nobody is turned away meanwhile."""

from __future__ import annotations

import http.client
import signal
import time
from pathlib import Path

from mpaspor.config import Settings
from tests.live_web import Web, web
from tests.postgres import Urls

DRAIN = 4.0


def get(running: Web, path: str) -> tuple[int, str]:
    """By a connection of its own."""
    client = http.client.HTTPConnection(running.url.removeprefix("http://"), timeout=60)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status, answer.read().decode()
    finally:
        client.close()


def test_readiness_says_no_while_requests_are_still_taken(database: Urls, tmp_path: Path) -> None:
    with web(database, tmp_path, orders=("drain", str(DRAIN))) as running:
        assert get(running, "/sehat/siap") == (200, "siap\n")
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        while get(running, "/sehat/siap")[0] == 200:
            pass  # ends in a refused connection if the process stops without a word
        assert get(running, "/sehat/siap") == (503, "sedang berhenti\n")
        assert get(running, "/sehat/hidup") == (200, "hidup\n")
        assert get(running, "/masuk")[0] == 200
        under_way = http.client.HTTPConnection(running.url.removeprefix("http://"), timeout=60)
        under_way.putrequest("POST", "/masuk")
        under_way.putheader("Content-Type", "application/x-www-form-urlencoded")
        under_way.putheader("Content-Length", "3")
        under_way.endheaders(b"a")
        time.sleep(max(0.0, began + DRAIN / 2 - time.monotonic()))
        under_way.send(b"=b")
        assert under_way.getresponse().status == 403, "a form without its token, answered as ever"
        assert running.process.wait(timeout=60) == 0
        assert time.monotonic() - began > DRAIN


def test_without_a_proxy_to_tell_a_process_waits_for_nobody(database: Urls, tmp_path: Path) -> None:
    assert Settings.from_environment({}).drain == 0
    with web(database, tmp_path) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=60) == 0
