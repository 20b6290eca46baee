"""Searching beyond the day's list: only whoever knows exactly whom they look for (abuse 16)."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from mpaspor.applications.models import Application
from mpaspor.applications.nik import fault
from mpaspor.applications.rules import CaseState
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.desk import acting
from mpaspor.desk.refusals import TwoFactsNeeded
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.foundation import events, limits
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import operation
from mpaspor.foundation.typed_text import joined

SEARCHES_AN_HOUR = 60


def look_up(staff_id: uuid.UUID, *, code: str, nik: str, birth_on: date | None, now: datetime) -> list[str]:
    """The codes of this office's cases that fit exactly: by application code or number (random, so they
    stand for two facts), or by NIK and birth date together.

    Each search is counted and leaves an event with its officer. Raises `TwoFactsNeeded`, `TooFast`.
    """
    wanted = _wanted(code, nik, birth_on)
    limits.require("desk_search", str(staff_id), allowed=SEARCHES_AN_HOUR, per_seconds=3600, now=now)
    return _find(staff_id, wanted, now=now)


def _wanted(code: str, nik: str, birth_on: date | None) -> ColumnElement[bool]:
    exact, digits = read_code(code), joined(nik)
    if exact:
        return or_(Application.code == exact, Application.number == joined(code))
    if fault(digits) is None and birth_on is not None:
        hashed = lookup_hash(digits, NIK_PURPOSE)
        return and_(Application.nik_lookup == hashed, Application.birth_on == birth_on)
    raise TwoFactsNeeded()


@operation
def _find(staff_id: uuid.UUID, wanted: ColumnElement[bool], *, now: datetime) -> list[str]:
    officer = acting.officer(staff_id)
    actor = officer.acting_as(DESK_ROLES)
    hidden = [CaseState.DRAFT, CaseState.DISCARDED]
    found = db.session.execute(
        select(Application.id, Application.code)
        .where(Application.office_id == officer.office_id, Application.state.not_in(hidden), wanted)
        .order_by(Application.created_at.desc())
        .limit(10)
    ).all()
    details = {"found": len(found)}
    events.record("looked_up", actor=actor, now=now, office_id=officer.office_id, details=details)
    return [row.code for row in found]
