"""Whose a page was: the token of its form carries a mark of the account or officer that it was made for.

By it a form that was left open while somebody signed out and in again is told from another person's.
"""

from __future__ import annotations

import hmac
import secrets
import uuid

from flask import current_app, request, session
from itsdangerous import BadData, URLSafeTimedSerializer

from mpaspor.foundation.encryption import lookup_hash

_FIELD = "csrf_token"
_HEADER = "X-CSRFToken"
_SALT = "wtf-csrf-token"  # Flask-WTF's own
_PURPOSE = "form_token"


def mark(owner_id: uuid.UUID) -> None:
    """See to it that the forms of this session carry the owner's mark."""
    if _FIELD not in session:
        session[_FIELD] = f"{secrets.token_hex(20)}.{_mark_of(owner_id)}"


def was_made_for(owner_id: uuid.UUID) -> bool | None:
    """Whether the form at hand was made for this account or officer; None when no mark tells."""
    text = request.form.get(_FIELD) or request.headers.get(_HEADER)
    if not text or len(text) > 500:
        return None
    keys = [*(current_app.config["SECRET_KEY_FALLBACKS"] or ()), current_app.config["SECRET_KEY"]]
    try:
        inner = URLSafeTimedSerializer(keys, salt=_SALT).loads(text)
    except BadData:
        return None
    _random, dot, found = str(inner).partition(".")
    return hmac.compare_digest(found, _mark_of(owner_id)) if dot else None


def _mark_of(owner_id: uuid.UUID) -> str:
    return lookup_hash(str(owner_id), _PURPOSE).hex()[:32]
