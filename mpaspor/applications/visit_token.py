"""The text inside the visit letter's QR code: checked at the door with a public key, without a network.

`MP1.<application code>.<office code>.<yyyymmddHHMM>.<signature>`: the time is the start of the hour in
UTC, the signature Ed25519 over everything before it, in base64url without padding.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# Bound into the signature, so that the same key can never be made to sign another kind of thing for us.
_PURPOSE = b"mpaspor visit\x00"
_SHAPE = re.compile(r"(MP1\.([0-9A-HJKMNP-TV-Z]{8})\.([a-z0-9-]{1,40})\.([0-9]{12}))\.([A-Za-z0-9_-]{86})")


class BadVisitToken(Exception):
    """Not our token, or changed after it was signed."""


@dataclass(frozen=True)
class Visit:
    """Who is expected where and when."""

    application_code: str
    office_code: str
    starts_at: datetime


def public_key(signing_key: bytes) -> bytes:
    """The 32 bytes that a desk needs to check tokens; `signing_key` is the private seed of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).public_key().public_bytes_raw()


def sign(visit: Visit, signing_key: bytes) -> str:
    """The token of `visit`. Raises ValueError if the visit's codes have another form."""
    text = f"MP1.{visit.application_code}.{visit.office_code}.{visit.starts_at.astimezone(UTC):%Y%m%d%H%M}"
    signature = Ed25519PrivateKey.from_private_bytes(signing_key).sign(_PURPOSE + text.encode())
    token = f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    if not _SHAPE.fullmatch(token):
        raise ValueError("these codes cannot be part of a visit token")
    return token


def verify(token: str, verifying_key: bytes) -> Visit:
    """What `token` says. Raises `BadVisitToken` unless it was signed with the matching key."""
    shape = _SHAPE.fullmatch(token.strip())
    if shape is None:
        raise BadVisitToken
    text, code, office, time, signature = shape.groups()
    try:
        key = Ed25519PublicKey.from_public_bytes(verifying_key)
        key.verify(base64.urlsafe_b64decode(signature + "=="), _PURPOSE + text.encode())
        starts_at = datetime.strptime(time, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except (InvalidSignature, binascii.Error, ValueError) as exc:
        raise BadVisitToken from exc
    return Visit(code, office, starts_at)
