"""Counting tries against the allowances of this room's rules."""

from __future__ import annotations

from datetime import datetime

from mpaspor.foundation import limits
from mpaspor.foundation.refusals import TooFast
from mpaspor.people.rules import Allowance, network_of


def require(allowance: Allowance, subject: str, *, now: datetime) -> None:
    """Count one try. Raises `TooFast` once the allowance is used up."""
    limits.require(
        allowance.name, subject, allowed=allowance.allowed, per_seconds=allowance.per_seconds, now=now
    )


def require_network(allowance: Allowance, address: str | None, *, now: datetime) -> None:
    """Count one try of a place on the internet; the command line has none."""
    if address is not None:
        require(allowance, network_of(address), now=now)


def require_taking_part(allowance: Allowance, subject: str, address: str | None, *, now: datetime) -> None:
    """Count one try for what strangers can use up in its owner's name.

    Once the allowance is used up, a network that had no part in that still has one try. Raises `TooFast`.
    """
    network = network_of(address) if address is not None else ""
    here = Allowance(f"{allowance.name}_here", 1, allowance.per_seconds)
    try:
        require(allowance, subject, now=now)
    except TooFast:
        require(here, f"{subject}|{network}", now=now)
    else:
        count(here, f"{subject}|{network}", now=now)


def count(allowance: Allowance, subject: str, *, now: datetime) -> None:
    """Count one failure."""
    limits.hit(allowance.name, subject, allowed=allowance.allowed, per_seconds=allowance.per_seconds, now=now)


def wait(allowance: Allowance, subject: str, *, now: datetime) -> int:
    """Seconds until the allowance is fresh again if it is used up, else 0."""
    return limits.spent(
        allowance.name, subject, allowed=allowance.allowed, per_seconds=allowance.per_seconds, now=now
    )
