"""An entry module of the tests' own: a real web process, which can be told to die after a payment's commit,
while or after a booklet is written down as printed, or to drain for so many seconds before it stops.

`python -m tests.faults.web_that_dies PORT DATA_DIR APP_URL OWNER_URL SUPERUSER_URL
[die | die-printing | die-printed | drain SECONDS]`
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mpaspor.billing.snap.accept import accept_payment
from mpaspor.billing.snap.replies import Reply
from mpaspor.cli import web_process
from mpaspor.desk import stock
from mpaspor.officers import print_routes
from mpaspor.payments import snap_routes
from mpaspor.wiring import create_app
from tests.conftest import settings_for
from tests.postgres import Urls


def accept_and_die(*args: Any, **kwargs: Any) -> Reply:
    """The real operation; when it returns it has committed, and the reply never leaves."""
    accept_payment(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def die_after(act: Any) -> Any:
    """The same act; when it returns the process is killed."""

    def once(*args: Any, **kwargs: Any) -> None:
        act(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return once


def main(port: str, data_dir: str, *rest: str) -> None:
    urls, orders = Urls(*rest[:3]), rest[3:]
    if "die" in orders:
        snap_routes.accept_payment = accept_and_die
    if "die-printing" in orders:  # the booklet has left the stock, in a transaction that never ends
        stock.use = die_after(stock.use)
    if "die-printed" in orders:  # all is committed, and the answer never leaves
        print_routes.print_booklet = SimpleNamespace(once=die_after(print_routes.print_booklet.once))  # type: ignore[assignment]
    settings = settings_for(urls, Path(data_dir))
    drain = float(orders[1]) if "drain" in orders else 0.0
    web_process.serve(create_app(settings), web_process.listen("127.0.0.1", int(port)), 8, drain=drain)


if __name__ == "__main__":
    main(*sys.argv[1:])
