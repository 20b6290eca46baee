"""Accounts and staff, their one-time codes, and the sign-ins that are the truth about who is here."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.foundation.columns import Moment, uuid7
from mpaspor.foundation.database import db
from mpaspor.people.rules import CodePurpose, Role


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
    __tablename__ = "staff"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    full_name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    dismissed_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffRole(db.Model):
    __tablename__ = "staff_role"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class StaffKin(db.Model):
    """A NIK whose cases this officer keeps away from, their own or a relative's, as a keyed hash."""

    __tablename__ = "staff_kin"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    nik_lookup: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    declared_at: Mapped[datetime] = mapped_column(Moment)


class OneTimeCode(db.Model):
    """A code bound to its owner, address, purpose and the browser that asked; only a keyed hash is stored.

    Codes that were sent again are one challenge: `challenge_id` is the id of its first. Only a browser
    whose mark is in `asked_by` may answer it, so a stranger guesses at a challenge of his own and never
    at the owner's. A reset asked for an address that nobody has leaves a row without an owner: the same
    pages, the same waiting times and the same counting of tries, and no code that could ever be right.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(account_id, staff_id) = 1"
            " OR (purpose = 'reset' AND num_nonnulls(account_id, staff_id) = 0)",
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
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
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
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    audience: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"), index=True)
    device_name: Mapped[str]
    is_shared_device: Mapped[bool] = mapped_column(default=False)
    # Unique: one code lets in one browser, whatever happens at once (STATES §9.8).
    code_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("one_time_code.id"), unique=True)
    known_device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("known_device.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class KnownDevice(db.Model):
    """A browser that has proved the address before.

    No code is asked there of an applicant for a year; an officer's code is asked at every sign-in, and the
    device has its own budgets only.
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
