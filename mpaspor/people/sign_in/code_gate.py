"""The code at the door: wrong ones are counted for the network and over all, outside the trying operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from mpaspor.people.refusals import CodeDead, CodesSlowed, FactorLocked, WrongCode
from mpaspor.people.rules import CODES, CODES_EVERYWHERE, CODES_PER_NETWORK, Guesses
from mpaspor.people.sign_in import guessing, throttle
from mpaspor.people.sign_in.browsers import Browser

T = TypeVar("T")


def answer(act: Callable[[], T], *, browser: Browser, now: datetime, door: Guesses = CODES) -> T:
    """Run the operation that tries a code, unless too many wrong ones came to this door.

    Raises `CodesSlowed` with a time to wait, and what the operation refuses with.
    """
    if wait := guessing.wait(door, browser.address, now=now):
        raise CodesSlowed(retry_after=wait)
    try:
        return act()
    except (WrongCode, CodeDead, FactorLocked) as wrong:
        if "left" in wrong.facts:  # it was compared and was wrong; a code that was dead already was not
            guessing.count(door, browser.address, now=now)
        raise


def may_ask(browser: Browser, *, now: datetime) -> None:
    """Count one request for a code. Raises `TooFast` when this network, or all together, ask too often."""
    throttle.require_network(CODES_PER_NETWORK, browser.address, now=now)
    throttle.require(CODES_EVERYWHERE, "all", now=now)
