"""Offices, what they offer and when they are open: reference data with effective dates, never constants."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.foundation.columns import Moment, listed, one_of, uuid7
from mpaspor.foundation.database import db
from mpaspor.offices.programme_rules import CapCause, Conditions, Cutoffs, Errand
from mpaspor.offices.rules import full_name

_ERRANDS = listed(Errand)


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
    """A place of an office where people come: its main building, a counter in a mall, where a van stands."""

    __tablename__ = "service_point"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    code: Mapped[str]
    name: Mapped[str]
    address: Mapped[str | None]
    map_url: Mapped[str | None]


class Programme(db.Model):
    """A stream with places of its own: regular, percepatan, priority, an office's own.

    The whole country's, or one office's. What it asks and promises stands in its `ProgrammeTerms`.
    """

    __tablename__ = "programme"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    last_on: Mapped[date | None]  # its last day; none: until somebody ends it


class ProgrammeTerms(db.Model):
    """What a programme asks and promises, from a day on; the next row of the same programme ends it.

    A row that has begun is never changed: whoever checked out under it has its promise and its price.
    """

    __tablename__ = "programme_terms"
    __table_args__ = (
        UniqueConstraint("programme_id", "valid_from"),
        CheckConstraint(
            f"cardinality(errands) > 0 AND errands <@ ARRAY[{_ERRANDS}]::varchar[]", name="errands"
        ),
        CheckConstraint(
            "(age_from IS NULL OR age_from BETWEEN 0 AND 120)"
            " AND (age_to IS NULL OR age_to BETWEEN 0 AND 120)"
            " AND (age_from IS NULL OR age_to IS NULL OR age_from <= age_to)",
            name="ages",
        ),
        CheckConstraint(
            "days_ahead_least BETWEEN 1 AND 90"
            " AND (days_ahead_most IS NULL OR days_ahead_most BETWEEN days_ahead_least AND 366)",
            name="days_ahead",
        ),
        CheckConstraint("promise_days IS NULL OR promise_days BETWEEN 0 AND 60", name="promise_days"),
        CheckConstraint("(proof IS NULL) = (proof_en IS NULL)", name="proof"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    valid_from: Mapped[date]
    name: Mapped[str]
    name_en: Mapped[str]
    about: Mapped[str]  # one sentence
    about_en: Mapped[str]
    errands: Mapped[list[str]] = mapped_column(ARRAY(String))
    age_from: Mapped[int | None]  # whole years, both included
    age_to: Mapped[int | None]
    proof: Mapped[str | None]  # what has to be shown, in words
    proof_en: Mapped[str | None]
    surcharge_item: Mapped[str | None]  # of the fee table, on top of the passport
    latest_start: Mapped[time | None]
    days_ahead_least: Mapped[int] = mapped_column(default=1)
    days_ahead_most: Mapped[int | None]
    is_booked: Mapped[bool]
    is_walk_in: Mapped[bool]  # neither: the office agrees on a day with whoever asks
    promise_days: Mapped[int | None]  # working days, 0 the same day; none: as the office promises
    on_days_off: Mapped[bool]
    is_priority: Mapped[bool]  # the lane that is called first
    made_by: Mapped[uuid.UUID | None]  # an officer; none by the command line
    made_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def conditions(self) -> Conditions:
        """Who may use it."""
        errands = frozenset(map(Errand, self.errands))
        return Conditions(errands, self.age_from, self.age_to, self.is_booked, self.is_walk_in)

    @property
    def cutoffs(self) -> Cutoffs:
        """When a visit may lie."""
        return Cutoffs(self.latest_start, self.days_ahead_most, self.on_days_off)


class OpeningHour(db.Model):
    """One hour of a weekday (Monday 0) at a service point, with its places, in the office's own time."""

    __tablename__ = "opening_hour"
    __table_args__ = (
        UniqueConstraint("service_point_id", "programme_id", "weekday", "starts_at", "valid_from"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("capacity > 0 AND ends_at > starts_at", name="sensible"),
        CheckConstraint(
            "(counters IS NULL) = (minutes_each IS NULL)"
            " AND (counters IS NULL OR counters > 0 AND minutes_each > 0)",
            name="counters",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    service_point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_point.id"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    weekday: Mapped[int]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    capacity: Mapped[int]
    counters: Mapped[int | None]  # with `minutes_each` what the capacity was worked out of
    minutes_each: Mapped[int | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class SingleHour(db.Model):
    """One hour of one date, whatever day that is: a van, an event, a Saturday on which the office opens."""

    __tablename__ = "single_hour"
    __table_args__ = (
        UniqueConstraint("service_point_id", "programme_id", "on_date", "starts_at"),
        CheckConstraint("capacity > 0 AND ends_at > starts_at", name="sensible"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    service_point_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service_point.id"))
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    on_date: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    capacity: Mapped[int]


class DayCap(db.Model):
    """The most people that an office can serve on a day between two dates, and why."""

    __tablename__ = "day_cap"
    __table_args__ = (
        CheckConstraint("places >= 0", name="places"),
        CheckConstraint("last_on IS NULL OR first_on <= last_on", name="days"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    programme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("programme.id"))  # none: of all
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    places: Mapped[int]
    cause: Mapped[CapCause] = mapped_column(one_of(CapCause, check="cause"))
    note: Mapped[str]
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(Moment)


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
