"""Wrong passwords and wrong codes, counted for each door: from one network, and over all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mpaspor.people.rules import Guesses, network_of
from mpaspor.people.sign_in import throttle

_ALL = "all"


def wait(guesses: Guesses, address: str | None, *, now: datetime) -> int:
    """Seconds until this network may guess at this door again; 0 when it may now.

    While the whole door is flooded, a network that took little or no part in it still comes through.
    """
    network = network_of(address) if address is not None else _ALL
    own = throttle.wait(guesses.network, network, now=now)
    flood = throttle.wait(guesses.everywhere, _ALL, now=now)
    takes_part = replace(guesses.network, allowed=guesses.patience)
    return own or (flood if throttle.wait(takes_part, network, now=now) else 0)


def count(guesses: Guesses, address: str | None, *, now: datetime) -> None:
    """Count one wrong guess."""
    throttle.count(guesses.everywhere, _ALL, now=now)
    throttle.count(guesses.network, network_of(address) if address is not None else _ALL, now=now)
