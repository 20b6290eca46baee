"""Named reads about letters: the register, and whom they are written to."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from mpaspor.applications.models import Application, Letter
from mpaspor.applications.queries import IS_MINE
from mpaspor.applications.rules import LetterKind
from mpaspor.foundation.database import db


def addressed(application_id: uuid.UUID) -> Application | None:
    """A case with the account and the office that a message about it names."""
    return db.session.scalar(
        select(Application)
        .options(joinedload(Application.account), joinedload(Application.office))
        .where(Application.id == application_id)
    )


def letter_of(application_id: uuid.UUID, kind: LetterKind, ref: uuid.UUID) -> Letter | None:
    """The register's row of one letter."""
    return db.session.scalar(
        _letters().where(Letter.application_id == application_id, Letter.kind == kind, Letter.ref == ref)
    )


def newest_letter(application_id: uuid.UUID, kind: LetterKind) -> Letter | None:
    """The letter of a kind that holds now."""
    return db.session.scalar(_newest(kind).where(Letter.application_id == application_id))


def newest_of_mine(account_id: uuid.UUID, code: str, kind: LetterKind) -> Letter | None:
    """The same, for the applicant whose case it is: none of a stranger's, in one statement."""
    mine = _newest(kind).join(Letter.application).where(*IS_MINE)
    return db.session.scalar(mine, {"account_id": account_id, "code": code})


def letter_by_code(code: str) -> Letter | None:
    """A registered letter by the code that is printed on it."""
    return db.session.scalar(_letters().where(Letter.code == code))


def _newest(kind: LetterKind) -> Select[Letter]:
    holds = _letters().where(Letter.kind == kind, Letter.revoked_at.is_(None))
    return holds.order_by(Letter.made_at.desc()).limit(1)


def _letters() -> Select[Letter]:
    """Letters with their case and its office: no letter is drawn or shown without them."""
    return select(Letter).options(joinedload(Letter.application).joinedload(Application.office))
