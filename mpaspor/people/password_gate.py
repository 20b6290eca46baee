"""The password at the door: guessing is slowed here and everywhere, the owner's own device is not."""

from __future__ import annotations

from datetime import datetime

import structlog

from mpaspor.foundation.refusals import TooFast
from mpaspor.people import throttle
from mpaspor.people.passwords import is_right
from mpaspor.people.refusals import SignInSlowed, WrongCredentials
from mpaspor.people.rules import (
    FAILED_SIGN_INS_EVERYWHERE,
    FAILED_SIGN_INS_PER_NETWORK,
    SIGN_INS_PER_ADDRESS,
    SIGN_INS_PER_DEVICE,
    network_of,
)

log = structlog.get_logger()
_EVERYWHERE = "all"


def check_password(
    password_hash: str | None,
    password: str,
    *,
    subject: str,
    known_device: str | None,
    address: str | None,
    now: datetime,
) -> None:
    """Let the right password pass. Raises `WrongCredentials`, or `SignInSlowed` with a time to wait.

    `subject` is whose password it is, existing or not (the same work is done); `known_device` names the
    device on which this account has proved its address: it has an allowance of its own, so that nobody
    who guesses elsewhere can keep the owner out.
    """
    try:
        if known_device is not None:
            throttle.require(SIGN_INS_PER_DEVICE, known_device, now=now)
        else:
            _check_strangers(address, now)
            throttle.require(SIGN_INS_PER_ADDRESS, subject, now=now)
    except TooFast as slowed:
        log.warning("sign_in_slowed")
        raise SignInSlowed(retry_after=slowed.retry_after) from slowed
    if is_right(password_hash, password):
        return
    if known_device is None:
        throttle.count(FAILED_SIGN_INS_EVERYWHERE, _EVERYWHERE, now=now)
        if address is not None:
            throttle.count(FAILED_SIGN_INS_PER_NETWORK, network_of(address), now=now)
    log.info("sign_in_refused")
    raise WrongCredentials()


def _check_strangers(address: str | None, now: datetime) -> None:
    """Raises `TooFast` while too many sign-ins fail, from this place or over all (abuse case 6)."""
    wait = throttle.wait(FAILED_SIGN_INS_EVERYWHERE, _EVERYWHERE, now=now)
    if address is not None:
        wait = max(wait, throttle.wait(FAILED_SIGN_INS_PER_NETWORK, network_of(address), now=now))
    if wait:
        raise TooFast(retry_after=wait)
