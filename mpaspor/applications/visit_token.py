"""The text inside the visit letter's QR code: checked at the door with a public key, without a network.

`MP2` and then, in an alphabet of our own, an Ed25519 signature followed by what it alphabet: the application
code (40 bits), the start of the hour in minutes since 1970 (32 bits) and the office's code. Capitals and
digits only, since a scanner types like a keyboard: CapsLock, Shift and a German layout change everything
else. They also make smaller QR codes. Letters that were printed earlier carry `MP1.…`, in base64.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mpaspor.applications.rules import CODE_LENGTH
from mpaspor.foundation.columns import ALPHABET

# Bound into the signature, so that the same key can never be made to sign another kind of thing for us.
_PURPOSE = b"mpaspor visit 2\x00"
_EARLIER_PURPOSE = b"mpaspor visit\x00"
# 32 characters: no Y and Z, which change places between layouts, no I and O, which look like digits.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWX"
_TOKEN = re.compile(r"MP2([0-9A-HJ-NP-X]{116,200})")
_EARLIER = re.compile(r"(MP1\.([0-9A-HJKMNP-TV-Z]{8})\.([a-z0-9-]{1,40})\.([0-9]{12}))\.([A-Za-z0-9_-]{86})")
_OFFICE = re.compile(r"[a-z0-9-]{1,40}")
_SIGNATURE, _CODE = 64, 5  # bytes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadVisitToken(Exception):
    """Not our token, or not as it was signed."""


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
    code = visit.application_code
    if len(code) != CODE_LENGTH or set(code) - set(ALPHABET) or not _OFFICE.fullmatch(visit.office_code):
        raise ValueError("these codes cannot be part of a visit token")
    number = _number_of(code, ALPHABET)
    minutes = int((visit.starts_at - _EPOCH).total_seconds() // 60)
    body = number.to_bytes(_CODE, "big") + minutes.to_bytes(4, "big") + visit.office_code.encode()
    signature = Ed25519PrivateKey.from_private_bytes(signing_key).sign(_PURPOSE + body)
    return "MP2" + _written(signature + body)


def verify(token: str, verifying_key: bytes) -> Visit:
    """What `token` says. Raises `BadVisitToken` unless it was signed with the matching key."""
    if shape := _TOKEN.fullmatch(token):
        return _verify(shape[1], verifying_key)
    if shape := _EARLIER.fullmatch(token):
        return _verify_earlier(shape, verifying_key)
    raise BadVisitToken


def _verify(text: str, verifying_key: bytes) -> Visit:
    data = _number_of(text, _ALPHABET) >> (len(text) * 5 % 8)
    content = data.to_bytes(len(text) * 5 // 8, "big")
    signature, body = content[:_SIGNATURE], content[_SIGNATURE:]
    if _written(content) != text:  # unused bits at the end are zero: one visit, one text
        raise BadVisitToken
    _check(signature, _PURPOSE + body, verifying_key)
    number = int.from_bytes(body[:_CODE], "big")
    code = "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(8)))
    starts_at = _EPOCH + timedelta(minutes=int.from_bytes(body[_CODE : _CODE + 4], "big"))
    return Visit(code, body[_CODE + 4 :].decode(), starts_at)


def _verify_earlier(shape: re.Match[str], verifying_key: bytes) -> Visit:
    text, code, office, time, signature = shape.groups()
    try:
        _check(base64.urlsafe_b64decode(signature + "=="), _EARLIER_PURPOSE + text.encode(), verifying_key)
        return Visit(code, office, datetime.strptime(time, "%Y%m%d%H%M").replace(tzinfo=UTC))
    except (binascii.Error, ValueError) as exc:
        raise BadVisitToken from exc


def _check(signature: bytes, signed: bytes, verifying_key: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(verifying_key).verify(signature, signed)
    except InvalidSignature as exc:
        raise BadVisitToken from exc


def _written(content: bytes) -> str:
    """Bytes in our 32 characters, five bits each, the last filled up with zeros."""
    length = -(-len(content) * 8 // 5)
    number = int.from_bytes(content, "big") << (length * 5 - len(content) * 8)
    return "".join(_ALPHABET[number >> (5 * place) & 31] for place in reversed(range(length)))


def _number_of(text: str, alphabet: str) -> int:
    number = 0
    for character in text:
        number = number << 5 | alphabet.index(character)
    return number
