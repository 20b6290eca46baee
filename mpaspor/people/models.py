"""Accounts and staff, what each proves it by, and the sign-ins that are the truth about who is here."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.foundation.columns import Moment, uuid7
from mpaspor.foundation.database import db
from mpaspor.people.rules import ChallengePurpose, CodePurpose, LinkPurpose, Role


class Account(db.Model):
    """An applicant's account. An address belongs to one account only once it is verified (DOMAIN §11.1)."""

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "uq_account_verified_email",
            "email",
            unique=True,
            postgresql_where=text("email_verified_at IS NOT NULL"),
        ),
        CheckConstraint("gender IN ('male', 'female')", name="gender"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    full_name: Mapped[str]
    birth_on: Mapped[date]
    gender: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="id")
    terms_version: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    email_verified_at: Mapped[datetime | None] = mapped_column(Moment)


class Staff(db.Model):
    """An officer. Without a password until they have opened the link of their invitation."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("id", "office_id", name="uq_staff_id_office_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    full_name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Moment)
    dismissed_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffRole(db.Model):
    """A role that an officer has, given by somebody else of the same office, or by the owner's command.

    A trigger holds that the application gives roles in the name of an administrator who serves, or for a
    while in a supervisor's, and of nobody else.
    """

    __tablename__ = "staff_role"
    __table_args__ = (
        ForeignKeyConstraint(
            ["staff_id", "office_id"], ["staff.id", "staff.office_id"], name="fk_staff_role_office"
        ),
        ForeignKeyConstraint(
            ["granted_by", "office_id"], ["staff.id", "staff.office_id"], name="fk_staff_role_granted_by"
        ),
        CheckConstraint("granted_by <> staff_id", name="not_own"),
        CheckConstraint(
            "until IS NULL OR (role <> 'admin' AND granted_by IS NOT NULL AND until > granted_at"
            " AND until <= granted_at + interval '31 days')",
            name="term",
        ),
    )

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    office_id: Mapped[uuid.UUID]
    granted_by: Mapped[uuid.UUID | None]
    granted_at: Mapped[datetime | None] = mapped_column(Moment)
    # The end of a role that was given for a while; the row goes soon after.
    until: Mapped[datetime | None] = mapped_column(Moment)


class StaffAbsence(db.Model):
    """From when until when an officer is not there, in days at the office; one is open at a time."""

    __tablename__ = "staff_absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="in_order"),
        Index("uq_staff_absence_open", "staff_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    noted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffKin(db.Model):
    """A NIK whose cases this officer keeps away from, their own or a relative's, as a keyed hash."""

    __tablename__ = "staff_kin"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    nik_lookup: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    declared_at: Mapped[datetime] = mapped_column(Moment)


class StaffLink(db.Model):
    """A one-time link by which an officer sets password, second factor, or both; one is open at a time."""

    __tablename__ = "staff_link"
    __table_args__ = (
        CheckConstraint("num_nonnulls(used_at, voided_at) <= 1", name="one_end"),
        Index(
            "uq_staff_link_open",
            "staff_id",
            unique=True,
            postgresql_where=text("used_at IS NULL AND voided_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    # Who gave it; nobody where the owner's command did.
    given_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    voided_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffTotp(db.Model):
    """An officer's authenticator app. The secret is sealed for this officer: in another row it is noise.

    `last_step` is the newest step of 30 seconds whose code was taken, so that no code works twice. Wrong
    codes are counted here, under the lock of the row, from `wrong_since` on.
    """

    __tablename__ = "staff_totp"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger)
    set_at: Mapped[datetime] = mapped_column(Moment)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    wrong_since: Mapped[datetime | None] = mapped_column(Moment)


class StaffRecoveryCode(db.Model):
    """One of the codes that an officer keeps on paper; only a keyed hash is stored, and each works once."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (CheckConstraint("num_nonnulls(used_at, voided_at) <= 1", name="one_end"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    voided_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffPasskey(db.Model):
    """A passkey of an officer: what proves it, and how often it says that it was used."""

    __tablename__ = "staff_passkey"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffChallenge(db.Model):
    """What a browser of an officer is asked, once: the second factor after a right password, or a passkey.

    Whose passkey will sign in is not known before it has answered.
    """

    __tablename__ = "staff_challenge"
    __table_args__ = (
        CheckConstraint("(nonce IS NULL) = (purpose = 'password')", name="nonce_of_keys"),
        CheckConstraint("staff_id IS NOT NULL OR purpose = 'key'", name="owner"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    purpose: Mapped[ChallengePurpose]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    asked_by: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class OneTimeCode(db.Model):
    """An applicant's code, bound to owner, address, purpose and the asking browser; kept as a keyed hash.

    Codes that were sent again are one challenge: `challenge_id` is the id of its first. Only a browser
    whose mark is in `asked_by` may answer it, so a stranger guesses at a challenge of his own and never
    at the owner's. A reset asked for an address that nobody has leaves a row without an owner: the same
    pages, the same waiting times and the same counting of tries, and no code that could ever be right.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (
        CheckConstraint(
            "account_id IS NOT NULL OR purpose = 'reset'",
            name="one_owner",
        ),
        CheckConstraint("tries BETWEEN 0 AND 5", name="tries"),
        Index("ix_one_time_code_address", "email", "purpose", "created_at"),
        Index("ix_one_time_code_account", "account_id", "purpose", "created_at"),
        Index("ix_one_time_code_challenge", "challenge_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    challenge_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    asked_by: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    asked_from: Mapped[bytes | None] = mapped_column(LargeBinary)
    known_device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("known_device.id"))
    purpose: Mapped[CodePurpose]
    email: Mapped[str]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    replaced_at: Mapped[datetime | None] = mapped_column(Moment)


class SignIn(db.Model):
    """One signed-in browser. The cookie carries the token, this row says whether it still counts."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint("num_nonnulls(account_id, staff_id) = 1", name="one_owner"),
        CheckConstraint("audience IN ('applicant', 'officer')", name="audience"),
        Index("ix_sign_in_staff_id_created_at", "staff_id", "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    audience: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    device_name: Mapped[str]
    is_shared_device: Mapped[bool] = mapped_column(default=False)
    # Unique: one code lets in one browser, whatever happens at once (STATES §9.8).
    code_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("one_time_code.id"), unique=True)
    challenge_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_challenge.id"), unique=True)
    known_device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("known_device.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    # When an officer last showed the second factor here; grave acts want it fresh.
    proved_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class KnownDevice(db.Model):
    """A browser that has proved the address before.

    No code is asked there of an applicant for a year; an officer's second factor is asked at every sign-in,
    and the device has its own budgets only.
    """

    __tablename__ = "known_device"
    __table_args__ = (CheckConstraint("num_nonnulls(account_id, staff_id) = 1", name="one_owner"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    forgotten_at: Mapped[datetime | None] = mapped_column(Moment)
