"""Browsers that have proved an address before, found by the long-lived cookie that they carry."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.people.models import KnownDevice
from mpaspor.people.rules import DEVICES_IN_A_BROWSER


def find(
    cookie: str | None,
    *,
    now: datetime,
    account_id: uuid.UUID | None = None,
    staff_id: uuid.UUID | None = None,
) -> KnownDevice | None:
    """The device by which this browser once proved the person's address, while it is remembered."""
    hashes = [token_hash(token) for token in tokens(cookie)]
    if not hashes or (account_id or staff_id) is None:
        return None
    owner = KnownDevice.account_id == account_id if account_id else KnownDevice.staff_id == staff_id
    return db.session.scalar(
        select(KnownDevice)
        .where(
            owner,
            KnownDevice.token_hash.in_(hashes),
            KnownDevice.forgotten_at.is_(None),
            KnownDevice.expires_at > now,
        )
        .limit(1)
    )


def token_hash(token: str) -> bytes:
    """How a device token is stored."""
    return lookup_hash(token, "known_device")


def tokens(cookie: str | None) -> list[str]:
    """The tokens in a device cookie: one for each account that was proved in this browser."""
    return [token for token in (cookie or "").split(".") if len(token) == 43][-DEVICES_IN_A_BROWSER:]


def with_token(cookie: str | None, fresh: str) -> str:
    """The device cookie with one more token; the oldest leaves when a family has too many accounts."""
    kept = [token for token in tokens(cookie) if token != fresh]
    return ".".join([*kept, fresh][-DEVICES_IN_A_BROWSER:])
