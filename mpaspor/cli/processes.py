"""A parent and its children: fork them, start them again when they die or fall silent, stop them together."""

from __future__ import annotations

import faulthandler
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mpaspor.foundation import logs
from mpaspor.server.heartbeat import Beat, Heartbeat

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_GRACE = 20.0  # seconds for children to finish what they are doing
_LIVED_WELL = 30.0  # seconds after which earlier deaths are forgiven
_LONGEST_PAUSE = 30.0
_TURN = 5.0  # seconds after which the parent looks at its children even when nothing happened
_MANY_DEATHS = 5  # in a row, of a child without which nothing works
SILENCE = 60.0  # seconds without a sign of life after which a child counts as stuck


@dataclass
class _Child:
    name: str
    work: Callable[[Beat], None]
    is_vital: bool = False
    pid: int = 0
    started: float = 0.0
    deaths: int = 0
    again_at: float = 0.0
    heartbeat: Heartbeat = field(default_factory=Heartbeat)


class Parent:
    """Owns the signals of this process from the moment it is made; has no threads and no connections."""

    def __init__(self, *, silence: float = SILENCE, patience: float = 0.0) -> None:
        """`patience`: seconds that stopping children may take, beside those for finishing what they do."""
        self._children: list[_Child] = []
        self._told_to_stop = 0
        self._gave_up = False
        self._silence = silence
        self._grace = _GRACE + patience
        # Held open by the parent alone: it closes even on kill -9, and then the children end.
        self._alive_read, self._alive_write = os.pipe()
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in _STOP_SIGNALS:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def keep(self, name: str, work: Callable[[Beat], None], *, is_vital: bool = False) -> None:
        """Have `work` done in a process of its own until `run` ends.

        It is handed a heartbeat; when that falls silent the process is replaced. A vital one that dies
        again and again ends everything: running on without it would help nobody.
        """
        self._children.append(_Child(name, work, is_vital))

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

    def run(self) -> bool:
        """Keep the children alive until a signal says stop; then stop them, the slow ones by force.

        Returns False when it had to give up instead.
        """
        turn = min(_TURN, self._silence / 4)
        looked = time.monotonic()
        while not (self._told_to_stop or self._gave_up):
            self._bury()
            now = time.monotonic()
            if now - looked > turn + 2:
                self._forgive(now)  # the whole family was stopped, or the machine slept
            looked = now
            self._replace_the_silent(now)
            for child in self._children:
                if not child.pid and now >= child.again_at:
                    self._start(child, now)
            waiting = [child.again_at - now for child in self._children if not child.pid]
            self._sleep(max(0.0, min(waiting, default=turn)))
        self._stop_children()
        return not self._gave_up

    def _start(self, child: _Child, now: float) -> None:
        child.heartbeat.beat(now)
        child.pid, child.started = self._fork(lambda: child.work(child.heartbeat.beat)), now

    def _forgive(self, now: float) -> None:
        for child in self._children:
            child.heartbeat.beat(now)

    def _replace_the_silent(self, now: float) -> None:
        for child in self._children:
            silent = now - child.heartbeat.last()
            if not child.pid or silent < self._silence:
                continue
            _say(f"{child.name} has not answered for {silent:.0f} s and is replaced; where it stood:")
            os.kill(child.pid, signal.SIGUSR1)  # it writes where its threads are, if it still can
            time.sleep(0.2)
            os.kill(child.pid, signal.SIGKILL)
            child.heartbeat.beat(now)  # killed once, then buried

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
            if self._told_to_stop or self._gave_up:
                continue
            code = os.waitstatus_to_exitcode(status)
            if child.is_vital and child.deaths >= _MANY_DEATHS:
                _say(f"{child.name} ended ({code}) {child.deaths} times in a row; stopping everything")
                self._gave_up = True
                return
            _say(f"{child.name} ended ({code}); starting it again in {pause:g} s")

    def _stop_children(self) -> None:
        self._signal_children(signal.SIGTERM)
        deadline = time.monotonic() + self._grace
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
        except BaseException as error:
            _say(logs.trace_without_words(error))
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
        # Written by C code, so that it also works while Python itself is stuck. Places only, no values.
        faulthandler.register(signal.SIGUSR1)
        threading.Thread(target=self._die_with_parent, daemon=True).start()

    def _die_with_parent(self) -> None:
        os.read(self._alive_read, 1)
        os._exit(1)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
