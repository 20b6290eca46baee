"""Codes of an authenticator app (RFC 6238): six digits that change every 30 seconds.

The secret is kept sealed, bound to its officer: cut out and put into another row, it does not open.
"""

from __future__ import annotations

import base64
import uuid
from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

from mpaspor.foundation import encryption
from mpaspor.people.rules import TOTP_SECONDS, TOTP_SKEW

_BYTES = 20  # what RFC 4226 asks for
_ISSUER = "M-Paspor Petugas"


def secret_of(seed: bytes) -> str:
    """The secret that these random bytes stand for, as authenticator apps take it (base32)."""
    return base64.b32encode(seed[:_BYTES]).decode()


def seal(secret: str, staff_id: uuid.UUID) -> bytes:
    return encryption.seal(secret.encode(), _purpose(staff_id))


def unseal(sealed: bytes, staff_id: uuid.UUID) -> str:
    """Raises `CannotUnseal` for the secret of another officer."""
    return encryption.unseal(bytes(sealed), _purpose(staff_id)).decode()


def address(secret: str, email: str) -> str:
    """What the QR code says: the secret with whose it is and of what."""
    return str(pyotp.TOTP(secret, interval=TOTP_SECONDS).provisioning_uri(name=email, issuer_name=_ISSUER))


def step_at(now: datetime) -> int:
    """The number of the 30 seconds in which `now` lies."""
    return int(now.timestamp()) // TOTP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The six digits of one step."""
    return str(pyotp.TOTP(secret, interval=TOTP_SECONDS).generate_otp(step))


def matching_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """The step whose code this is, near `now`; one later than `after` if there is a choice."""
    here = step_at(now)
    near = [step for step in range(here - TOTP_SKEW, here + TOTP_SKEW + 1)]
    fitting = [step for step in near if strings_equal(code_at(secret, step), code)]
    return next((step for step in fitting if step > after), fitting[0] if fitting else None)


def _purpose(staff_id: uuid.UUID) -> str:
    return f"staff_totp.secret|{staff_id}"
