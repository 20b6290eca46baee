"""Roles, and the numbers behind codes, passwords, sign-ins and what slows guessing. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    RECEPTION = "reception"
    VERIFIER = "verifier"
    BIOMETRICS = "biometrics"
    INTERVIEWER = "interviewer"
    ADJUDICATOR = "adjudicator"
    PRINTER = "printer"
    QUALITY = "quality"
    HANDOVER = "handover"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class CodePurpose(StrEnum):
    VERIFY = "verify"
    SIGN_IN = "sign_in"
    RESET = "reset"


class LinkPurpose(StrEnum):
    """What an officer sets by a one-time link."""

    JOIN = "join"  # password and second factor: at the beginning, or when both are lost
    FACTOR = "factor"  # the second factor, by whoever knows the password
    PASSWORD = "password"  # the password, by whoever has the second factor


class ChallengePurpose(StrEnum):
    """What a browser of an officer is asked for."""

    PASSWORD = "password"  # the second factor, after the password
    KEY = "key"  # a passkey, to sign in or to prove oneself again
    REGISTER = "register"  # a new passkey


# These codes are sent only to somebody who knew the password.
AFTER_PASSWORD = frozenset({CodePurpose.SIGN_IN})
# A reset may be asked by anybody for anybody, so its code is out of reach of guessing.
CODE_DIGITS = {
    CodePurpose.VERIFY: 6,
    CodePurpose.SIGN_IN: 6,
    CodePurpose.RESET: 8,
}


class Weakness(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    OWN = "own"
    PATTERN = "pattern"


# The wording of terms and privacy notice that a new account agrees to.
TERMS_VERSION = "2026-11"
ADULT_YEARS = 17
OLDEST = 120  # years; nobody is known to have lived longer, so a birth before that is a slip

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_RESEND_AFTER = timedelta(seconds=60)
# For one address and purpose: so many codes to one network or one known device, and so many to all networks
# together. A stranger elsewhere can use up the second and not the budget of the owner's own device.
CODES_A_DAY = 10
CODES_A_DAY_FOR_STRANGERS = 30
# Two codes' worth of wrong tries a day. Where a password was asked before, all challenges of the address
# count together; where anybody may ask (a new account, a reset), each browser's challenge counts alone.
WRONG_TRIES_A_DAY = 10
PASSWORD_LENGTH = 10
PASSWORD_MOST = 128
DEVICE_LIFE = timedelta(days=365)
SIGN_IN_LIFE = timedelta(hours=12)
SHARED_IDLE = timedelta(minutes=30)
OFFICER_IDLE = timedelta(minutes=30)
DEVICES_IN_A_BROWSER = 5

# The officers' second factor (DOMAIN §11.4).
TOTP_SECONDS = 30
TOTP_SKEW = 1  # steps before and after ours, for telephones whose clock is a little off
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10  # characters of five bits: out of reach of guessing
CHALLENGE_LIFE = timedelta(minutes=10)
LINK_LIFE = timedelta(days=3)
KEY_CHALLENGE_LIFE = timedelta(minutes=5)
PASSKEYS = 10  # of one officer
PASSKEY_NAME = 60  # characters
LONGEST_REASON = 300  # characters
LONGEST_DELEGATION = timedelta(days=31)
# What a supervisor may give for a while: the work of the desk.
DELEGATED = frozenset(Role) - {Role.ADMIN}


@dataclass(frozen=True)
class Allowance:
    """How many tries one subject has in a window; the name keeps its counters apart."""

    name: str
    allowed: int
    per_seconds: int


# Many homes and offices share one address of the internet, so the limits per network are wide; the ones
# that hold a guesser back are per e-mail address and, over all, per minute (abuse cases 3 and 6).
SIGN_UPS_PER_NETWORK = Allowance("sign_up", 40, 600)
# Accounts in bulk come by the numbers of one range or the addresses of one throw-away domain. A number is
# not proved and strangers can use it up in its owner's name, so it holds back only networks that take part.
SIGN_UPS_PER_PHONE = Allowance("sign_up_phone", 5, 86_400)
SIGN_UPS_PER_PHONE_RANGE = Allowance(
    "sign_up_range", 30, 86_400
)  # the numbers that share all but three digits
SIGN_UPS_PER_DOMAIN = Allowance("sign_up_domain", 30, 86_400)
CODES_PER_NETWORK = Allowance("codes", 60, 600)
CODES_EVERYWHERE = Allowance("codes_all", 6000, 600)
SIGN_INS_PER_ADDRESS = Allowance("sign_in_address", 10, 900)
SIGN_INS_PER_DEVICE = Allowance("sign_in_device", 20, 900)


@dataclass(frozen=True)
class Guesses:
    """How much guessing a door bears: from one network, and over all.

    While the second is used up, a network that has guessed no more than `patience` times still comes
    through: a flood from elsewhere slows whoever takes part in it, and nobody else.
    """

    network: Allowance
    everywhere: Allowance
    patience: int = 3


# Each door has counters of its own, so that a flood at the applicants' door never slows an officer.
PASSWORDS = Guesses(Allowance("failed_sign_in_network", 60, 900), Allowance("failed_sign_in", 200, 60))
OFFICER_PASSWORDS = Guesses(
    Allowance("failed_officer_network", 60, 900), Allowance("failed_officer", 100, 60)
)
CODES = Guesses(Allowance("wrong_code_network", 30, 600), Allowance("wrong_code", 200, 600))
OFFICER_CODES = Guesses(
    Allowance("wrong_officer_code_network", 30, 600), Allowance("wrong_officer_code", 100, 600)
)
KEY_CHALLENGES = Allowance("key_challenge", 120, 600)
PASSWORD_CHANGES = Allowance("password_change", 10, 900)


def sign_in_counts(
    *, now: datetime, created_at: datetime, last_seen_at: datetime, revoked: bool, idle: timedelta | None
) -> bool:
    """Whether a sign-in still stands: not revoked, not older than 12 h, not idle too long (DOMAIN §11.3)."""
    if revoked or now - created_at >= SIGN_IN_LIFE:
        return False
    return idle is None or now - last_seen_at < idle


def wait_for_next_code(last_sent_at: datetime | None, now: datetime) -> int:
    """Seconds until another code may be sent to the address; 0 when it may be now."""
    if last_sent_at is None:
        return 0
    return max(0, -int(-(last_sent_at + CODE_RESEND_AFTER - now).total_seconds() // 1))


def age_on(birth_on: date, day: date) -> int:
    """Full years on `day`; who was born on 29 February turns a year older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def is_adult(birth_on: date, day: date, *, was_married: bool) -> bool:
    """Whether the person acts for themselves: seventeen, or married once.

    Who is no adult owns no account and has no ten-year passport: their parents apply.
    """
    return was_married or age_on(birth_on, day) >= ADULT_YEARS


def network_of(address: str) -> str:
    """What counts as one place on the internet: an IPv4 address, or the /64 that a home gets in IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
