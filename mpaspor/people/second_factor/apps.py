"""An officer's authenticator app: set by a link, changed by who is signed in, taken away by a reset."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.people.models import StaffPasskey, StaffTotp
from mpaspor.people.refusals import AppDiffers
from mpaspor.people.second_factor import recovery_codes, totp
from mpaspor.people.second_factor.notices import Notice, record, tell
from mpaspor.people.sign_in.end_sign_ins import end_all


@in_operation
def install(staff_id: uuid.UUID, secret: str, code: str, *, now: datetime) -> None:
    """Let this secret be the officer's, once the app has shown that it holds it. Raises `AppDiffers`."""
    step = totp.matching_step(secret, code, after=0, now=now)
    if step is None:
        raise AppDiffers()
    put(staff_id, secret, last_step=step, now=now)


@in_operation
def put(staff_id: uuid.UUID, secret: str, *, last_step: int, now: datetime) -> None:
    """Write the secret in the place of any that was there."""
    row = {"secret": totp.seal(secret, staff_id), "last_step": last_step, "set_at": now}
    fresh = {**row, "wrong_tries": 0, "wrong_since": None}
    statement = insert(StaffTotp).values(staff_id=staff_id, **fresh)
    db.session.execute(statement.on_conflict_do_update(index_elements=["staff_id"], set_=fresh))


@in_operation
def take_away(staff_id: uuid.UUID, *, now: datetime) -> None:
    """Let nothing prove the officer any more: no app, no passkey, no codes on paper, no open sign-in."""
    db.session.execute(delete(StaffTotp).where(StaffTotp.staff_id == staff_id))
    db.session.execute(
        update(StaffPasskey)
        .where(StaffPasskey.staff_id == staff_id, StaffPasskey.removed_at.is_(None))
        .values(removed_at=now)
    )
    recovery_codes.void_all(staff_id, now=now)
    end_all(staff_id=staff_id, now=now)


def offered(staff_id: uuid.UUID, sign_in_id: uuid.UUID) -> str:
    """The secret that the page of a new app offers: the same while the old app stays, kept nowhere."""
    row = db.session.get(StaffTotp, staff_id)
    old = bytes(row.secret).hex() if row is not None else ""
    return totp.secret_of(lookup_hash(f"{sign_in_id}|{old}", "own_totp"))


def set_at(staff_id: uuid.UUID) -> datetime | None:
    """Since when the officer has this app."""
    row = db.session.get(StaffTotp, staff_id)
    return row.set_at if row is not None else None


@operation
def change_app(staff_id: uuid.UUID, sign_in_id: uuid.UUID, code: str, *, now: datetime) -> None:
    """Another telephone: the offered secret takes the old one's place, other sign-ins end.

    Raises `AppDiffers`.
    """
    install(staff_id, offered(staff_id, sign_in_id), code, now=now)
    end_all(staff_id=staff_id, but=sign_in_id, now=now)
    record("officer_app_changed", staff_id, now=now)
    tell(staff_id, Notice.APP_CHANGED, once=f"{now.timestamp()}", now=now)


@operation
def make_recovery_codes(staff_id: uuid.UUID, codes: Sequence[str], *, now: datetime) -> None:
    """Let these be the codes on paper; those of before are void."""
    recovery_codes.replace(staff_id, codes, now=now)
    record("recovery_codes_made", staff_id, now=now)
    tell(staff_id, Notice.CODES_MADE, once=f"{now.timestamp()}", now=now)
