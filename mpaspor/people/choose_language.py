"""The language of an account's messages and pages."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people.models import Account


@operation
def choose_language(account_id: uuid.UUID, language: str, *, now: datetime) -> None:
    """Write to this person in `language` (`id` or `en`) from now on."""
    db.session.get_one(Account, account_id).language = language
