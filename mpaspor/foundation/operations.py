"""An operation is one use case: outermost, one transaction, retried as a whole.

What operations share are helpers marked `in_operation`: they run inside one and never commit. Nothing outside
the database is called in between; what must leave goes to the outbox, what must happen after commit to
`afterwards`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import update_wrapper, wraps
from typing import Any, Generic, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from mpaspor.foundation import clock, one_time_keys
from mpaspor.foundation.database import WRITES, db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.refusals import Refusal

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class _Running:
    """The operation that runs: since when, what follows its commit, and its one-time key while that has no
    answer yet."""

    began_at: datetime
    later: list[Callable[[], None]] = field(default_factory=list)
    unanswered: one_time_keys.OneTimeKey | None = None


_running: ContextVar[_Running | None] = ContextVar("running_operation", default=None)
_RETRIED = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_BUSY = frozenset({"55P03", "57014"})  # lock not available, statement cancelled
_TRIES = 5


class Busy(Refusal):
    """The database could not answer in time; nothing happened, the key is unused, try again."""

    status = 503


class Operation(Generic[P, R]):
    """A use case as it is called: plainly, or `once(key, …)` for what a form submits."""

    def __init__(self, function: Callable[P, R], *, goes_on: bool = False) -> None:
        update_wrapper(self, function)
        self._function = function
        self._name = function.__name__
        self._goes_on = goes_on

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it. Raises `Busy` when a lock or statement timed out, and what the use case refuses with."""
        return self._outermost(None, *args, **kwargs)

    def once(self, key: OneTimeKey | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it under the key of a submitted form: a repeat gets the first result, which is plain JSON.

        None, for a form without a key, is a plain call. Raises `KeyReused` when the key came before with
        something else, else as a plain call.
        """
        return self._outermost(key, *args, **kwargs)

    def _outermost(self, key: OneTimeKey | None, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if _running.get() is not None:
            raise RuntimeError(f"{self._name} is an operation and was called inside another operation")
        began_at = clock.now()
        for attempt in range(_TRIES):
            try:
                return self._in_one_transaction(key, began_at, *args, **kwargs)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state in _BUSY:
                    raise Busy() from error
                if state not in _RETRIED or attempt == _TRIES - 1:
                    raise
                time.sleep(random.uniform(0.01, 0.04) * 2**attempt)
        raise AssertionError("unreachable")

    def _in_one_transaction(
        self, key: OneTimeKey | None, began_at: datetime, /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        # Reads of the guard end here: the operation sees what is true now, on a transaction of its own.
        if self._goes_on and WRITES in db.session().info:
            db.session.expunge_all()  # its guard began this transaction
        else:
            begin_early()
        running = _Running(began_at, unanswered=key)
        token = _running.set(running)
        try:
            repeated = one_time_keys.claim(key) if key is not None else None
            if repeated is not None:
                db.session.rollback()
                first: R = repeated.answer
                return first
            result = self._function(*args, **kwargs)
            if running.unanswered is not None:
                one_time_keys.answer(running.unanswered, result)
            db.session.commit()
        except Refusal as refusal:
            _end_refused(refusal, key)
            raise
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _running.reset(token)
            db.session.remove()
        for act in running.later:
            act()
        return result


def operation(function: Callable[P, R]) -> Operation[P, R]:
    """Make `function` an operation."""
    return Operation(function)


def continued_operation(function: Callable[P, R]) -> Operation[P, R]:
    """Make `function` an operation that goes on in the transaction of its guard, if that began one early."""
    return Operation(function, goes_on=True)


def begin_early() -> None:
    """Begin the transaction of the `continued_operation` that follows and let its guard read in it: one
    connection is taken and asked whether it lives, instead of two. Nothing is kept of objects that are read.
    """
    db.session.remove()
    db.session().info[WRITES] = True


def _end_refused(refusal: Refusal, key: OneTimeKey | None) -> None:
    """A refusal undoes everything, unless it counts: then only the key is given back."""
    if not refusal.is_counted:
        db.session.rollback()
        return
    if key is not None:
        one_time_keys.release(key)
    db.session.commit()


def in_operation(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a piece that operations share: it runs inside an operation's transaction or not at all."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        if _running.get() is None:
            raise RuntimeError(f"{function.__name__} needs an operation around it")
        return function(*args, **kwargs)

    return inside


def is_in_operation() -> bool:
    """Whether an operation runs."""
    return _running.get() is not None


def began_at() -> datetime:
    """When the running operation began, by the clock: what has run out by then counts no more in it."""
    running = _running.get()
    if running is None:
        raise RuntimeError("began_at() needs an operation around it")
    return running.began_at


def moment(now: datetime) -> datetime:
    """`now` and what the running operation has waited since: the moment under the locks that it holds.

    Two operations on one row thus write their moments in the order in which they had it.
    """
    running = _running.get()
    return now if running is None else max(now, now + (clock.now() - running.began_at))


def afterwards(act: Callable[[], None]) -> None:
    """Run `act` once the operation has committed (for clean-up that may be lost, never for messages)."""
    running = _running.get()
    if running is None:
        raise RuntimeError("afterwards() needs an operation around it")
    running.later.append(act)


@in_operation
def answer_early(value: Any) -> None:
    """Write down now what this operation will return, for its one-time key if it has one.

    For one whose last statement takes a hot row: else the row stayed locked while the key is answered.
    A refusal that follows takes the answer back with everything else.
    """
    running = _running.get()
    if running is not None and running.unanswered is not None:
        one_time_keys.answer(running.unanswered, value)
        running.unanswered = None
