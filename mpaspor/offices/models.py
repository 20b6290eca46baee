"""Offices, what they offer and when they are open: reference data with effective dates, never constants."""

from __future__ import annotations

import uuid
from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.offices.rules import full_name


class Office(db.Model):
    __tablename__ = "office"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(index=True)
    class_name: Mapped[str]
    has_checkpoint: Mapped[bool | None]
    province: Mapped[str]
    time_zone: Mapped[str]
    address: Mapped[str | None]
    in_service: Mapped[bool] = mapped_column(default=False)
    opens_weeks_ahead: Mapped[int] = mapped_column(default=4)
    arrive_minutes_early: Mapped[int] = mapped_column(default=15)
    service_days: Mapped[int] = mapped_column(default=4)

    @property
    def full_name(self) -> str:
        """What it is called where all of its name is needed."""
        return full_name(self.name, self.class_name, self.has_checkpoint)


class ServicePoint(db.Model):
    """A place of an office where people come: the main building first, units and malls later."""

    __tablename__ = "service_point"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    code: Mapped[str]
    name: Mapped[str]


class Programme(db.Model):
    """A stream with places of its own: regular today; same-day, priority, outreach later."""

    __tablename__ = "programme"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class OpeningHour(db.Model):
    """One hour of a weekday (Monday 0) at a service point, with its places, in the office's own time."""

    __tablename__ = "opening_hour"
    __table_args__ = (
        UniqueConstraint("service_point_id", "programme_id", "weekday", "starts_at", "valid_from"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("capacity > 0 AND ends_at > starts_at", name="sensible"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    service_point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_point.id"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    weekday: Mapped[int]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    capacity: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class Holiday(db.Model):
    """A national holiday or joint leave day, from the decree of its year; offices may add their own."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("on_date", "office_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    on_date: Mapped[date]
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str]
    is_joint_leave: Mapped[bool] = mapped_column(default=False)


class Fee(db.Model):
    """What one item costs between two dates (PP 45/2024 and its predecessors). Integer rupiah."""

    __tablename__ = "fee"
    __table_args__ = (
        UniqueConstraint("item", "validity_years", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("amount_rp >= 0", name="amount"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    item: Mapped[str]
    validity_years: Mapped[int | None]
    amount_rp: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    regulation: Mapped[str]


class OfferedKind(db.Model):
    """A kind of passport that an office issues, between two dates."""

    __tablename__ = "offered_kind"
    __table_args__ = (UniqueConstraint("office_id", "kind", "validity_years", "valid_from"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[str]
    validity_years: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class PriorityGroup(db.Model):
    """Who comes without an appointment between two dates (DOMAIN §4.4), where age says it in full years.

    A row of one office goes before the row for all of them.
    """

    __tablename__ = "priority_group"
    __table_args__ = (
        UniqueConstraint("code", "office_id", "valid_from", postgresql_nulls_not_distinct=True),
        CheckConstraint("least_age >= 0 AND most_age >= coalesce(least_age, 0)", name="ages"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str]
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    least_age: Mapped[int | None]
    most_age: Mapped[int | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    regulation: Mapped[str]
