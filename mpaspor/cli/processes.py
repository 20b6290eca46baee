"""A parent and its children: fork them, start them again when they die, stop them all together."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_GRACE = 20.0  # seconds for children to finish what they are doing
_LIVED_WELL = 30.0  # seconds after which earlier deaths are forgiven
_LONGEST_PAUSE = 30.0


@dataclass
class _Child:
    name: str
    work: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    deaths: int = 0
    again_at: float = 0.0


class Parent:
    """Owns the signals of this process from the moment it is made; has no threads and no connections."""

    def __init__(self) -> None:
        self._children: list[_Child] = []
        self._told_to_stop = 0
        # Held open by the parent alone: it closes even on kill -9, and then the children end.
        self._alive_read, self._alive_write = os.pipe()
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in _STOP_SIGNALS:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def keep(self, name: str, work: Callable[[], None]) -> None:
        """Have `work` done in a process of its own until `run` ends."""
        self._children.append(_Child(name, work))

    def run_once(self, work: Callable[[], None]) -> bool:
        """Do `work` in a process of its own and wait for it; whether it went well and nobody said stop."""
        pid = self._fork(work)
        told = False
        while True:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status) == 0 and not self._told_to_stop
            if self._told_to_stop and not told:
                os.kill(pid, signal.SIGTERM)
                told = True
            self._sleep(1.0)

    def run(self) -> None:
        """Keep the children alive until a signal says stop; then stop them, the slow ones by force."""
        while not self._told_to_stop:
            self._bury()
            now = time.monotonic()
            for child in self._children:
                if not child.pid and now >= child.again_at:
                    child.pid, child.started = self._fork(child.work), now
            waiting = [child.again_at - now for child in self._children if not child.pid]
            self._sleep(max(0.0, min(waiting, default=5.0)))
        self._stop_children()

    def _stop(self, *_: object) -> None:
        self._told_to_stop += 1

    def _sleep(self, seconds: float) -> None:
        if select.select([self._wake_read], [], [], seconds)[0]:
            os.read(self._wake_read, 4096)

    def _bury(self) -> None:
        for child in self._children:
            if not child.pid:
                continue
            done, status = os.waitpid(child.pid, os.WNOHANG)
            if not done:
                continue
            now = time.monotonic()
            child.deaths = 0 if now - child.started > _LIVED_WELL else child.deaths + 1
            pause = min(_LONGEST_PAUSE, 0.25 * 2**child.deaths)
            child.pid, child.again_at = 0, now + pause
            if not self._told_to_stop:
                code = os.waitstatus_to_exitcode(status)
                words = f"{child.name} ended ({code}); starting it again in {pause:g} s"
                print(words, file=sys.stderr, flush=True)

    def _stop_children(self) -> None:
        self._signal_children(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        while any(child.pid for child in self._children):
            impatient = self._told_to_stop > 1 or time.monotonic() > deadline
            if impatient:
                self._signal_children(signal.SIGKILL)
            self._sleep(0.2)
            self._bury()

    def _signal_children(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.pid:
                os.kill(child.pid, number)

    def _fork(self, work: Callable[[], None]) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            self._become_child()
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1 if end.code else 0
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _become_child(self) -> None:
        signal.set_wakeup_fd(-1)
        for end in (self._alive_write, self._wake_read, self._wake_write):
            os.close(end)
        # Ctrl-C reaches every process of the terminal; the parent alone decides, and says SIGTERM.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        threading.Thread(target=self._die_with_parent, daemon=True).start()

    def _die_with_parent(self) -> None:
        os.read(self._alive_read, 1)
        os._exit(1)
