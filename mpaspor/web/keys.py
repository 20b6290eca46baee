"""One-time keys in forms: a fresh one per rendering, read back with what was typed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

from flask import request
from flask_login import current_user

from mpaspor.foundation import clock
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.one_time_keys import OneTimeKey, body_hash

FIELD = "kunci"
# A code or passkey that was asked for on the way is not of what the form says.
PROOF, PASSKEY = "bukti", "kunci_sandi"
_PROOFS = frozenset({PROOF, PASSKEY})


def fresh_key() -> str:
    """A key for one rendering of one form."""
    return secrets.token_urlsafe(12)


def one_time_key() -> OneTimeKey | None:
    """The key of the submitted form, bound to its owner, address and content; None without one."""
    key = request.form.get(FIELD, "")[:64]
    if not key:
        return None
    owner = current_user.owner if current_user.is_authenticated else None
    # Keyed: a plain digest of a form would let a thief of the database try passwords and NIKs against it.
    digest = lookup_hash(body_hash(_submitted()).hex(), "form.body")
    return OneTimeKey(owner, request.path, key, digest, clock.now())


def _submitted() -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in request.form.items(multi=True) if name not in _PROOFS)
    for name, upload in request.files.items(multi=True):
        yield name, hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        upload.stream.seek(0)
