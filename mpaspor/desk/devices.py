"""The counter's devices as we see them: what they take stays in a system of their own, under a number.

Each office has its own make; whoever connects one writes one class that keeps this promise. Where none is
connected, the officer says that it was taken. The simulator in `mpaspor.simulators.devices` keeps the promise
too.
"""

from __future__ import annotations

from typing import Protocol

from flask import current_app


class DeviceDidNotAnswer(Exception):
    """The device is off, or busy, or away: nothing was taken."""


class Devices(Protocol):
    """What we ask of them. Every method may raise `DeviceDidNotAnswer`."""

    def fingerprints(self, application_code: str) -> str:
        """Take the prints; the number under which they are kept."""
        ...

    def signature(self, application_code: str) -> str:
        """Take the signature; the number under which it is kept."""
        ...


def connected() -> Devices | None:
    """The devices of this installation, if any are connected."""
    found: Devices | None = current_app.extensions.get("devices")
    return found
