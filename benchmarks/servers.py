"""The web processes of a bench: one for each core on one socket, with the threads of `bin/serve`.

`python -m benchmarks.servers PORT product DATA_DIR APP_URL OWNER_URL SUPERUSER_URL`, or `product+worker`.
`python -m benchmarks.servers PORT bare FILE APP_URL`: a floor, as `FILE` (JSON) says.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.bare import Bare
from benchmarks.bare import create_app as create_bare_app
from mpaspor.cli import web_process
from mpaspor.cli.installation import processes_wanted
from mpaspor.cli.processes import Parent
from mpaspor.config import Settings
from mpaspor.server.heartbeat import Beat
from mpaspor.wiring import create_app
from mpaspor.worker import loop
from tests.conftest import settings_for
from tests.postgres import Urls

_THREADS = Settings.web_threads


def _settings(words: list[str]) -> Settings:
    data_dir, *urls = words
    settings = settings_for(Urls(*urls), Path(data_dir))
    return replace(settings, trusted_proxies=1, calendar_looks=10_000)


def _application(kind: str, words: list[str]) -> Any:
    if kind == "bare":
        file, url = words
        return create_bare_app(url, Bare(**json.loads(Path(file).read_text("utf-8"))))
    return create_app(_settings(words))


def _work(words: list[str], beat: Beat) -> None:
    with create_app(_settings(words)).app_context():
        loop.run_forever(beat)


def main(port: str, kind: str, *given: str) -> None:
    """Serve until SIGTERM."""
    words = list(given)
    parent = Parent()
    listener = web_process.listen("127.0.0.1", int(port))
    for number in range(processes_wanted()):
        parent.keep(
            f"web process {number + 1}",
            lambda beat: web_process.serve(_application(kind, words), listener, _THREADS, beat),
        )
    if kind == "product+worker":
        parent.keep("worker", lambda beat: _work(words, beat))
    parent.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
