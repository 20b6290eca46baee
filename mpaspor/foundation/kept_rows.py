"""Reference rows (offices, programmes, fees, days off) are read once a second, not once a request.

They change a few times a year. Outside an operation a page may show what was true a second ago; an operation
reads them itself, since it decides by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase

from mpaspor.foundation.database import db
from mpaspor.foundation.kept import kept
from mpaspor.foundation.operations import is_in_operation

P = ParamSpec("P")
R = TypeVar("R")


def kept_rows(read: Callable[P, R]) -> Callable[P, R]:
    """Keep what a named read returns, under its arguments, as rows that belong to no session."""

    @wraps(read)
    def kept_or_read(*args: P.args, **kwargs: P.kwargs) -> R:
        if is_in_operation() or not kept().keeps:
            return read(*args, **kwargs)

        def make() -> R:
            found = read(*args, **kwargs)
            for row in _rows_in(found):
                if inspect(row).session is not None:
                    db.session.expunge(row)
            return found

        return kept().get(("rows", read.__module__, read.__name__, args, tuple(kwargs.items())), make)

    return kept_or_read


def _rows_in(found: object) -> Iterable[DeclarativeBase]:
    if isinstance(found, DeclarativeBase):
        yield found
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from _rows_in(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from _rows_in(value)
