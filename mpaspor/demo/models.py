"""The mailbox of a demo, on a page instead of at a mail server."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mpaspor.foundation.columns import Moment, uuid7
from mpaspor.foundation.database import db


class DemoMessage(db.Model):
    """One message of the demo; `outbox_id` makes a repeated delivery one row."""

    __tablename__ = "demo_message"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    outbox_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    kind: Mapped[str]
    sent_to: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(Moment, index=True)
    files: Mapped[list[DemoFile]] = relationship(order_by="DemoFile.name", viewonly=True)


class DemoFile(db.Model):
    """A file that was attached to a demo message."""

    __tablename__ = "demo_file"

    message_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("demo_message.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    byte_count: Mapped[int]
