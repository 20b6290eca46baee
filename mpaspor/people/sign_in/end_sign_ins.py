"""Signing out: here, on one other device, or everywhere else. The row ends; no cookie can bring it back."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound
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
    end_all(account_id=account_id, but=sign_in_id, now=now)


@operation
def end_at_other_desks(staff_id: uuid.UUID, sign_in_id: uuid.UUID, *, now: datetime) -> None:
    """End every sign-in of an officer but this one."""
    end_all(staff_id=staff_id, but=sign_in_id, now=now)


@in_operation
def end_all(
    *,
    now: datetime,
    account_id: uuid.UUID | None = None,
    staff_id: uuid.UUID | None = None,
    but: uuid.UUID | None = None,
) -> None:
    """End every sign-in of a person and forget the devices, except the sign-in `but` and its device."""
    of = SignIn.account_id == account_id if account_id else SignIn.staff_id == staff_id
    theirs = KnownDevice.account_id == account_id if account_id else KnownDevice.staff_id == staff_id
    mine = update(SignIn).where(of, SignIn.revoked_at.is_(None))
    devices = update(KnownDevice).where(theirs, KnownDevice.forgotten_at.is_(None))
    if but is not None:
        mine = mine.where(SignIn.id != but)
        kept = db.session.scalar(select(SignIn.known_device_id).where(SignIn.id == but))
        devices = devices.where(KnownDevice.id != kept) if kept else devices
    db.session.execute(mine.values(revoked_at=now))
    db.session.execute(devices.values(forgotten_at=now))
