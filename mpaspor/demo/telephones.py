"""The officers' telephones of a demo: what an authenticator app would show. A simulator, named as one.

In a real installation nothing of this is loaded, and no page shows a code.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import select

from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.people.models import Staff, StaffTotp
from mpaspor.people.passwords import hash_password
from mpaspor.people.second_factor import apps, totp


@dataclass(frozen=True)
class Shown:
    """The code that one officer may type now."""

    name: str
    email: str
    code: str


def equip(staff_id: uuid.UUID, password: str, *, now: datetime) -> None:
    """Give a fictitious officer this password and a telephone, unless they have theirs."""
    if db.session.get(StaffTotp, staff_id) is None:
        _equip(staff_id, hash_password(password), now=now)
    db.session.remove()


@operation
def _equip(staff_id: uuid.UUID, password_hash: str, *, now: datetime) -> None:
    db.session.get_one(Staff, staff_id).password_hash = password_hash
    apps.put(staff_id, pyotp.random_base32(), last_step=0, now=now)


def codes_now(address: str = "", *, now: datetime) -> Sequence[Shown]:
    """What every officer's app shows whose address contains `address`.

    A code works once: after it was used the next one stands here, which is taken half a minute early.
    """
    wanted = select(Staff, StaffTotp).join(StaffTotp, StaffTotp.staff_id == Staff.id)
    wanted = wanted.where(Staff.dismissed_at.is_(None)).order_by(Staff.created_at, Staff.email)
    if address:
        wanted = wanted.where(Staff.email.icontains(address, autoescape=True))
    return [_shown(staff, row, now) for staff, row in db.session.execute(wanted)]


def _shown(staff: Staff, row: StaffTotp, now: datetime) -> Shown:
    step = max(totp.step_at(now), row.last_step + 1)
    code = totp.code_at(totp.unseal(row.secret, staff.id), step)
    return Shown(staff.full_name, staff.email, code)
