"""Whether this process has been told to stop: it still answers, and its readiness says that it soon will not.

A fact of the process, not of the application: its server learns it by a signal, a view reads it. Under
another WSGI server nobody tells, and the process counts as staying.
"""

from __future__ import annotations

_told = False


def begin() -> None:
    """The process stops soon. For a signal handler: it takes no lock."""
    global _told
    _told = True


def is_draining() -> bool:
    return _told
