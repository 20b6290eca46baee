"""The embedded PostgreSQL is looked after: when it dies it is started again; when that fails, it is said."""

from __future__ import annotations

import sys
import threading
import time

from mpaspor.cli import installation
from mpaspor.config import Settings
from mpaspor.foundation import embedded_postgres
from mpaspor.foundation.embedded_postgres import DatabaseTrouble
from mpaspor.server.heartbeat import Beat

_EVERY = 1.0  # seconds
_LONGEST_RECOVERY = 300.0  # seconds, of a start after a crash; whatever takes longer hangs


def watch(settings: Settings, beat: Beat) -> None:
    """Start the server again whenever it is gone, for ever. Exits with the reason when it will not start."""
    while True:
        if embedded_postgres.running_url(settings.data_dir) is None:
            print("PostgreSQL ended without being asked to; starting it again", file=sys.stderr, flush=True)
            _start_again(settings, beat)
            print("PostgreSQL is back", file=sys.stderr, flush=True)
        beat()
        time.sleep(_EVERY)


def _start_again(settings: Settings, beat: Beat) -> None:
    is_over = threading.Event()
    threading.Thread(target=_beat_meanwhile, args=(beat, is_over), daemon=True).start()
    try:
        # The parent counts as a user of the server already, so this one may leave it at once: it runs on.
        embedded_postgres.start(
            settings.data_dir, connections=installation.connections_wanted(settings)
        ).stop()
    except DatabaseTrouble as trouble:
        raise SystemExit(str(trouble)) from None
    finally:
        is_over.set()


def _beat_meanwhile(beat: Beat, is_over: threading.Event) -> None:
    began = time.monotonic()
    while not is_over.wait(_EVERY) and time.monotonic() - began < _LONGEST_RECOVERY:
        beat()
