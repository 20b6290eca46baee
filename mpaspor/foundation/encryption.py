"""Data at rest: authenticated encryption with keys that rotate, and a lookup hash whose key does not.

Sealed bytes are `version | key id | nonce | ciphertext`; the purpose is bound as associated data, so
that a value cut out of one column does not open in another.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mpaspor.config import Secrets

_VERSION = b"\x01"
_ID = 4
_NONCE = 12


class CannotUnseal(Exception):
    """The bytes were changed, belong to another purpose, or their key is no longer held."""


class Keyring:
    """The keys of one installation, newest first."""

    def __init__(self, keys: Secrets) -> None:
        self._keys = {hashlib.sha256(key).digest()[:_ID]: AESGCM(key) for key in keys.data_keys}
        self._newest = hashlib.sha256(keys.data_keys[0]).digest()[:_ID]
        self._lookup_key = keys.lookup_key

    def seal(self, data: bytes, purpose: str) -> bytes:
        """Encrypt with the newest key."""
        nonce = secrets.token_bytes(_NONCE)
        return (
            _VERSION + self._newest + nonce + self._keys[self._newest].encrypt(nonce, data, purpose.encode())
        )

    def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt with whichever held key sealed it. Raises `CannotUnseal`."""
        key = self._keys.get(sealed[1 : 1 + _ID])
        if sealed[:1] != _VERSION or key is None:
            raise CannotUnseal(purpose)
        nonce, body = sealed[1 + _ID : 1 + _ID + _NONCE], sealed[1 + _ID + _NONCE :]
        try:
            return key.decrypt(nonce, body, purpose.encode())
        except InvalidTag as exc:
            raise CannotUnseal(purpose) from exc

    def lookup_hash(self, text: str, purpose: str) -> bytes:
        """A keyed hash to find or compare a secret value by, without storing it (32 bytes)."""
        return hmac.new(self._lookup_key, f"{purpose}|{text}".encode(), hashlib.sha256).digest()


def keyring() -> Keyring:
    """The keyring of the running application."""
    from flask import current_app

    found: Keyring = current_app.extensions["keyring"]
    return found


def seal(data: bytes, purpose: str) -> bytes:
    return keyring().seal(data, purpose)


def unseal(sealed: bytes, purpose: str) -> bytes:
    return keyring().unseal(sealed, purpose)


def lookup_hash(text: str, purpose: str) -> bytes:
    return keyring().lookup_hash(text, purpose)
