"""An entry module of the tests: two web processes on one socket as `bin/serve` runs them, behind a proxy.

`python -m tests.races.guarded PORT DATA_DIR APP_URL OWNER_URL SUPERUSER_URL`
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from mpaspor.cli import web_process
from mpaspor.cli.processes import Parent
from mpaspor.wiring import create_app
from tests.conftest import settings_for
from tests.postgres import Urls

PROCESSES = 2


def main(port: str, data_dir: str, *urls: str) -> None:
    settings = replace(settings_for(Urls(*urls), Path(data_dir)), trusted_proxies=1)
    parent = Parent()
    listener = web_process.listen("127.0.0.1", int(port))
    for number in range(PROCESSES):
        parent.keep(
            f"web process {number + 1}",
            lambda beat: web_process.serve(create_app(settings), listener, settings.web_threads, beat),
        )
    parent.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
