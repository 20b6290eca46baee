"""Signing out: here, on one other device, or everywhere else. The row ends; no cookie can bring it back."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import update

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.people import steps
from mpaspor.people.models import KnownDevice, SignIn


@operation
def sign_out(sign_in_id: uuid.UUID, *, now: datetime) -> None:
    """End this sign-in. The device stays known, so that the next sign-in there needs no code."""
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None)).values(revoked_at=now)
    )


@operation
def end_device(account_id: uuid.UUID, sign_in_id: uuid.UUID, *, now: datetime) -> None:
    """End one of the account's sign-ins and forget its device: it may be lost.

    Raises `NotFound` for a stranger's.
    """
    row = db.session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.account_id == account_id)
        .values(revoked_at=now)
        .returning(SignIn.known_device_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    if row.known_device_id is not None:
        db.session.execute(
            update(KnownDevice).where(KnownDevice.id == row.known_device_id).values(forgotten_at=now)
        )


@operation
def end_everywhere_else(account_id: uuid.UUID, sign_in_id: uuid.UUID, *, now: datetime) -> None:
    """End every sign-in but this one and forget every other device."""
    steps.end_all(account_id=account_id, but=sign_in_id, now=now)
