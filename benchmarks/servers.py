"""The web processes of a bench, run by the very functions of `bin/serve`: one for each core on one socket.

`python -m benchmarks.servers PORT product` (or `product+worker`): the product, as the environment sets it up.
`python -m benchmarks.servers PORT bare FILE`: a floor on the same database, as `FILE` (JSON) says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from flask import Flask

from benchmarks.bare import Bare
from benchmarks.bare import create_app as create_bare_app
from mpaspor.cli import web_process
from mpaspor.cli.installation import AppFactory, processes_wanted
from mpaspor.cli.processes import Parent
from mpaspor.cli.serve import _answer, _work
from mpaspor.config import Settings
from mpaspor.wiring import create_app


def _bare_factory(file: str) -> AppFactory:
    what = Bare(**json.loads(Path(file).read_text("utf-8")))

    def create(settings: Settings) -> Flask:
        return create_bare_app(str(settings.database_url), what)

    return create


def main(port: str, kind: str, *words: str) -> None:
    """Serve until SIGTERM."""
    settings = Settings.from_environment()
    create = _bare_factory(words[0]) if kind == "bare" else create_app
    parent = Parent()
    listener = web_process.listen("127.0.0.1", int(port))
    for number in range(processes_wanted()):
        parent.keep(f"web process {number + 1}", lambda beat: _answer(create, settings, listener, beat))
    if kind == "product+worker":
        parent.keep("worker", lambda beat: _work(create, settings, beat))
    parent.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
