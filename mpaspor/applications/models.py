"""The case and what belongs to it: answers, papers, letters."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mpaspor.applications.choices import Sex
from mpaspor.applications.papers import DocumentKind
from mpaspor.applications.rules import (
    LIVE,
    CaseState,
    LetterKind,
    Need,
    PaperState,
    PassportKind,
    ReplacementReason,
)
from mpaspor.applications.walk_in_rules import CLAIM_TRIES, Ground, Proof
from mpaspor.foundation.columns import EncryptedText, Moment, listed, one_of, uuid7
from mpaspor.foundation.database import READ_ONLY, db
from mpaspor.foundation.files import HOLDS_FILE
from mpaspor.offices.models import Office
from mpaspor.people.models import Account

_LIVE = listed(LIVE)
_ENDS_BY_CLOCK = listed((CaseState.DOCUMENTS_WANTED, CaseState.READY))


class Application(db.Model):
    """One person's case. The frozen facts are columns; every other answer lies in `answer_page`."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("(state <> 'documents_wanted') = (wanted_from IS NULL)", name="wanted_from"),
        CheckConstraint(
            f"state NOT IN ({_LIVE})"
            " OR (nik_lookup IS NOT NULL AND office_id IS NOT NULL AND number IS NOT NULL)",
            name="live_is_complete",
        ),
        Index(
            "uq_application_live_nik", "nik_lookup", unique=True, postgresql_where=text(f"state IN ({_LIVE})")
        ),
        Index("ix_application_nik_lookup", "nik_lookup"),
        Index("ix_application_account_id_created_at", "account_id", "created_at"),
        Index("ix_application_office_id_state", "office_id", "state"),
        Index("ix_application_birth_on_office_id", "birth_on", "office_id"),
        Index("ix_application_phone", "phone"),
        # Few of all cases, and the clock asks each minute.
        Index("ix_application_waits", "state", postgresql_where=text(f"state IN ({_ENDS_BY_CLOCK})")),
        Index(
            "ix_application_collected",
            "office_id",
            "changed_at",
            postgresql_where=text(f"state = '{CaseState.COLLECTED}'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    # None of somebody whom an officer registered at the door, until they claim the case.
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[CaseState] = mapped_column(one_of(CaseState, check="state"), default=CaseState.DRAFT)
    wanted_from: Mapped[CaseState | None]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    need: Mapped[Need | None]
    replacement_reason: Mapped[ReplacementReason | None]
    kind: Mapped[PassportKind | None]
    validity_years: Mapped[int | None]
    full_name: Mapped[str | None]
    nik_lookup: Mapped[bytes | None] = mapped_column(LargeBinary)
    nik: Mapped[str | None] = mapped_column("nik_encrypted", EncryptedText("application.nik"))
    birth_on: Mapped[date | None]
    sex: Mapped[Sex | None] = mapped_column(one_of(Sex, check="sex"))
    phone: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    declared_at: Mapped[datetime | None] = mapped_column(Moment)
    papers_until: Mapped[datetime | None] = mapped_column(Moment)
    biometrics_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account | None] = relationship(**READ_ONLY)
    office: Mapped[Office | None] = relationship(**READ_ONLY)

    @property
    def owner_id(self) -> uuid.UUID:
        """The account of a case that has one: of any that was taken by `take_mine`."""
        assert self.account_id is not None
        return self.account_id


class WalkIn(db.Model):
    """A case that an officer began at the door: on what ground, what was seen of it, who admitted it.

    The ground may be health: no event and no page of the case tells it. `tries` counts wrong answers of
    whoever claims the case; after `CLAIM_TRIES` the door gives new ones.
    """

    __tablename__ = "walk_in"
    __table_args__ = (
        CheckConstraint("(ground = 'admitted') = (reason IS NOT NULL)", name="admitted_with_reason"),
        CheckConstraint(f"tries BETWEEN 0 AND {CLAIM_TRIES}", name="tries"),
        Index("ix_walk_in_registered", "office_id", "registered_at"),
    )

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    ground: Mapped[Ground] = mapped_column(one_of(Ground, check="ground"))
    proof: Mapped[Proof] = mapped_column(one_of(Proof, check="proof"))
    reason: Mapped[str | None]
    registered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    registered_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)


class AnswerPage(db.Model):
    """The answers of one page of the form, saved as soon as the page is: JSON, sealed."""

    __tablename__ = "answer_page"

    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[str] = mapped_column(EncryptedText("answer_page.answers"))
    saved_at: Mapped[datetime] = mapped_column(Moment)


class Document(db.Model):
    """One paper of a case: a re-encoded picture in the file store, and what an officer said of it."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("application_id", "kind"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[DocumentKind]
    state: Mapped[PaperState] = mapped_column(one_of(PaperState, check="state"), default=PaperState.SUBMITTED)
    reason: Mapped[str | None]
    file_key: Mapped[str | None] = mapped_column(unique=True, info=HOLDS_FILE)
    thumb_key: Mapped[str | None] = mapped_column(unique=True, info=HOLDS_FILE)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    thumb_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    byte_count: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    hint: Mapped[str | None]
    original_name: Mapped[str | None]
    uploaded_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[uuid.UUID | None]


class Letter(db.Model):
    """The register of letters: what `/v/<code>` answers from. Operations write it, correspondence draws."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("application_id", "kind", "ref"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[LetterKind]
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    ref: Mapped[uuid.UUID]
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    application: Mapped[Application] = relationship(**READ_ONLY)
