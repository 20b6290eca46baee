"""Waitress's worker threads, and when they last gave a sign of life."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from waitress.task import ThreadedTaskDispatcher


class ThreadPool(ThreadedTaskDispatcher):
    """Stands still when every thread is busy and none finishes anything."""

    def __init__(self, threads: int, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._last_sign = clock()
        self.set_thread_count(threads)

    def finished(self) -> None:
        """A thread has finished an answer."""
        self._last_sign = self._clock()

    def last_sign_of_life(self) -> float:
        """Now while a thread is free; else when one last finished. To be asked every second or so."""
        if self.active_count < len(self.threads):
            self._last_sign = self._clock()
        return self._last_sign

    def add_first(self, task: Any) -> None:
        """As `add_task`, before everybody who waits."""
        with self.lock:
            self.queue.appendleft(task)
            self.queue_cv.notify()

    def take_waiting(self, which: Callable[[Any], bool] = lambda task: True) -> list[Any]:
        """Those of the waiting whom `which` names, everybody else unsaid, taken out of the queue."""
        with self.lock:
            waiting = list(self.queue)
            taken = [task for task in waiting if which(task)]
            if taken:
                gone = set(map(id, taken))
                self.queue.clear()
                self.queue.extend(task for task in waiting if id(task) not in gone)
        return taken
