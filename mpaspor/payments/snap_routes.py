"""What partner banks call: token (73), inquiry (24), payment (25), status (26) of Bank Indonesia's SNAP."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from mpaspor.billing.snap import partners, rules, signing
from mpaspor.billing.snap.accept import PaymentCall, accept_payment
from mpaspor.billing.snap.answer import StatusQuestion, answer_inquiry, answer_status
from mpaspor.billing.snap.channels import channel_words
from mpaspor.billing.snap.replies import Reply, envelope, token_reply
from mpaspor.billing.snap.rules import TOKEN_SECONDS, Outcome, Refused, Service
from mpaspor.foundation import clock
from mpaspor.foundation.plain_text import one_line
from mpaspor.payments import snap_blueprint, snap_gate
from mpaspor.web.access import Audience, open_to

log = structlog.get_logger()
_JSON = "application/json; charset=utf-8"
_LONGEST_NTB = 64
_LONGEST_SAID = 64
# What the reply to a payment repeats of the call where it was sent. A bank may compare it.
_ECHOED = ("trxId", "trxDateTime", "journalNum", "paymentType", "flagAdvise", "paidBills")


@snap_blueprint.post("/access-token/b2b")
@open_to(Audience.BANK)
def access_token() -> Response:
    """A token for 900 seconds, for a partner that signed with its private key."""
    now = clock.now()
    partner = snap_gate.token_asker(now)
    fields = rules.read_body(snap_gate.raw_body())
    grant = fields.get("grantType")
    if grant != "client_credentials":
        raise Refused(Outcome.INVALID_FORMAT if grant else Outcome.MISSING_FIELD, "grantType")
    return _send(token_reply(partners.issue_token(partner.id, now=now), TOKEN_SECONDS))


@snap_blueprint.post("/transfer-va/inquiry")
@open_to(Audience.BANK)
def inquiry() -> Response:
    """What is owed under a billing code."""
    now = clock.now()
    caller = snap_gate.authenticated(Service.INQUIRY, now)
    fields = rules.read_body(caller.body)
    identity = rules.read_identity(fields)
    request_id = _request_id(fields, "inquiryRequestId")
    return _send(answer_inquiry(caller.exchange(Service.INQUIRY, now), identity, request_id))


@snap_blueprint.post("/transfer-va/payment")
@open_to(Audience.BANK)
def payment() -> Response:
    """A customer has paid: our reply decides whether the bank keeps the money here or gives it back."""
    now = clock.now()
    caller = snap_gate.authenticated(Service.PAYMENT, now)
    fields = rules.read_body(caller.body)
    identity = rules.read_identity(fields)
    request_id = _request_id(fields, "paymentRequestId")
    if fields.get("paidAmount") is None:
        raise Refused(Outcome.MISSING_FIELD, "paidAmount")
    call = PaymentCall(
        caller.exchange(Service.PAYMENT, now),
        identity,
        request_id,
        amount_rp=_whole_rupiah(fields["paidAmount"]),
        offered=json.dumps(fields["paidAmount"])[:120],
        # A bank without a reference of its own is known by its request id.
        ntb=rules.optional_text(fields, "referenceNo", _LONGEST_NTB) or request_id,
        channel=channel_words(fields),
        paid_at=_paid_at(fields, now),
        paid_said=_said(fields.get("trxDateTime")),
        echo=_echo(fields),
    )
    return _send(accept_payment(call))


@snap_blueprint.post("/transfer-va/status")
@open_to(Audience.BANK)
def status() -> Response:
    """What became of a payment."""
    now = clock.now()
    caller = snap_gate.authenticated(Service.STATUS, now)
    fields = rules.read_body(caller.body)
    identity = rules.read_identity(fields)
    question = StatusQuestion(
        identity,
        payment_request_id=_optional_id(fields, "paymentRequestId"),
        inquiry_request_id=_optional_id(fields, "inquiryRequestId"),
    )
    if not question.request_id:
        raise Refused(Outcome.MISSING_FIELD, "paymentRequestId")
    return _send(answer_status(caller.exchange(Service.STATUS, now), question))


@snap_blueprint.errorhandler(Refused)
def refused(error: Refused) -> Response:
    answer = _send(envelope(_service(), error.outcome, error.detail))
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@snap_blueprint.errorhandler(HTTPException)
def unreadable(error: HTTPException) -> Response:
    """A body too long, or cut off: nothing was read, so nothing is held."""
    outcome = Outcome.of_status(error.code or 500)
    return _send(envelope(_service(), outcome if outcome.is_undecided else Outcome.BAD_REQUEST))


@snap_blueprint.after_app_request
def in_the_language_of_banks(response: Response) -> Response:
    """Whatever else the house says below `/snap` (no such path, another method, closed) is said as JSON."""
    if not f"{request.path}/".startswith("/snap/") or response.mimetype == _JSON.partition(";")[0]:
        return response
    outcome = Outcome.of_status(response.status_code if response.status_code >= 400 else 405)
    answer = _send(envelope(_service(), outcome))
    response.response, response.status_code = answer.response, answer.status_code
    for name in ("Content-Type", "Content-Length", "X-TIMESTAMP"):
        response.headers[name] = answer.headers[name]
    response.headers.pop("Location", None)
    return response


@snap_blueprint.errorhandler(Exception)
def unsure(error: Exception) -> Response:
    """Whatever else went wrong: 500, so that the bank keeps the money in suspense and asks again."""
    log.error("snap_unsure", kind=type(error).__name__, endpoint=request.endpoint)
    return _send(envelope(_service(), Outcome.GENERAL_ERROR))


def _send(reply: Reply) -> Response:
    answer = Response(reply.body, reply.http_status, content_type=_JSON)
    answer.headers["X-TIMESTAMP"] = clock.now().astimezone(UTC).isoformat(timespec="seconds")
    return answer


def _service() -> Service:
    return Service.at(request.path)


def _request_id(fields: dict[str, Any], name: str) -> str:
    return rules.required_text(fields, name, rules.LONGEST_REQUEST_ID)


def _whole_rupiah(amount: object) -> int | None:
    try:
        return rules.read_amount(amount)
    except rules.NotWholeRupiah:
        return None


def _optional_id(fields: dict[str, Any], name: str) -> str | None:
    return rules.optional_text(fields, name, rules.LONGEST_REQUEST_ID)


def _echo(fields: dict[str, Any]) -> dict[str, object]:
    echoed: dict[str, object] = {name: fields[name] for name in _ECHOED if isinstance(fields.get(name), str)}
    if isinstance(fields.get("billDetails"), list):
        echoed["billDetails"] = fields["billDetails"]
    return echoed


def _said(value: object) -> str | None:
    """The bank's own words of when, kept beside what we make of them."""
    return None if value in (None, "") else one_line(str(value), _LONGEST_SAID)


def _paid_at(fields: dict[str, Any], now: datetime) -> datetime:
    """When the customer paid, as the bank says; our own moment where it says nothing usable."""
    try:
        return signing.read_timestamp(str(fields.get("trxDateTime") or ""))
    except signing.BadTimestamp:
        return now
