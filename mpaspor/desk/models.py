"""What the office adds to a case: who is in the house, biometrics, interview, booklet, handover."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.applications.rules import CaseState, PassportKind
from mpaspor.desk.queue_rules import HELD, Lane, Leaving, TurnState, ticket_number
from mpaspor.desk.registry_rules import CheckState, Registry
from mpaspor.desk.rules import BlankState, Capture, InterviewVerdict, Relation
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
        Index("ix_presence_here", "office_id", "day", postgresql_where=text("left_at IS NULL")),
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
    """The photo taken at the counter. Prints and signature stay in the devices' own system: here is whether
    they were taken, the device's number, or why not; empty where it was not asked yet."""

    __tablename__ = "biometrics"
    __table_args__ = (
        CheckConstraint(
            "fingers IS DISTINCT FROM 'impossible' OR fingers_reason IS NOT NULL", name="fingers_reason"
        ),
        CheckConstraint(
            "signature IS DISTINCT FROM 'impossible' OR signature_reason IS NOT NULL",
            name="signature_reason",
        ),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    file_key: Mapped[str] = mapped_column(unique=True, info=HOLDS_FILE)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    taken_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime] = mapped_column(Moment)
    advice: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    fingers: Mapped[Capture | None] = mapped_column(one_of(Capture, check="fingers"))
    fingers_reason: Mapped[str | None]
    fingers_number: Mapped[str | None]
    signature: Mapped[Capture | None] = mapped_column(one_of(Capture, check="signature"))
    signature_reason: Mapped[str | None]
    signature_number: Mapped[str | None]


class Interview(db.Model):
    """What the interviewer wrote and advised; one row per interview held."""

    __tablename__ = "interview"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    notes: Mapped[str] = mapped_column(EncryptedText("interview.notes"))
    verdict: Mapped[InterviewVerdict] = mapped_column(one_of(InterviewVerdict, check="verdict"))
    held_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    held_at: Mapped[datetime] = mapped_column(Moment)


class InterviewDraft(db.Model):
    """Notes of an interview that goes on, saved while they are typed; gone once it is written down."""

    __tablename__ = "interview_draft"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    notes: Mapped[str] = mapped_column(EncryptedText("interview_draft.notes"))
    held_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment)


class RegistryCheck(db.Model):
    """What one register was asked about a case, and what it answered last.

    Each asking has an `ask_id` of its own, so that the answer to an older question changes nothing. Findings
    are sealed (`desk/registry_rules.py: written`).
    """

    __tablename__ = "registry_check"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state <> 'hit' OR details IS NOT NULL", name="hit_says_what"),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    asked_of: Mapped[Registry] = mapped_column(
        "registry", one_of(Registry, check="registry"), primary_key=True
    )
    ask_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    state: Mapped[CheckState] = mapped_column(one_of(CheckState, check="state"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    details: Mapped[str | None] = mapped_column(EncryptedText("registry_check.details"))


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
    decided_at: Mapped[datetime] = mapped_column(Moment, index=True)


class BookletBatch(db.Model):
    """Empty booklets that an office received together: from one number to another, of one kind."""

    __tablename__ = "booklet_batch"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    kind: Mapped[PassportKind] = mapped_column(one_of(PassportKind, check="kind"))
    first_number: Mapped[str]
    last_number: Mapped[str]
    count: Mapped[int]
    received_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime] = mapped_column(Moment)


class BlankBooklet(db.Model):
    """One serial of the stock, from the box to its use or its end; printing takes it once.

    One that was printed before the stock was counted has no batch, and may have no kind.
    """

    __tablename__ = "blank_booklet"
    __table_args__ = (
        CheckConstraint("(state = 'spoilt') = (reason IS NOT NULL)", name="spoilt_has_reason"),
        Index("ix_blank_booklet_left", "office_id", "kind", postgresql_where=text("state = 'in_stock'")),
        Index(
            "ix_blank_booklet_spoilt", "office_id", "changed_at", postgresql_where=text("state = 'spoilt'")
        ),
        # To count them from the index alone.
        Index("ix_blank_booklet_office_id_kind_state", "office_id", "kind", "state"),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("booklet_batch.id"), index=True)
    kind: Mapped[PassportKind | None]
    state: Mapped[BlankState] = mapped_column(one_of(BlankState, check="state"), default=BlankState.IN_STOCK)
    reason: Mapped[str | None]
    changed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)


class NikCorrection(db.Model):
    """One officer's reading of the NIK on the card, and what a second one made of it; at most one is open.

    Both numbers are sealed; `agreed` is empty while it waits.
    """

    __tablename__ = "nik_correction"
    __table_args__ = (
        CheckConstraint("agreed IS NOT TRUE OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(decided_at IS NULL) = (agreed IS NULL)", name="decided_once"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        Index(
            "uq_nik_correction_open",
            "application_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    nik: Mapped[str] = mapped_column(EncryptedText("nik_correction.nik"))
    old_nik: Mapped[str | None] = mapped_column(EncryptedText("nik_correction.old_nik"))
    reason: Mapped[str]
    proposed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool | None]


class Booklet(db.Model):
    """A printed passport. Who printed it may not pass its quality test.

    `checked` names what was looked at when it passed: `before` if that was before there was a list.
    """

    __tablename__ = "booklet"
    __table_args__ = (
        CheckConstraint("tested_by IS DISTINCT FROM printed_by", name="four_eyes"),
        CheckConstraint("passed IS NOT TRUE OR cardinality(checked) > 0", name="passed_is_checked"),
        Index("ix_booklet_office_id_tested_at", "office_id", "tested_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    number: Mapped[str] = mapped_column(ForeignKey("blank_booklet.number"), unique=True)
    printed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    printed_at: Mapped[datetime] = mapped_column(Moment)
    tested_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    tested_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    passed: Mapped[bool | None]
    reason: Mapped[str | None]
    checked: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")


class Handover(db.Model):
    """Who took the passport home, and what was seen: `before` stands for a handover of before such lists.

    Whoever is not the owner leaves NIK and a photo of the paper that says they may; the post has its number.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("cardinality(checked) > 0", name="is_checked"),
        CheckConstraint(
            "relation IN ('self', 'post') OR 'before' = ANY (checked)"
            " OR (collector_nik IS NOT NULL AND letter_key IS NOT NULL)",
            name="another_is_proved",
        ),
        CheckConstraint("(letter_key IS NULL) = (letter_sha256 IS NULL)", name="letter_has_hash"),
        CheckConstraint("(relation = 'post') = (tracking IS NOT NULL)", name="post_has_number"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    collected_by: Mapped[str] = mapped_column(EncryptedText("handover.collected_by"))
    relation: Mapped[Relation] = mapped_column(one_of(Relation, check="relation"))
    handed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    handed_at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
    checked: Mapped[list[str]] = mapped_column(ARRAY(Text))
    collector_nik: Mapped[str | None] = mapped_column(EncryptedText("handover.collector_nik"))
    letter_key: Mapped[str | None] = mapped_column(unique=True, info=HOLDS_FILE)
    letter_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    tracking: Mapped[str | None]
