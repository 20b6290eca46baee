"""What would have been sent: in demo mode every message is kept here, to try without a mail server."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import selectinload

from mpaspor.demo.models import DemoFile, DemoMessage
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

KEPT = timedelta(days=7)


@operation
def keep(
    outbox_id: uuid.UUID,
    *,
    kind: str,
    sent_to: str,
    subject: str,
    body: str,
    files: Sequence[tuple[str, bytes]],
    now: datetime,
) -> None:
    """Keep one message with its files; the second time the same one changes nothing."""
    statement = insert(DemoMessage).values(
        id=uuid7(), outbox_id=outbox_id, kind=kind, sent_to=sent_to, subject=subject, body=body, sent_at=now
    )
    kept = statement.on_conflict_do_nothing(index_elements=["outbox_id"]).returning(DemoMessage.id)
    message_id = db.session.execute(kept).scalar_one_or_none()
    if message_id is None:
        return
    for name, content in files:
        db.session.add(DemoFile(message_id=message_id, name=name, content=content, byte_count=len(content)))


@operation
def forget_old(*, now: datetime) -> None:
    """Drop demo messages older than a week."""
    db.session.execute(delete(DemoMessage).where(DemoMessage.sent_at < now - KEPT))


def newest(address: str = "", limit: int = 30) -> Sequence[DemoMessage]:
    """The newest messages first, those to addresses that contain `address`."""
    wanted = select(DemoMessage).order_by(DemoMessage.sent_at.desc(), DemoMessage.id.desc()).limit(limit)
    wanted = wanted.options(selectinload(DemoMessage.files))
    if address:
        wanted = wanted.where(DemoMessage.sent_to.icontains(address, autoescape=True))
    return db.session.scalars(wanted).all()


def file_of(message_id: uuid.UUID, name: str) -> bytes | None:
    """The content of one attached file, or None."""
    return db.session.scalar(
        select(DemoFile.content).where(DemoFile.message_id == message_id, DemoFile.name == name)
    )
