"""How SNAP messages are signed and checked: one module for both roles, the bank's and ours.

Pure: bytes and text in, bytes and text out. The rules are those of Bank Indonesia's SNAP (ASPI developer
portal, "Security"): a token request carries RSA-SHA256 over `client id|timestamp`; every other request
carries HMAC-SHA512 over `METHOD:path:token:hash of the minified body:timestamp`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

MAX_SKEW = timedelta(minutes=5)
WEAKEST_RSA_BITS = 2048

_WHITESPACE = frozenset(b" \t\r\n")
_QUOTE = ord('"')
_BACKSLASH = ord("\\")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)", re.ASCII)


class BrokenJson(ValueError):
    """The body ends inside a string or an escape, so it has no minified form."""


class BadTimestamp(ValueError):
    """X-TIMESTAMP is not an ISO-8601 moment with seconds and an offset."""


class BadKey(ValueError):
    """Not an RSA key in PEM, or one that is too short."""


class Match(StrEnum):
    """How a signature fits. Only the first two are accepted; `hex` is named so that it can be logged."""

    MINIFIED = "minified"
    RAW_BODY = "raw_body"
    HEX = "hex"
    NONE = "none"

    @property
    def accepted(self) -> bool:
        return self in (Match.MINIFIED, Match.RAW_BODY)


def minify(body: bytes) -> bytes:
    """Drop whitespace outside strings and nothing else: key order, number form and escapes stay.

    Never by parsing and dumping again: 1.50 would become 1.5 and the hash another. Raises `BrokenJson`.
    """
    kept = bytearray()
    in_string = escaped = False
    for byte in body:
        if in_string:
            kept.append(byte)
            if escaped:
                escaped = False
            elif byte == _BACKSLASH:
                escaped = True
            elif byte == _QUOTE:
                in_string = False
        elif byte not in _WHITESPACE:
            kept.append(byte)
            in_string = byte == _QUOTE
    if in_string:
        raise BrokenJson("the body ends inside a string")
    return bytes(kept)


def body_digest(body: bytes) -> str:
    """Lower-case hex SHA-256 of a body as it stands (minify first where the rule says so)."""
    return hashlib.sha256(body).hexdigest()


def service_text(method: str, path: str, token: str, body: bytes, timestamp: str) -> str:
    """The text a service request signs. `body` is hashed as given; `path` is relative, as sent."""
    return f"{method.upper()}:{path}:{token}:{body_digest(body)}:{timestamp}"


def token_text(client_id: str, timestamp: str) -> str:
    """The text a token request signs."""
    return f"{client_id}|{timestamp}"


def sign_hmac(secret: str, text: str) -> str:
    """Base64 of HMAC-SHA512 over `text`."""
    return base64.b64encode(_hmac(secret, text)).decode()


def sign_service(secret: str, method: str, path: str, token: str, body: bytes, timestamp: str) -> str:
    """X-SIGNATURE of a service request, over the minified body. Raises `BrokenJson`."""
    return sign_hmac(secret, service_text(method, path, token, minify(body), timestamp))


def match_service(
    secret: str, signature: str, *, method: str, path: str, token: str, body: bytes, timestamp: str
) -> Match:
    """How `signature` fits the request; every comparison takes constant time.

    Some banks hash the body as sent instead of minified: tolerated, and told apart so that it can be
    logged. Some send hex instead of Base64: told apart too, but refused.
    """
    candidates = [(Match.RAW_BODY, body)]
    with suppress(BrokenJson):
        candidates.insert(0, (Match.MINIFIED, minify(body)))
    for kind, hashed in candidates:
        expected = _hmac(secret, service_text(method, path, token, hashed, timestamp))
        if hmac.compare_digest(_from_base64(signature), expected):
            return kind
        if hmac.compare_digest(_from_hex(signature), expected):
            return Match.HEX
    return Match.NONE


def sign_rsa(key: RSAPrivateKey, text: str) -> str:
    """Base64 of RSASSA-PKCS1-v1_5 with SHA-256 over `text`."""
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def rsa_matches(key: RSAPublicKey, text: str, signature: str) -> bool:
    """Whether `signature` is the key owner's over `text`."""
    try:
        key.verify(_from_base64(signature), text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def public_key(pem: bytes) -> RSAPublicKey:
    """An RSA public key of at least 2048 bits. Raises `BadKey`."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as exc:
        raise BadKey("not a public key in PEM") from exc
    if not isinstance(key, RSAPublicKey) or key.key_size < WEAKEST_RSA_BITS:
        raise BadKey(f"the key must be RSA of at least {WEAKEST_RSA_BITS} bits")
    return key


def private_key(pem: bytes) -> RSAPrivateKey:
    """An RSA private key without a passphrase. Raises `BadKey`."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as exc:
        raise BadKey("not a private key in PEM without passphrase") from exc
    if not isinstance(key, RSAPrivateKey):
        raise BadKey("the key must be RSA")
    return key


def read_timestamp(text: str) -> datetime:
    """X-TIMESTAMP with or without milliseconds, as an aware moment in UTC. Raises `BadTimestamp`."""
    if not _TIMESTAMP.fullmatch(text):
        raise BadTimestamp(text)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise BadTimestamp(text) from exc


def is_fresh(moment: datetime, now: datetime) -> bool:
    """Whether a request's moment is at most five minutes from ours, either way."""
    return abs(now - moment) <= MAX_SKEW


def _hmac(secret: str, text: str) -> bytes:
    return hmac.digest(secret.encode(), text.encode(), hashlib.sha512)


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _from_hex(text: str) -> bytes:
    try:
        return binascii.unhexlify(text)
    except (binascii.Error, ValueError):
        return b""
