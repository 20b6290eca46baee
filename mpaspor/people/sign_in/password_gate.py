"""The password at the door: guessing is slowed here and everywhere, the owner's own device is not."""

from __future__ import annotations

from datetime import datetime

import structlog

from mpaspor.foundation.refusals import TooFast
from mpaspor.people.passwords import is_right
from mpaspor.people.refusals import SignInSlowed, WrongCredentials
from mpaspor.people.rules import PASSWORDS, SIGN_INS_PER_ADDRESS, SIGN_INS_PER_DEVICE, Guesses
from mpaspor.people.sign_in import guessing, throttle

log = structlog.get_logger()


def check_password(
    password_hash: str | None,
    password: str,
    *,
    subject: str,
    known_device: str | None,
    address: str | None,
    now: datetime,
    door: Guesses = PASSWORDS,
) -> None:
    """Let the right password pass. Raises `WrongCredentials`, or `SignInSlowed` with a time to wait.

    `subject` is whose password it is, existing or not (the same work is done); `known_device` names the
    device on which this person has proved their address: it has an allowance of its own, so that nobody
    who guesses elsewhere can keep the owner out. `door` is where guesses are counted.
    """
    try:
        if known_device is not None:
            throttle.require(SIGN_INS_PER_DEVICE, known_device, now=now)
        else:
            if wait := guessing.wait(door, address, now=now):
                raise TooFast(retry_after=wait)
            throttle.require(SIGN_INS_PER_ADDRESS, subject, now=now)
    except TooFast as slowed:
        log.warning("sign_in_slowed")
        raise SignInSlowed(retry_after=slowed.retry_after) from slowed
    if is_right(password_hash, password):
        return
    if known_device is None:
        guessing.count(door, address, now=now)
    log.info("sign_in_refused")
    raise WrongCredentials()
