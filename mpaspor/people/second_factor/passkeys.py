"""Passkeys (WebAuthn): a question that works once, in one browser, and an answer signed for our address.

A passkey asks its owner for a finger, a face or a PIN, so it is password and second factor in one. The app
stays: a passkey is lost with its device.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from mpaspor.config import settings
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.foundation.refusals import NotFound
from mpaspor.people.models import Staff, StaffChallenge, StaffPasskey
from mpaspor.people.refusals import KeyCopied, KeyKnown, KeyRefused, TooManyKeys
from mpaspor.people.rules import KEY_CHALLENGE_LIFE, PASSKEY_NAME, PASSKEYS, ChallengePurpose
from mpaspor.people.second_factor.notices import Notice, record, tell
from mpaspor.people.sign_in.browsers import Browser

_MUST = UserVerificationRequirement.REQUIRED
_BROKEN = (WebAuthnException, ValueError, TypeError, KeyError)  # what the library makes of nonsense


@dataclass(frozen=True)
class Place:
    """For whom a passkey is: the name that it is bound to, and the address of the pages that may ask it."""

    name: str
    origin: str


def place() -> Place:
    """Our own. A passkey is bound to a name and never to a number, so this machine is called `localhost`."""
    url = settings().officer_url
    host = urlsplit(url).hostname or ""
    try:
        is_number = ip_address(host) is not None
    except ValueError:
        is_number = False
    return Place("localhost", url.replace(host, "localhost", 1)) if is_number else Place(host, url)


@operation
def ask(*, browser: Browser, now: datetime) -> str:
    """Ask this browser for any passkey of ours; the question as JSON for it."""
    row = _question(ChallengePurpose.KEY, None, browser=browser, now=now)
    options = webauthn.generate_authentication_options(
        rp_id=place().name, challenge=row.nonce, user_verification=_MUST
    )
    return webauthn.options_to_json(options)


@operation
def ask_new(staff_id: uuid.UUID, *, browser: Browser, now: datetime) -> str:
    """Ask this browser for a new passkey of the officer; the question as JSON for it."""
    staff = db.session.get_one(Staff, staff_id)
    row = _question(ChallengePurpose.REGISTER, staff_id, browser=browser, now=now)
    known = db.session.scalars(_of(staff_id)).all()
    options = webauthn.generate_registration_options(
        rp_id=place().name,
        rp_name="M-Paspor Petugas",
        user_name=staff.email,
        user_display_name=staff.full_name,
        user_id=staff_id.bytes,
        challenge=row.nonce,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_MUST
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in known],
    )
    return webauthn.options_to_json(options)


@operation
def add_passkey(staff_id: uuid.UUID, answer: str, name: str, *, browser: Browser, now: datetime) -> None:
    """Keep a new passkey. Raises `KeyRefused` (the question is used up), `KeyKnown`, `TooManyKeys`."""
    _require_room(staff_id)
    made = _verified_new(staff_id, answer, browser=browser, now=now)
    written = db.session.execute(
        insert(StaffPasskey)
        .values(
            id=uuid7(),
            staff_id=staff_id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=one_line(name, PASSKEY_NAME),
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["credential_id"])
        .returning(StaffPasskey.id)
    )
    key_id = written.scalar_one_or_none()
    if key_id is None:
        raise KeyKnown()
    record("passkey_added", staff_id, now=now)
    tell(staff_id, Notice.KEY_ADDED, once=str(key_id), now=now)


@in_operation
def _require_room(staff_id: uuid.UUID) -> None:
    """One new passkey of an officer at a time. Raises `TooManyKeys`."""
    db.session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
    have = db.session.scalar(select(func.count()).select_from(_of(staff_id).subquery())) or 0
    if have >= PASSKEYS:
        raise TooManyKeys()


@in_operation
def _verified_new(
    staff_id: uuid.UUID, answer: str, *, browser: Browser, now: datetime
) -> VerifiedRegistration:
    """What the device made for our question to this officer. Raises `KeyRefused`."""
    try:
        given = parse_registration_credential_json(answer)
        said = parse_client_data_json(given.response.client_data_json).challenge
    except _BROKEN as broken:
        raise KeyRefused() from broken
    if use_question(said, ChallengePurpose.REGISTER, browser=browser, now=now).staff_id != staff_id:
        raise KeyRefused()
    try:
        return webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=said,
            expected_rp_id=place().name,
            expected_origin=place().origin,
            require_user_verification=True,
        )
    except _BROKEN as broken:
        raise KeyRefused() from broken


@operation
def name_passkey(staff_id: uuid.UUID, key_id: uuid.UUID, name: str, *, now: datetime) -> None:
    """Call a passkey something else. Raises `NotFound` for another's."""
    _change(staff_id, key_id, name=one_line(name, PASSKEY_NAME))


@operation
def remove_passkey(staff_id: uuid.UUID, key_id: uuid.UUID, *, now: datetime) -> None:
    """Let a passkey work no more. Raises `NotFound` for another's, or one that is gone."""
    _change(staff_id, key_id, removed_at=now)
    record("passkey_removed", staff_id, now=now)
    tell(staff_id, Notice.KEY_REMOVED, once=str(key_id), now=now)


@in_operation
def proved_by(answer: str, *, browser: Browser, now: datetime) -> StaffChallenge:
    """Take a passkey's answer; returns the question that it answers, now with whose it is.

    The question is used up whatever the answer. Raises `KeyRefused`, `KeyCopied` (both keep that).
    """
    try:
        given = parse_authentication_credential_json(answer)
        said = parse_client_data_json(given.response.client_data_json).challenge
    except _BROKEN as broken:
        raise KeyRefused() from broken
    asked = use_question(said, ChallengePurpose.KEY, browser=browser, now=now)
    key = db.session.scalar(
        select(StaffPasskey)
        .join(Staff, Staff.id == StaffPasskey.staff_id)
        .where(
            StaffPasskey.credential_id == given.raw_id,
            StaffPasskey.removed_at.is_(None),
            Staff.dismissed_at.is_(None),
        )
        .with_for_update(key_share=True, of=StaffPasskey)
    )
    if key is None:
        raise KeyRefused()
    key.sign_count = _verified_count(answer, said, key, now=now)
    key.last_used_at = now
    asked.staff_id = key.staff_id
    return asked


def _verified_count(answer: str, said: bytes, key: StaffPasskey, *, now: datetime) -> int:
    # The count is looked at here and not by the library, which calls a wrong one and a wrong signature alike.
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=said,
            expected_rp_id=place().name,
            expected_origin=place().origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN as broken:
        raise KeyRefused() from broken
    count = found.new_sign_count
    if count <= key.sign_count and (count or key.sign_count):
        record("passkey_copied", key.staff_id, now=now)
        tell(key.staff_id, Notice.KEY_COPIED, once=f"{key.id}:{now.timestamp()}", now=now)
        raise KeyCopied()
    return count


@in_operation
def use_question(
    said: bytes, purpose: ChallengePurpose, *, browser: Browser, now: datetime
) -> StaffChallenge:
    """Use up the question with this nonce, by the statement that judges it. Raises `KeyRefused`."""
    found = db.session.execute(
        update(StaffChallenge)
        .where(
            StaffChallenge.nonce == said,
            StaffChallenge.purpose == purpose,
            StaffChallenge.asked_by == (browser.mark or b"-"),
            StaffChallenge.used_at.is_(None),
            StaffChallenge.expires_at > now,
        )
        .values(used_at=now)
        .returning(StaffChallenge)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise KeyRefused()
    return found


def passkeys(staff_id: uuid.UUID) -> Sequence[StaffPasskey]:
    """The officer's passkeys that work, the oldest first."""
    return db.session.scalars(_of(staff_id).order_by(StaffPasskey.created_at, StaffPasskey.id)).all()


@in_operation
def _question(
    purpose: ChallengePurpose, staff_id: uuid.UUID | None, *, browser: Browser, now: datetime
) -> StaffChallenge:
    row = StaffChallenge(
        id=uuid7(),
        purpose=purpose,
        staff_id=staff_id,
        nonce=webauthn.helpers.generate_challenge(),
        asked_by=browser.mark or b"",
        created_at=now,
        expires_at=now + KEY_CHALLENGE_LIFE,
    )
    db.session.add(row)
    return row


def _of(staff_id: uuid.UUID) -> Select[StaffPasskey]:
    return select(StaffPasskey).where(StaffPasskey.staff_id == staff_id, StaffPasskey.removed_at.is_(None))


@in_operation
def _change(staff_id: uuid.UUID, key_id: uuid.UUID, **values: object) -> None:
    found = db.session.execute(
        update(StaffPasskey)
        .where(
            StaffPasskey.id == key_id, StaffPasskey.staff_id == staff_id, StaffPasskey.removed_at.is_(None)
        )
        .values(**values)
        .returning(StaffPasskey.id)
        .execution_options(synchronize_session=False)
    )
    if found.scalar_one_or_none() is None:
        raise NotFound()
