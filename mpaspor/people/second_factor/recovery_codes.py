"""Codes on paper, for the day on which the telephone is lost: ten, each of use once, shown once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from mpaspor.foundation.columns import ALPHABET, public_code, read_code, uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation
from mpaspor.people.models import StaffRecoveryCode
from mpaspor.people.rules import RECOVERY_CODES, RECOVERY_LENGTH

_PURPOSE = "recovery_code"


def fresh(staff_id: uuid.UUID, form_key: str | None) -> list[str]:
    """Ten new codes. The same form of the same officer gives the same ones, under our key: so the twin of a
    double tap can show what the first one made, although only hashes are stored."""
    if not form_key:
        return [public_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    return [_derived(f"{staff_id}|{form_key}|{number}") for number in range(RECOVERY_CODES)]


def _derived(seed: str) -> str:
    digest = lookup_hash(seed, "recovery_code.made")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:RECOVERY_LENGTH])


def looks_like_one(typed: str) -> bool:
    """Whether this is no code of an app but may be one of the paper."""
    return len(read_code(typed)) == RECOVERY_LENGTH


@in_operation
def replace(staff_id: uuid.UUID, codes: Sequence[str], *, now: datetime) -> None:
    """Let these be the officer's codes, and none of before."""
    hashes = [_hash(staff_id, code) for code in codes]
    old = StaffRecoveryCode.staff_id == staff_id, StaffRecoveryCode.used_at.is_(None)
    db.session.execute(
        update(StaffRecoveryCode).where(*old, StaffRecoveryCode.voided_at.is_(None)).values(voided_at=now)
    )
    db.session.add_all(
        StaffRecoveryCode(id=uuid7(), staff_id=staff_id, code_hash=hashed, made_at=now) for hashed in hashes
    )


@in_operation
def void_all(staff_id: uuid.UUID, *, now: datetime) -> None:
    """Let no code of the officer count any more."""
    replace(staff_id, (), now=now)


@in_operation
def use(staff_id: uuid.UUID, typed: str, *, now: datetime) -> bool:
    """Use one up, by the statement that judges it; False when it is none, or was used or replaced."""
    found = db.session.execute(
        update(StaffRecoveryCode)
        .where(
            StaffRecoveryCode.staff_id == staff_id,
            StaffRecoveryCode.code_hash == _hash(staff_id, read_code(typed)),
            StaffRecoveryCode.used_at.is_(None),
            StaffRecoveryCode.voided_at.is_(None),
        )
        .values(used_at=now)
        .returning(StaffRecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return found.scalar_one_or_none() is not None


def left(staff_id: uuid.UUID) -> int:
    """How many codes the officer still has."""
    return (
        db.session.scalar(
            select(func.count()).where(
                StaffRecoveryCode.staff_id == staff_id,
                StaffRecoveryCode.used_at.is_(None),
                StaffRecoveryCode.voided_at.is_(None),
            )
        )
        or 0
    )


def _hash(staff_id: uuid.UUID, code: str) -> bytes:
    return lookup_hash(f"{staff_id}|{code}", _PURPOSE)
