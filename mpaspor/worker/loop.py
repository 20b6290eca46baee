"""The worker: sends what lies in the outbox and does the timed work. Any number of them may run.

Two lanes of the outbox, each a thread: one-time codes never wait behind slow mail. The main thread
does the timed scans.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from flask import Flask, current_app

from mpaspor.config import settings
from mpaspor.correspondence.handlers import HANDLERS, Handler
from mpaspor.foundation import clock, outbox_queue
from mpaspor.foundation.database import db
from mpaspor.foundation.mail import CannotSend
from mpaspor.foundation.outbox_queue import Claimed, ComeBack
from mpaspor.server.heartbeat import Beat, nobody_watches
from mpaspor.worker.registry_work import registries_of, registry_handlers
from mpaspor.worker.timed_work import SCANS, Scan, scans_of
from mpaspor.worker.treasury_work import treasury_handlers, treasury_of

log = structlog.get_logger()

POLL_SECONDS = 0.3
LONGEST_PIECE = 600.0  # seconds for one scan or one message; whatever takes longer hangs
# One at a time: the slowest mail (five answers of 5 s) stays well inside its lease.
_BATCH = 1


class Worker:
    """One worker process on `app`, with the handlers and scans that it was given."""

    def __init__(self, app: Flask, handlers: Mapping[str, Handler], scans: Sequence[Scan] = SCANS) -> None:
        self._app = app
        self._handlers = handlers
        self._scans = scans
        self._stop = threading.Event()
        self._turns: dict[str, float] = {}  # when each thread last began a piece of work

    def stop(self) -> None:
        """Finish what is in hand, then return from `run`."""
        self._stop.set()

    def run(self, beat: Beat = nobody_watches) -> None:
        """Work until `stop`. The heartbeat goes on while no piece of work hangs."""
        threading.Thread(target=self._keep_beating, args=(beat,), daemon=True).start()
        lanes = [threading.Thread(target=self._lane, args=(urgent,), daemon=True) for urgent in (True, False)]
        for lane in lanes:
            lane.start()
        log.info("worker_started")
        due = dict.fromkeys((scan.name for scan in self._scans), clock.now())
        while not self._stop.wait(POLL_SECONDS):
            for scan in self._scans:
                self._turns["scans"] = time.monotonic()
                now = clock.now()
                # A clock set back must not silence a scan for as long as it was set back.
                if now >= due[scan.name] or (due[scan.name] - now).total_seconds() > scan.every_seconds:
                    due[scan.name] = now + timedelta(seconds=scan.every_seconds)
                    self.scan(scan)
        for lane in lanes:
            lane.join(timeout=30)
        log.info("worker_stopped")

    def _keep_beating(self, beat: Beat) -> None:
        while True:
            now = time.monotonic()
            if all(now - began < LONGEST_PIECE for began in list(self._turns.values())):
                beat(now)
            time.sleep(1)

    def once(self) -> int:
        """Every scan once, then all that is due until nothing is; returns how many rows were handled."""
        for scan in self._scans:
            self.scan(scan)
        handled = 0
        while found := self.hand_out(urgent=True) + self.hand_out(urgent=False):
            handled += found
        return handled

    def scan(self, scan: Scan) -> None:
        """One scan; what goes wrong is logged and tried again at its next time."""
        with self._app.app_context():
            try:
                scan.act(clock.now())
            except Exception as error:
                log.error("scan_failed", scan=scan.name, error=type(error).__name__)
            finally:
                db.session.remove()

    def hand_out(self, *, urgent: bool) -> int:
        """Claim what is due in one lane and hand it to its handlers; returns how many rows there were."""
        with self._app.app_context():
            rows = outbox_queue.claim(urgent=urgent, limit=_BATCH, now=clock.now())
            for row in rows:
                self._handle(row)
            return len(rows)

    def _lane(self, urgent: bool) -> None:
        while not self._stop.is_set():
            self._turns[f"lane {urgent}"] = time.monotonic()
            try:
                if self.hand_out(urgent=urgent):
                    continue
            except Exception as error:
                log.error("lane_failed", urgent=urgent, error=type(error).__name__)
                self._stop.wait(2)
            self._stop.wait(POLL_SECONDS)

    def _handle(self, row: Claimed) -> None:
        """One row: sent, postponed or failed. Of a failure only the error's class or our words are kept."""
        try:
            handler = self._handlers.get(row.kind)
            if handler is None:
                raise CannotSend(f"nobody handles {row.kind}", is_final=True)
            handler(row, clock.now())
        except ComeBack as patience:
            outbox_queue.postpone(row, patience.seconds, now=clock.now())
        except CannotSend as error:
            self._failed(row, str(error), is_final=error.is_final)
        except Exception as error:
            db.session.rollback()
            self._failed(row, type(error).__name__, is_final=False)
        else:
            outbox_queue.finish(row.id, now=clock.now())
        finally:
            db.session.remove()

    def _failed(self, row: Claimed, why: str, *, is_final: bool) -> None:
        log.error("outbox_failed", kind=row.kind, row=str(row.id), attempt=row.attempts, error=why)
        outbox_queue.fail(row, why, now=clock.now(), is_final=is_final)


def make_worker(app: Flask) -> Worker:
    """The worker of this installation: correspondence, its treasury, its registers."""
    with app.app_context():
        found = settings()
        handlers = {
            **HANDLERS,
            **treasury_handlers(treasury_of(found)),
            **registry_handlers(registries_of(found)),
        }
    return Worker(app, handlers, scans_of(found))


def run_forever(beat: Beat = nobody_watches) -> None:
    """Work until SIGTERM or SIGINT, for the application whose context is pushed."""
    worker = make_worker(this_app())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run(beat)


def this_app() -> Flask:
    """The application itself: the lanes' threads have no context to find it through."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
