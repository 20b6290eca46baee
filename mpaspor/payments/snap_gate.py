"""Who is calling, and is it really they? The checks of every SNAP request, in the specification's order.

Token, timestamp, skew, signature, then everything else: a stranger learns nothing but "who are you".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import request

from mpaspor.billing.snap import partners, signing
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.partners import Partner
from mpaspor.billing.snap.refused_calls import keep_refused_call
from mpaspor.billing.snap.rules import LARGEST_BODY, Outcome, Refused, Service, check_external_id
from mpaspor.billing.snap.signing import Match
from mpaspor.foundation import limits
from mpaspor.foundation.operations import begin_early
from mpaspor.foundation.refusals import TooFast

log = structlog.get_logger()

_BAD_CALLS = 60  # per address and minute, before we stop looking
_CALLS = 1200  # questions per partner and minute: a bank's whole day fits, a walk through all codes does not
_RAW_COPIES = 20  # of refused bodies, per known partner and hour
_LONGEST_HEADER = 4096


@dataclass(frozen=True)
class Caller:
    """A partner whose signature fits, and the request that it signed."""

    partner: Partner
    external_id: str
    body: bytes

    def exchange(self, service: Service, now: datetime) -> Exchange:
        """The request as far as repeating it is concerned."""
        digest = hashlib.sha256(self.body).digest()
        return Exchange(self.partner.id, self.external_id, service, digest, now)


def authenticated(service: Service, now: datetime) -> Caller:
    """The caller of a service request. Raises `Refused` at the first check that fails."""
    partner: Partner | None = None
    body = raw_body()
    try:
        token = _bearer()
        if service is Service.PAYMENT:
            begin_early()
        partner = partners.partner_of_token(token, now)
        if partner is None:
            raise Refused(Outcome.INVALID_TOKEN)
        timestamp = fresh_timestamp(now)
        _check_signature(partner, token, body, timestamp)
    except Refused as refused:
        _count_bad_call(service, refused, partner, body, now)
        raise
    named = _header("X-PARTNER-ID")
    if not named:
        raise Refused(Outcome.MISSING_FIELD, "X-PARTNER-ID")
    if named != partner.code:
        raise Refused(Outcome.PARTNER_NOT_FOUND)
    external_id = check_external_id(_header("X-EXTERNAL-ID"))
    # Money that was taken must be told, however much of it comes: only questions are counted.
    if service is not Service.PAYMENT:
        _count("snap.partner", partner.code, _CALLS, now)
    return Caller(partner, external_id, body)


def token_asker(now: datetime) -> Partner:
    """The partner that signed a token request with its private key. Raises `Refused`."""
    partner: Partner | None = None
    body = raw_body()
    try:
        timestamp = fresh_timestamp(now)
        client, signature = _header("X-CLIENT-KEY"), _header("X-SIGNATURE")
        if not client or not signature:
            raise Refused(Outcome.MISSING_FIELD, "X-SIGNATURE" if client else "X-CLIENT-KEY")
        partner = partners.partner_by_code(client)
        if partner is None:
            raise Refused(Outcome.UNAUTHORIZED, "[Unknown client]")
        key = signing.public_key(partner.public_key_pem.encode())
        signed = signing.token_text(client, timestamp)
        if not signing.rsa_matches(key, signed, signature):
            raise Refused(Outcome.UNAUTHORIZED, "[Signature]")
    except Refused as refused:
        _count_bad_call(Service.TOKEN, refused, partner, body, now)
        raise
    return partner


def fresh_timestamp(now: datetime) -> str:
    """X-TIMESTAMP as sent, once it parses and is near enough to our clock. Raises `Refused`."""
    text = _header("X-TIMESTAMP")
    if not text:
        raise Refused(Outcome.MISSING_FIELD, "X-TIMESTAMP")
    try:
        moment = signing.read_timestamp(text)
    except signing.BadTimestamp as exc:
        raise Refused(Outcome.INVALID_FORMAT, "X-TIMESTAMP") from exc
    if not signing.is_fresh(moment, now):
        raise Refused(Outcome.UNAUTHORIZED, "[Timestamp]")
    return text


def raw_body() -> bytes:
    """The bytes as they came, at most 16 kB. A longer one raises 413, which the room answers as 400xx00."""
    request.max_content_length = LARGEST_BODY
    return request.get_data(cache=True)


def _bearer() -> str:
    scheme, _, token = (_header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(Outcome.INVALID_TOKEN)
    return token.strip()


def _check_signature(partner: Partner, token: str, body: bytes, timestamp: str) -> None:
    match = signing.match_service(
        partner.secret,
        _header("X-SIGNATURE") or "",
        method=request.method,
        path=request.path,
        token=token,
        body=body,
        timestamp=timestamp,
    )
    if match is not Match.MINIFIED:
        log.warning("snap_signature", partner=partner.code, match=str(match))
    if not match.accepted:
        raise Refused(Outcome.UNAUTHORIZED, "[Signature]")


def _header(name: str) -> str | None:
    value = request.headers.get(name)
    return None if value is None else value.strip()[:_LONGEST_HEADER]


def _count_bad_call(
    service: Service, refused: Refused, partner: Partner | None, body: bytes, now: datetime
) -> None:
    """Log a refused call; beyond the limit answer 429. Bodies are kept for known partners only, capped."""
    code = refused.outcome.code(service)
    log.warning("snap_refused", code=code, partner=partner.code if partner else None)
    address = request.remote_addr or "?"
    if partner is not None and limits.hit(
        "snap.raw_copy", partner.code, allowed=_RAW_COPIES, per_seconds=3600, now=now
    ):
        keep_refused_call(partner.id, code, body, now=now)
    _count("snap.bad_call", address, _BAD_CALLS, now)


def _count(name: str, subject: str, allowed: int, now: datetime) -> None:
    """Count one call of a minute. Raises `Refused` (429) beyond the limit, saying when the next may come."""
    try:
        limits.require(name, subject, allowed=allowed, per_seconds=60, now=now)
    except TooFast as too_fast:
        raise Refused(Outcome.TOO_MANY, retry_after=too_fast.retry_after) from too_fast
