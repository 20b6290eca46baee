"""Banks that may call us, and the short-lived tokens that they call with."""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from mpaspor.billing.models import BankPartner, BankToken
from mpaspor.billing.snap import signing
from mpaspor.billing.snap.rules import TOKEN_SECONDS
from mpaspor.foundation import encryption
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation

SHORTEST_SECRET = 16
_SECRET_PURPOSE = "bank_partner.secret"
_TOKEN_PURPOSE = "bank_token"
_TOKEN_BYTES = 32
_CODE = re.compile(r"[A-Za-z0-9._-]{1,36}", re.ASCII)


# What a call needs, as plain values and built once: every call of a bank begins with it.
_KNOWN = select(
    BankPartner.id, BankPartner.code, BankPartner.name, BankPartner.public_key_pem, BankPartner.secret
)
_OF_TOKEN = _KNOWN.join(BankToken, BankToken.partner_id == BankPartner.id).where(
    BankToken.token_hash == bindparam("token_hash"),
    BankToken.expires_at > bindparam("now"),
    BankPartner.is_active,
)


class BadPartner(ValueError):
    """A partner's code or secret cannot be used; the message says why."""


@dataclass(frozen=True)
class Partner:
    """A bank as the SNAP routes need it. `code` is its X-PARTNER-ID and X-CLIENT-KEY."""

    id: uuid.UUID
    code: str
    name: str
    public_key_pem: str
    secret: str = field(repr=False)


@operation
def register_partner(code: str, *, name: str, secret: str, public_key_pem: str, now: datetime) -> uuid.UUID:
    """Make a bank a partner, or give a known one new keys (tokens given before then end at once).

    Raises `BadPartner`, and `signing.BadKey` for a key that is no RSA key of 2048 bits or more.
    """
    if not _CODE.fullmatch(code):
        raise BadPartner("the id must be 1 to 36 of letters, digits, dot, dash and underscore")
    if len(secret) < SHORTEST_SECRET:
        raise BadPartner(f"the secret must have at least {SHORTEST_SECRET} characters")
    signing.public_key(public_key_pem.encode())
    known = {
        "name": name,
        "secret": encryption.seal(secret.encode(), _SECRET_PURPOSE),
        "public_key_pem": public_key_pem,
        "is_active": True,
    }
    partner_id: uuid.UUID = db.session.execute(
        insert(BankPartner)
        .values(id=uuid7(), code=code, created_at=now, **known)
        .on_conflict_do_update(index_elements=["code"], set_=known)
        .returning(BankPartner.id)
    ).scalar_one()
    db.session.execute(delete(BankToken).where(BankToken.partner_id == partner_id))
    return partner_id


@operation
def issue_token(partner_id: uuid.UUID, *, now: datetime) -> str:
    """A fresh random token, good for 900 seconds, of which only a keyed hash is kept. Drops old ones."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.execute(
        delete(BankToken).where(BankToken.partner_id == partner_id, BankToken.expires_at <= now)
    )
    db.session.add(
        BankToken(
            token_hash=encryption.lookup_hash(token, _TOKEN_PURPOSE),
            partner_id=partner_id,
            expires_at=now + timedelta(seconds=TOKEN_SECONDS),
        )
    )
    return token


def partner_of_token(token: str, now: datetime) -> Partner | None:
    """The active partner that holds this token, or None when it is unknown or over."""
    token_hash = encryption.lookup_hash(token, _TOKEN_PURPOSE)
    row = db.session.execute(_OF_TOKEN, {"token_hash": token_hash, "now": now}).one_or_none()
    return None if row is None else _partner(row)


def partner_by_code(code: str) -> Partner | None:
    """The active partner with this X-CLIENT-KEY."""
    if not _CODE.fullmatch(code):
        return None
    found = _KNOWN.where(BankPartner.code == code, BankPartner.is_active)
    row = db.session.execute(found).one_or_none()
    return None if row is None else _partner(row)


def all_partners() -> list[BankPartner]:
    """Every registered partner, by code."""
    return list(db.session.execute(select(BankPartner).order_by(BankPartner.code)).scalars())


def _partner(row: Row[uuid.UUID, str, str, str, bytes]) -> Partner:
    return Partner(
        id=row.id,
        code=row.code,
        name=row.name,
        public_key_pem=row.public_key_pem,
        secret=encryption.unseal(row.secret, _SECRET_PURPOSE).decode(),
    )
