"""What the door asked its supervisor: what waits, and what was answered today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from mpaspor.applications.models import Application
from mpaspor.desk.board_queries import day_of
from mpaspor.desk.door_models import SupervisorQuestion
from mpaspor.desk.door_rules import Why
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.models import Staff


@dataclass(frozen=True)
class Question:
    """One question of the door; `is_open` until somebody answers, or the person is let in."""

    id: uuid.UUID
    code: str
    name: str
    birth_year: int | None
    why: Why
    words: str | None
    asked_by: str
    asked_at: datetime
    answer: str | None
    answered_by: str | None
    is_open: bool


def questions(office: Office, *, now: datetime, only_open: bool) -> Sequence[Question]:
    """What waits, whatever its day, the oldest first; and unless `only_open` what was asked today."""
    asker, answerer = aliased(Staff), aliased(Staff)
    row = SupervisorQuestion
    wanted: ColumnElement[bool] = row.answered_at.is_(None)
    if not only_open:
        wanted = or_(wanted, row.asked_at >= day_of(office, now).starts)
    found = db.session.execute(
        select(row, Application, asker.full_name, answerer.full_name.label("answerer"))
        .join(Application, Application.id == row.application_id)
        .join(asker, asker.id == row.asked_by)
        .outerjoin(answerer, answerer.id == row.answered_by)
        .where(row.office_id == office.id, wanted)
        .order_by(row.asked_at, row.id)
        .limit(_SHOWN)
    )
    return [
        Question(
            id=one.id,
            code=case.code,
            name=case.full_name or "",
            birth_year=case.birth_on.year if case.birth_on is not None else None,
            why=one.why,
            words=one.words,
            asked_by=asked_by,
            asked_at=one.asked_at,
            answer=one.answer,
            answered_by=answered_by,
            is_open=one.answered_at is None,
        )
        for one, case, asked_by, answered_by in found
    ]


_SHOWN = 60
