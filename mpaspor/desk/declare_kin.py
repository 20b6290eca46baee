"""Whose cases an officer keeps away from: their own and their family's, told by NIK, kept as keyed hashes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.people.models import Staff, StaffKin


@operation
def declare_kin(email: str, niks: Collection[str], *, now: datetime) -> None:
    """Add these NIKs to those from which the officer keeps away. Raises `NotFound` (no such officer)."""
    staff_id = db.session.scalar(select(Staff.id).where(Staff.email == email, Staff.dismissed_at.is_(None)))
    if staff_id is None:
        raise NotFound()
    rows = [
        {"staff_id": staff_id, "nik_lookup": lookup_hash(nik, NIK_PURPOSE), "declared_at": now}
        for nik in set(niks)
    ]
    db.session.execute(insert(StaffKin).values(rows).on_conflict_do_nothing())
