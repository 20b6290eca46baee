"""An operation of ours done in a child process that may use only so much of a processor.

So a test of "this text keeps us busy" asks no clock: the kernel ends the child that is kept busy.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
import traceback
from collections.abc import Callable
from typing import TypeVar

from mpaspor.foundation.database import db

Result = TypeVar("Result")


def within_cpu(seconds: int, act: Callable[[], Result]) -> Result:
    """What `act` returns (it is pickled). Raises `AssertionError` if it failed or was kept busy.

    The child opens database connections of its own: those of its parent are not touched.
    """
    db.session.remove()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os._exit(_act(seconds, act, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _pid, status = os.waitpid(child, 0)
    assert not os.WIFSIGNALED(status), f"kept busy for {seconds} seconds (signal {os.WTERMSIG(status)})"
    assert os.WEXITSTATUS(status) == 0, "failed in the child; its traceback stands on standard error"
    result: Result = pickle.loads(told)  # noqa: S301  (written by our own child)
    return result


def _act(seconds: int, act: Callable[[], Result], writing: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        db.engine.dispose(close=False)
        result = act()
        db.session.remove()
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(result, pipe)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        return 1
    return 0
