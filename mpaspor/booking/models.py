"""Slots and the claims on them. The counters are guarded by the database itself (STATES §7.2)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.booking.rules import LIVE, BookingState
from mpaspor.foundation.columns import Moment, listed, one_of, uuid7
from mpaspor.foundation.database import db

_LIVE = listed(LIVE)


class Slot(db.Model):
    """An hour with its room: people see `released - taken`."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("service_point_id", "programme_id", "starts_at"),
        CheckConstraint("0 <= taken AND taken <= released AND released <= capacity", name="never_oversold"),
        CheckConstraint("ends_at > starts_at", name="sensible"),
        Index("ix_slot_office_id_programme_id_starts_at", "office_id", "programme_id", "starts_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    service_point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_point.id"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    capacity: Mapped[int]
    released: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class Booking(db.Model):
    """One person's claim on one hour."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("state <> 'held' OR held_until IS NOT NULL", name="held_has_end"),
        Index("uq_booking_live", "application_id", unique=True, postgresql_where=text(f"state IN ({_LIVE})")),
        Index("ix_booking_due", "held_until", postgresql_where=text("state = 'held'")),
        Index("ix_booking_confirmed", "slot_id", postgresql_where=text("state = 'confirmed'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"), index=True)
    state: Mapped[BookingState] = mapped_column(one_of(BookingState, check="state"))
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class PlaceReturn(db.Model):
    """A freed place on its way back: not released until its moment."""

    __tablename__ = "place_return"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)


class BookingMove(db.Model):
    """A change of date: one per booking (STATES §9.11)."""

    __tablename__ = "booking_move"

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    from_slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"))
    to_slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"))
    moved_at: Mapped[datetime] = mapped_column(Moment)
