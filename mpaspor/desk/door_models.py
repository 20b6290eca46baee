"""What the door adds beside a case: questions to a supervisor, day's lists, arrivals that were told later."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.desk.door_rules import Told, Why
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


class DayList(db.Model):
    """That an officer's computer at the door holds the list of a day, for when the server is away: whose
    people are where, in one line for each officer and day. `made_at` is when they had it first."""

    __tablename__ = "day_list"
    __table_args__ = (UniqueConstraint("staff_id", "day"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Moment)
    renewed_at: Mapped[datetime] = mapped_column(Moment)


class ToldArrival(db.Model):
    """An arrival that was written down while the server was away, under a key of the device that did: told
    again, it changes nothing. `told_at` is the device's moment, `came_at` what is believed of it."""

    __tablename__ = "told_arrival"
    __table_args__ = (
        CheckConstraint("(became = 'unknown') = (application_id IS NULL)", name="of_somebody"),
        CheckConstraint("came_at <= sent_at", name="not_in_the_future"),
    )

    key: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    list_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("day_list.id"))
    code: Mapped[str]
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application.id"), index=True)
    told_at: Mapped[datetime] = mapped_column(Moment)
    came_at: Mapped[datetime] = mapped_column(Moment)
    became: Mapped[Told] = mapped_column(one_of(Told, check="became"))
    ticket: Mapped[str | None]
    sent_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    sent_at: Mapped[datetime] = mapped_column(Moment)
