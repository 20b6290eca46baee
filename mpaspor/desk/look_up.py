"""Searching beyond the day's list: only whoever knows exactly whom they look for (abuse 16)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from mpaspor.applications.models import Application
from mpaspor.applications.nik import fault
from mpaspor.applications.passport_number import read_passport_number
from mpaspor.applications.rules import CODE_LENGTH, NUMBER_LENGTH, CaseState
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.applications.scanned_text import looks_like_token
from mpaspor.desk import acting
from mpaspor.desk.check_in import code_of
from mpaspor.desk.models import Booklet
from mpaspor.desk.refusals import TwoFactsNeeded
from mpaspor.desk.rules import DESK_ROLES
from mpaspor.foundation import events, limits
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import operation
from mpaspor.foundation.typed_text import joined
from mpaspor.offices.rules import sort_key

SEARCHES_AN_HOUR = 60


def look_up(
    staff_id: uuid.UUID, wanted: str, *, birth_on: date | None, office_code: str, now: datetime
) -> list[str]:
    """The codes of this office's cases that fit exactly, by whatever was typed or scanned into one field.

    An application code or number and the number of a passport printed here are random, so each stands for
    two facts; a letter's QR code or address names a code. A NIK and a name need the birth date beside them.
    Each search is counted and leaves an event with its officer. Raises `TwoFactsNeeded`, `TooFast`, and for a
    QR code what `check_in.code_of` raises.
    """
    fits = _fits(wanted, birth_on, office_code)
    limits.require("desk_search", str(staff_id), allowed=SEARCHES_AN_HOUR, per_seconds=3600, now=now)
    found = _find(staff_id, fits, now=now)
    if not found and birth_on is None and _may_name_a_person(wanted):
        raise TwoFactsNeeded()
    return found


def _may_name_a_person(wanted: str) -> bool:
    """Whether what fits no code may have been a name of eight letters, or a NIK."""
    return fault(joined(wanted)) is None or not any(sign.isdigit() for sign in wanted)


def _fits(wanted: str, birth_on: date | None, office_code: str) -> ColumnElement[bool]:
    if looks_like_token(wanted) or "://" in wanted:
        return Application.code == code_of(wanted, office_code)
    found = [*_by_code(wanted), *_by_passport(wanted)]
    if birth_on is not None:
        found += [
            and_(Application.birth_on == birth_on, fits) for fits in (*_by_nik(wanted), *_by_name(wanted))
        ]
    if not found:
        raise TwoFactsNeeded()
    return or_(*found)


def _by_code(wanted: str) -> Iterator[ColumnElement[bool]]:
    code = read_code(wanted)
    if len(code) == CODE_LENGTH:
        yield Application.code == code
    elif len(code) == NUMBER_LENGTH and code.isdigit():
        yield Application.number == code


def _by_passport(wanted: str) -> Iterator[ColumnElement[bool]]:
    number = read_passport_number(wanted)
    if number is not None:
        yield Application.id == _case_of(number)


def _case_of(number: str) -> ScalarSelect[uuid.UUID]:
    """Found first, by its unique number, and then the case: not asked of every case in turn."""
    return select(Booklet.application_id).where(Booklet.number == number).scalar_subquery()


def _by_nik(wanted: str) -> Iterator[ColumnElement[bool]]:
    digits = joined(wanted)
    if fault(digits) is None:
        yield Application.nik_lookup == lookup_hash(digits, NIK_PURPOSE)


def _by_name(wanted: str) -> Iterator[ColumnElement[bool]]:
    """Each word from its beginning; capitals, accents and signs do not count."""
    words = sort_key(wanted).split()
    if words:
        name = func.concat(
            " ", func.regexp_replace(func.lower(Application.full_name), "[^a-z0-9]+", " ", "g")
        )
        yield and_(*(name.contains(f" {word}", autoescape=True) for word in words))


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
