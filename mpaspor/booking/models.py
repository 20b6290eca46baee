"""Slots and the claims on them. The counters are guarded by the database itself (STATES §7.2)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.booking.rules import LIVE, BookingState, ClosureCause, ReseatingEnd
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
        CheckConstraint("delay_minutes BETWEEN 0 AND 480", name="delay"),
        Index("ix_slot_office_id_programme_id_starts_at", "office_id", "programme_id", "starts_at"),
        Index("ix_slot_closure_id", "closure_id", postgresql_where=text("closure_id IS NOT NULL")),
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
    closure_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("closure.id"))  # closed or cut by
    delay_minutes: Mapped[int] = mapped_column(default=0, server_default="0")  # announced to its people


class Booking(db.Model):
    """One person's claim on one hour."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("state <> 'held' OR held_until IS NOT NULL", name="held_has_end"),
        CheckConstraint("NOT is_offer OR state IN ('held', 'lapsed', 'cancelled')", name="offer_is_answered"),
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
    # Held for somebody whose hour was closed, who has not said yes: no money and no clock makes it theirs.
    is_offer: Mapped[bool] = mapped_column(default=False, server_default="false")


class Closure(db.Model):
    """Hours of an office that are closed, or left with fewer places, and why."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("first_on <= last_on AND last_on < first_on + 62", name="days"),
        CheckConstraint(
            "(begins IS NULL) = (ends IS NULL) AND (begins IS NULL OR begins < ends)", name="part"
        ),
        CheckConstraint("places_left >= 0", name="places_left"),
        CheckConstraint("ended_at IS NULL OR reopened_at IS NOT NULL", name="ends_by_reopening"),
        Index("ix_closure_open", "office_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    service_point_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service_point.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    begins: Mapped[time | None]  # hours that begin in this part of the day, in the office's own time
    ends: Mapped[time | None]
    places_left: Mapped[int]  # in each hour; 0 closes it
    cause: Mapped[ClosureCause] = mapped_column(one_of(ClosureCause, check="cause"))
    note: Mapped[str]
    made_by: Mapped[uuid.UUID | None]  # an officer; none by the command line
    made_at: Mapped[datetime] = mapped_column(Moment)
    reopened_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # everybody who could is back, the hours open


class ClosedHour(db.Model):
    """An hour of a closure, and how it was before."""

    __tablename__ = "closed_hour"

    closure_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("closure.id"), primary_key=True)
    slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"), primary_key=True, index=True)
    capacity_before: Mapped[int]
    released_before: Mapped[int]


class Reseating(db.Model):
    """Somebody lost their place through us: the place, what was proposed instead, and how it ended."""

    __tablename__ = "reseating"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended"),
        CheckConstraint("(offered_id IS NULL) = (offered_at IS NULL)", name="offered"),
        CheckConstraint("ended_as <> 'accepted' OR offered_id IS NOT NULL", name="accepted"),
        Index("ix_reseating_open", "lost_at", postgresql_where=text("ended_at IS NULL")),
        Index("uq_reseating_open", "application_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"), index=True)
    closure_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("closure.id"), index=True
    )  # else an outage
    was_paid: Mapped[bool]
    has_priority: Mapped[bool]
    lost_at: Mapped[datetime] = mapped_column(Moment)
    offered_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("booking.id"), unique=True)
    offered_slot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("slot.id"))
    offered_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_as: Mapped[ReseatingEnd | None] = mapped_column(one_of(ReseatingEnd, check="ended_as"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class PlaceReturn(db.Model):
    """A freed place on its way back: not released until its moment."""

    __tablename__ = "place_return"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)


class ReleaseSeries(db.Model):
    """The same opening of places each week, until it is ended: its next ones stand as `Release` rows."""

    __tablename__ = "release_series"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("first_after >= 0 AND days BETWEEN 1 AND 62", name="days"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        Index("ix_release_series_live", "office_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    weekday: Mapped[int]  # Monday 0, on which it opens
    opens: Mapped[time]  # in the office's own time
    first_after: Mapped[int]  # days from there to the first day that it opens
    days: Mapped[int]
    percent: Mapped[int]
    made_by: Mapped[uuid.UUID | None]  # an officer; none by the command line
    made_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Release(db.Model):
    """Places of some days that open together at a moment, or did.

    `percent` is how much of each hour is open from then on, all that was opened before included; nothing is
    ever taken back. Days that a release names open by it, not by themselves (STATES §7.5).
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("series_id", "opens_at"),
        CheckConstraint("first_on <= last_on AND last_on < first_on + 62", name="days"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("opened_at IS NULL OR cancelled_at IS NULL", name="one_end"),
        CheckConstraint("(opened_at IS NULL) = (places IS NULL)", name="opened"),
        Index(
            "ix_release_due",
            "opens_at",
            postgresql_where=text("opened_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index("ix_release_office_id_programme_id_last_on", "office_id", "programme_id", "last_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    series_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("release_series.id"))
    opens_at: Mapped[datetime] = mapped_column(Moment)
    first_on: Mapped[date]
    last_on: Mapped[date]
    percent: Mapped[int]
    made_by: Mapped[uuid.UUID | None]  # an officer; none by the command line
    made_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    places: Mapped[int | None]  # how many it opened
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)


class BookingMove(db.Model):
    """A change of date: one per booking (STATES §9.11)."""

    __tablename__ = "booking_move"

    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    from_slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"))
    to_slot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("slot.id"))
    moved_at: Mapped[datetime] = mapped_column(Moment)
