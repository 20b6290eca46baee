"""Every Python of the run with the clock moved ahead starts with this.

libfaketime 0.9.10 takes its shift off the monotonic clock too when a program sleeps until a moment of that
clock, as `time.sleep` does, and the sleep fails. `select` is told how long instead.
"""

from __future__ import annotations

import select
import time


def sleep(seconds: float) -> None:
    """As `time.sleep`."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
