"""How many accounts may be asked for: from one network, with one number, at one giver of mailboxes.

Counted before anything is looked up, so that the answer is the same whoever has an account already.
"""

from __future__ import annotations

from datetime import datetime

from mpaspor.foundation.refusals import TooFast
from mpaspor.people.mail_domains import giver_of
from mpaspor.people.refusals import DomainUsedOften, PhoneUsedOften, SignUpsSlowed
from mpaspor.people.rules import (
    SIGN_UPS_PER_DOMAIN,
    SIGN_UPS_PER_NETWORK,
    SIGN_UPS_PER_PHONE,
    SIGN_UPS_PER_PHONE_RANGE,
)
from mpaspor.people.sign_in import throttle
from mpaspor.people.sign_in.browsers import Browser

_RANGE_DIGITS = 3


def require(email: str, phone: str, *, browser: Browser, now: datetime) -> None:
    """Count one account. Raises `SignUpsSlowed`, `PhoneUsedOften`, `DomainUsedOften` with a time to wait."""
    try:
        throttle.require_network(SIGN_UPS_PER_NETWORK, browser.address, now=now)
    except TooFast as slowed:
        raise SignUpsSlowed(retry_after=slowed.retry_after) from slowed
    try:
        throttle.require_taking_part(SIGN_UPS_PER_PHONE, phone, browser.address, now=now)
        throttle.require_taking_part(
            SIGN_UPS_PER_PHONE_RANGE, phone[:-_RANGE_DIGITS], browser.address, now=now
        )
    except TooFast as slowed:
        raise PhoneUsedOften(retry_after=slowed.retry_after) from slowed
    require_domain(email, now=now)


def require_domain(email: str, *, now: datetime) -> None:
    """Count one account's address. Raises `DomainUsedOften`."""
    giver = giver_of(email)
    if giver is None:
        return
    try:
        throttle.require(SIGN_UPS_PER_DOMAIN, giver, now=now)
    except TooFast as slowed:
        raise DomainUsedOften(retry_after=slowed.retry_after, domain=giver) from slowed
