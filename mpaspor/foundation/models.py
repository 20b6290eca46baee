"""Tables that every room stands on: events, the outbox, one-time keys, counters, the worker's heartbeat."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.foundation.columns import EncryptedText, Moment, uuid7
from mpaspor.foundation.database import db


class Event(db.Model):
    """What happened, by whom and why. Rows are added, never changed: the app's role may not.

    `seq` is the order of writing. It is empty in events of before it was there, whose seals do not know it.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("actor_kind IN ('applicant', 'officer', 'bank', 'system')", name="actor_kind"),
        Index("ix_event_application_id_at", "application_id", "at"),
        # The worker asks each minute, and there are few among millions.
        Index("ix_event_outage_at", "at", postgresql_where=text("kind = 'outage'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    application_id: Mapped[uuid.UUID | None]
    office_id: Mapped[uuid.UUID | None]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    actor_role: Mapped[str | None]
    from_state: Mapped[str | None]
    to_state: Mapped[str | None]
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    at: Mapped[datetime] = mapped_column(Moment)
    seq: Mapped[int | None] = mapped_column(BigInteger, server_default=text("nextval('event_seq'::regclass)"))


class EventSeal(db.Model):
    """A day's events of one office, sealed: a keyed digest chained to the office's seal before it."""

    __tablename__ = "event_seal"
    __table_args__ = (UniqueConstraint("office_id", "on_date", postgresql_nulls_not_distinct=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID | None]
    on_date: Mapped[date] = mapped_column(index=True)
    event_count: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(Moment)


class OutboxRow(db.Model):
    """One thing that must leave after commit: a message, a call. Kind and ids, never rendered text.

    `ref` names what the kind speaks of; `application_id` the case that it is about, whatever `ref` is.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "available_at",
            postgresql_where=text("sent_at IS NULL AND dead_at IS NULL AND cancelled_at IS NULL"),
        ),
        # One-time codes, which wait behind nothing else; they keep their secret no longer than they wait.
        Index("ix_outbox_urgent", "available_at", postgresql_where=text("secret IS NOT NULL")),
        Index("ix_outbox_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
        CheckConstraint("sent_at IS NULL OR secret IS NULL", name="secret_wiped"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    ref: Mapped[uuid.UUID]
    application_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("application.id"), index=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    available_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    dead_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None]


class OneTimeKeyRow(db.Model):
    """The key of one rendered form and the answer that its first submission got."""

    __tablename__ = "one_time_key"
    __table_args__ = (UniqueConstraint("owner", "endpoint", "key", postgresql_nulls_not_distinct=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    owner: Mapped[str | None]
    endpoint: Mapped[str]
    key: Mapped[str]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[Any | None] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class RateCounter(db.Model):
    """How often something was tried in one window. The subject is hashed: it may be an address."""

    __tablename__ = "rate_counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    count: Mapped[int]


class KeptForm(db.Model):
    """What was typed into a form whose sender was no longer signed in, sealed, for half an hour."""

    __tablename__ = "kept_form"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    path: Mapped[str]
    fields: Mapped[str] = mapped_column(EncryptedText("kept_form.fields"))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Heartbeat(db.Model):
    """When a worker last finished a round: a gap means that nobody was watching deadlines."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Installation(db.Model):
    """What this database is: decided once, when it is made."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    demo: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(Moment)
