"""What the office adds to a case: who is in the house, biometrics, interview, booklet, handover."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.applications.rules import CaseState
from mpaspor.desk.queue_rules import HELD, Lane, Leaving, TurnState, ticket_number
from mpaspor.desk.rules import InterviewVerdict, Relation
from mpaspor.desk.stages import PERSON_WAITS, STATIONS, Stage
from mpaspor.foundation.columns import EncryptedText, Moment, listed, one_of, uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.files import HOLDS_FILE


class QueueCounter(db.Model):
    """The last queue number that was given in a lane of an office on a day."""

    __tablename__ = "queue_counter"

    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    lane: Mapped[Lane] = mapped_column(one_of(Lane, check="lane"), primary_key=True)
    last: Mapped[int]


class Presence(db.Model):
    """A person in the house, from the door until they leave; `day` is the office's own.

    `due_at` is the hour by which they are called: the booked one, or when they came.
    """

    __tablename__ = "presence"
    __table_args__ = (
        CheckConstraint("(left_at IS NULL) = (why_left IS NULL)", name="left"),
        UniqueConstraint("office_id", "day", "lane", "number"),
        Index("uq_presence_here", "application_id", unique=True, postgresql_where=text("left_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    day: Mapped[date]
    lane: Mapped[Lane] = mapped_column(one_of(Lane, check="lane"))
    number: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(Moment)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    why_left: Mapped[Leaving | None] = mapped_column(one_of(Leaving, check="why_left"))

    @property
    def ticket(self) -> str:
        """The number that is called."""
        return ticket_number(self.lane, self.number)


class Turn(db.Model):
    """A case's turn at one station: it waits there since `since`, is called or taken, served, and done.

    `officer_id` is who has it, or had it last; `for_officer_id` for whom alone it waits. `called_at` is the
    last call. At a counter the person is in the house; what lies on a pile needs nobody there.
    """

    __tablename__ = "turn"
    __table_args__ = (
        CheckConstraint(f"station IN ({listed(STATIONS)})", name="station"),
        CheckConstraint(
            f"presence_id IS NOT NULL OR station NOT IN ({listed(sorted(PERSON_WAITS))})", name="person"
        ),
        CheckConstraint(f"state NOT IN ({listed(HELD)}) OR officer_id IS NOT NULL", name="held"),
        CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name="ended"),
        Index("uq_turn_open", "application_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("uq_turn_held", "officer_id", unique=True, postgresql_where=text(f"state IN ({listed(HELD)})")),
        Index("ix_turn_queue", "office_id", "station", postgresql_where=text("ended_at IS NULL")),
        Index("ix_turn_ended", "office_id", "station", "ended_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    presence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("presence.id"), index=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    station: Mapped[Stage]
    state: Mapped[TurnState] = mapped_column(one_of(TurnState, check="state"), default=TurnState.WAITING)
    since: Mapped[datetime] = mapped_column(Moment)
    is_emergency: Mapped[bool] = mapped_column(default=False)
    officer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    for_officer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    counter: Mapped[int | None]
    calls: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    began_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Biometrics(db.Model):
    """The photo taken at the counter (fingerprints stay in the devices' own system)."""

    __tablename__ = "biometrics"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    file_key: Mapped[str] = mapped_column(unique=True, info=HOLDS_FILE)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    taken_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime] = mapped_column(Moment)


class Interview(db.Model):
    """What the interviewer wrote and advised; one row per interview held."""

    __tablename__ = "interview"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    notes: Mapped[str] = mapped_column(EncryptedText("interview.notes"))
    verdict: Mapped[InterviewVerdict] = mapped_column(one_of(InterviewVerdict, check="verdict"))
    held_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    held_at: Mapped[datetime] = mapped_column(Moment)


class Proposal(db.Model):
    """A first adjudicator's proposal to defer or refuse, waiting for a second officer (four eyes)."""

    __tablename__ = "proposal"
    __table_args__ = (CheckConstraint("verdict IN ('deferred', 'refused')", name="verdict"),)

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    verdict: Mapped[CaseState]
    reason: Mapped[str]
    ground: Mapped[str | None]
    told: Mapped[str | None] = mapped_column(EncryptedText("proposal.told"))
    months: Mapped[int | None]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def mark(self) -> str:
        """What tells it from a later proposal for the same case."""
        return self.proposed_at.isoformat()


class Decision(db.Model):
    """A refusal or deferral as its person is told it: why, on what ground, and until when."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('deferred', 'refused')", name="verdict"),
        CheckConstraint("proposed_by <> decided_by", name="four_eyes"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    verdict: Mapped[CaseState]
    told: Mapped[str] = mapped_column(EncryptedText("decision.told"))
    ground: Mapped[str | None]
    until: Mapped[date | None]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    decided_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime] = mapped_column(Moment)


class Booklet(db.Model):
    """A printed passport. Who printed it may not pass its quality test."""

    __tablename__ = "booklet"
    __table_args__ = (CheckConstraint("tested_by IS DISTINCT FROM printed_by", name="four_eyes"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    printed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    printed_at: Mapped[datetime] = mapped_column(Moment)
    tested_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    tested_at: Mapped[datetime | None] = mapped_column(Moment)
    passed: Mapped[bool | None]
    reason: Mapped[str | None]


class Handover(db.Model):
    """Who took the passport home."""

    __tablename__ = "handover"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    collected_by: Mapped[str] = mapped_column(EncryptedText("handover.collected_by"))
    relation: Mapped[Relation] = mapped_column(one_of(Relation, check="relation"))
    handed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    handed_at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
