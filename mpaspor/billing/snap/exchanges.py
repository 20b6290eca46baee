"""One X-EXTERNAL-ID, one request a day. Only payments are repeated byte for byte: a stored answer to a
question would go on saying what has long changed.

The row is claimed first in the operation's transaction, so the twin of a request waits there and then reads
the stored reply. If the operation fails, the row goes with it: a 5xx is never stored.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.billing.models import SnapExchange
from mpaspor.billing.snap.replies import Reply
from mpaspor.billing.snap.rules import Outcome, Refused, Service
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation
from mpaspor.offices.rules import HOME_ZONE, local_date


@dataclass(frozen=True)
class Exchange:
    """A request as far as repeating it is concerned."""

    partner_id: uuid.UUID
    external_id: str
    service: Service
    body_hash: bytes
    at: datetime

    @property
    def external_on(self) -> date:
        """The day of an X-EXTERNAL-ID is the capital's, for every bank in the country."""
        return local_date(self.at, HOME_ZONE)

    def as_row(self) -> dict[str, Any]:
        """What is written to claim the external id, by column."""
        return {
            "partner_id": self.partner_id,
            "external_on": self.external_on,
            "external_id": self.external_id,
            "service": self.service.digits,
            "body_hash": self.body_hash,
            "at": self.at,
        }


@in_operation
def earlier(exchange: Exchange) -> SnapExchange:
    """The exchange that used the external id today."""
    return db.session.execute(select(SnapExchange).where(*_same(exchange))).scalar_one()


@in_operation
def claim_question(exchange: Exchange) -> None:
    """Claim the external id of a question, which is answered afresh however often it is asked.

    Raises `Refused` (409xx00) when the id was used today with another body or for another service.
    """
    claim = insert(SnapExchange).values(exchange.as_row()).on_conflict_do_nothing()
    claimed = db.session.execute(claim.returning(SnapExchange.external_id)).scalar_one_or_none()
    if claimed is None:
        refuse_another(earlier(exchange), exchange)


def refuse_another(earlier: SnapExchange | None, exchange: Exchange) -> None:
    """Raises `Refused` when the external id was used for another request."""
    if earlier is not None and not is_repeat(earlier, exchange):
        raise Refused(Outcome.CONFLICT)


def is_repeat(earlier: SnapExchange, exchange: Exchange) -> bool:
    """Whether the very same request came before."""
    return (earlier.service, earlier.body_hash) == (exchange.service.digits, exchange.body_hash)


def stored_reply(earlier: SnapExchange) -> Reply:
    """What a payment was answered before."""
    if earlier.http_status is None or earlier.reply is None:
        raise RuntimeError("a payment was committed without its reply")
    return Reply(earlier.http_status, earlier.reply)


@in_operation
def finish(exchange: Exchange, reply: Reply) -> Reply:
    """Store the reply to a payment beside its request; returns it."""
    db.session.execute(
        update(SnapExchange)
        .where(*_same(exchange))
        .values(http_status=reply.http_status, reply=reply.body)
        .execution_options(synchronize_session=False)
    )
    return reply


def _same(exchange: Exchange) -> tuple[ColumnElement[bool], ...]:
    return (
        SnapExchange.partner_id == exchange.partner_id,
        SnapExchange.external_on == exchange.external_on,
        SnapExchange.external_id == exchange.external_id,
    )
