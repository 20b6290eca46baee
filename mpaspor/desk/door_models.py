"""What the door adds beside a case: questions to a supervisor."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.desk.door_rules import Why
from mpaspor.foundation.columns import Moment, one_of, uuid7
from mpaspor.foundation.database import db


class SupervisorQuestion(db.Model):
    """Somebody whom the door did not let in, about whom a supervisor decides; a case has one open at most.

    `answer` is empty where the person was let in meanwhile: then the door needs none.
    """

    __tablename__ = "supervisor_question"
    __table_args__ = (
        CheckConstraint("(why = 'asked') = (words IS NOT NULL)", name="asked_in_words"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
        CheckConstraint("answer IS NULL OR answered_at IS NOT NULL", name="answered"),
        Index(
            "uq_supervisor_question_open",
            "application_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index("ix_supervisor_question_asked", "office_id", "asked_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    why: Mapped[Why] = mapped_column(one_of(Why, check="why"))
    words: Mapped[str | None]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
