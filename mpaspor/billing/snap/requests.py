"""One `paymentRequestId`, one decision: what a bank was told about a payment is what it will be told again.

The row is claimed before anything is looked at, by payment and by status alike: whoever comes second waits
there for the first. So status never says "nothing here" of a payment that is just being accepted, and a
payment that was called unknown is never accepted afterwards, however late it runs in.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select, text, update

from mpaspor.billing.models import PaymentRequest, SnapExchange
from mpaspor.billing.snap import exchanges
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.rules import Outcome, Service
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation

UNDECIDED = Outcome.GENERAL_ERROR.code(Service.PAYMENT)  # while its transaction runs; never committed
ACCEPTED = Outcome.SUCCESSFUL.code(Service.PAYMENT)
UNKNOWN = Outcome.NOT_FOUND.code(Service.STATUS)

# Counting the one claim makes it come first: these two are locked in one order by everybody.
_CLAIM = text(
    """
    WITH exchange AS (
        INSERT INTO snap_exchange (partner_id, external_on, external_id, service, body_hash, at)
        VALUES (:partner_id, :external_on, :external_id, :service, :body_hash, :at)
        ON CONFLICT DO NOTHING
        RETURNING external_id
    ), request AS (
        INSERT INTO payment_request (partner_id, request_id, billing_code, response_code, at)
        SELECT :partner_id, :request_id, :billing_code, :born, :at
        FROM (SELECT count(*) FROM exchange) AS after_the_exchange
        ON CONFLICT DO NOTHING
        RETURNING request_id
    )
    SELECT (SELECT count(*) FROM exchange) AS exchanges, (SELECT count(*) FROM request) AS requests
    """
)


@in_operation
def claim(
    exchange: Exchange, request_id: str, billing_code: str, *, born: str
) -> tuple[SnapExchange | None, PaymentRequest | None]:
    """Claim the external id and then the request, with the response code `born`, in one round trip.

    Returns what each was used for before: the exchange of today, and what was decided on the request.
    """
    request = {"request_id": request_id, "billing_code": billing_code, "born": born}
    claimed = db.session.execute(_CLAIM, exchange.as_row() | request).one()
    earlier = None if claimed.exchanges else exchanges.earlier(exchange)
    return earlier, None if claimed.requests else _known(exchange.partner_id, request_id)


def _known(partner_id: uuid.UUID, request_id: str) -> PaymentRequest:
    return db.session.execute(
        select(PaymentRequest).where(
            PaymentRequest.partner_id == partner_id, PaymentRequest.request_id == request_id
        )
    ).scalar_one()


@in_operation
def decide(
    partner_id: uuid.UUID, request_id: str, response_code: str, payment_id: uuid.UUID | None = None
) -> None:
    """Write the decision on a request that this transaction has claimed. One that stands is left alone."""
    db.session.execute(
        update(PaymentRequest)
        .where(
            PaymentRequest.partner_id == partner_id,
            PaymentRequest.request_id == request_id,
            PaymentRequest.response_code == UNDECIDED,
        )
        .values(response_code=response_code, payment_id=payment_id)
        .execution_options(synchronize_session=False)
    )
