"""The web processes of a bench: two on one socket, as `bin/serve` runs them on two cores.

`python -m benchmarks.servers PORT product DATA_DIR APP_URL OWNER_URL SUPERUSER_URL`
`python -m benchmarks.servers PORT bare BYTES`: the floor, which answers every request with so many bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mpaspor.cli import web_process
from mpaspor.cli.processes import Parent
from mpaspor.wiring import create_app
from tests.conftest import settings_for
from tests.postgres import Urls

PROCESSES = 2
_THREADS = 8


def bare(size: int) -> Callable[..., Iterable[bytes]]:
    """The least that a web application can do."""
    body = b"x" * size
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(size))]

    def answer(_environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return answer


def _application(kind: str, words: list[str]) -> Any:
    if kind == "bare":
        return bare(int(words[0]))
    data_dir, *urls = words
    settings = settings_for(Urls(*urls), Path(data_dir))
    return create_app(replace(settings, trusted_proxies=1, calendar_looks=10_000))


def main(port: str, kind: str, *words: str) -> None:
    parent = Parent()
    listener = web_process.listen("127.0.0.1", int(port))
    for number in range(PROCESSES):
        parent.keep(
            f"web process {number + 1}",
            lambda beat: web_process.serve(_application(kind, list(words)), listener, _THREADS, beat),
        )
    parent.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
