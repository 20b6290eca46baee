"""What happens to an officer's way in is recorded, and told them by mail: a stranger's hand is noticed."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.people.models import Staff, StaffRole

KIND = "staff_notice"


class Notice(StrEnum):
    RECOVERY_CODE_USED = "recovery_code_used"
    CODES_MADE = "codes_made"
    APP_CHANGED = "app_changed"
    KEY_ADDED = "key_added"
    KEY_REMOVED = "key_removed"
    KEY_COPIED = "key_copied"
    PASSWORD_SET = "password_set"
    ROLES_CHANGED = "roles_changed"
    DISMISSED = "dismissed"


@in_operation
def tell(staff_id: uuid.UUID, what: Notice, *, once: str, now: datetime, **facts: object) -> None:
    """Queue the mail; the same `once` twice is one mail."""
    outbox.add(
        KIND,
        staff_id,
        dedupe_key=f"{KIND}:{what}:{staff_id}:{once}",
        payload={"what": what, "at": now.isoformat(), **facts},
        now=now,
    )


@in_operation
def record(kind: str, staff_id: uuid.UUID, *, now: datetime, details: dict[str, str] | None = None) -> None:
    """Record what an officer did to their own way in, at their office and in one of their roles."""
    row = db.session.execute(
        select(Staff.office_id, StaffRole.role)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.id == staff_id)
        .order_by(StaffRole.role)
        .limit(1)
    ).one()
    actor = events.officer(staff_id, row.role)
    events.record(kind, actor=actor, now=now, office_id=row.office_id, details=details)
