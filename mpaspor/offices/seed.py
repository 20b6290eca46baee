"""Reference data into the database: offices, programmes, fees, holidays; and opening an office.

Everything here may run again and again: what is there already stays as it is, so that a correction
made by hand survives the next start.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import holidays as calendars
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import (
    Fee,
    Holiday,
    OfferedKind,
    Office,
    OpeningHour,
    PriorityGroup,
    Programme,
    ServicePoint,
)
from mpaspor.offices.queries import PRIORITY, REGULAR
from mpaspor.offices.rules import Hour, fixed_holidays, sort_key

DATA = Path(__file__).parent / "data"

# Years for which the joint decree of the ministers exists; later years would be estimates (DOMAIN §7.3).
DECREED_YEARS = (2026, 2027)

_DEMO_LOOKS_AHEAD = timedelta(days=120)
_DEMO_HOURS_SINCE = date(2023, 1, 1)  # before this the passports of the demo's people cost something else

PROGRAMMES = {REGULAR: "Reguler", PRIORITY: "Prioritas"}
MAIN_POINT = "utama"

# Full issuance of electronic passports at every office of class I since this day (DOMAIN §2.1).
ELECTRONIC_SINCE = date(2024, 12, 1)
ELECTRONIC_KINDS = (("electronic_laminated", 5), ("electronic_laminated", 10))


@operation
def plant_reference_data(*, now: datetime) -> None:
    """Put in the 151 offices, the programmes, the fees and the decreed holidays that are not there yet."""
    _add_new(Office, office_rows(), ["code"])
    _add_new(Programme, ({"code": code, "name": name} for code, name in PROGRAMMES.items()), ["code"])
    _add_new(Fee, fee_rows(), ["item", "validity_years", "valid_from"])
    _add_new(Holiday, holiday_rows(), ["on_date", "office_id"])
    _add_new(PriorityGroup, priority_group_rows(), ["code", "office_id", "valid_from"])


@operation
def open_office(
    code: str,
    *,
    hours: Sequence[Hour],
    valid_from: date,
    address: str | None = None,
    kinds: Sequence[tuple[str, int]] = ELECTRONIC_KINDS,
    programme_code: str = REGULAR,
    now: datetime,
) -> None:
    """Take an office into service: its main service point, opening hours and kinds of passport. Again, with
    another programme, for the hours of that one.

    Raises `NotFound` when no office has this code.
    """
    office = db.session.scalar(select(Office).where(Office.code == code))
    programme = db.session.scalar(select(Programme).where(Programme.code == programme_code))
    if office is None or programme is None:
        raise NotFound(office=code)
    point = {"office_id": office.id, "code": MAIN_POINT, "name": office.name}
    _add_new(ServicePoint, [point], ["office_id", "code"])
    point_id = db.session.scalar(
        select(ServicePoint.id).where(ServicePoint.office_id == office.id, ServicePoint.code == MAIN_POINT)
    )
    shared = {"office_id": office.id, "service_point_id": point_id, "programme_id": programme.id}
    _add_new(
        OpeningHour,
        ({**shared, **vars(hour), "valid_from": valid_from} for hour in hours),
        ["service_point_id", "programme_id", "weekday", "starts_at", "valid_from"],
    )
    _add_new(
        OfferedKind,
        _kind_rows(office.id, kinds, min(valid_from, ELECTRONIC_SINCE)),
        ["office_id", "kind", "validity_years", "valid_from"],
    )
    values: dict[str, Any] = {"in_service": True}
    if address is not None:
        values["address"] = address
    db.session.execute(update(Office).where(Office.id == office.id).values(values))


@operation
def plant_fixed_holidays(*, now: datetime) -> list[int]:
    """For a demo, which opens days on any date: what is known of undecreed years; returns those years.

    A year keeps them until its decree adds the rest. A real installation waits for the decree.
    """
    today = now.date()
    years = {today.year, (today - _DEMO_LOOKS_AHEAD).year, (today + _DEMO_LOOKS_AHEAD).year}
    undecreed = sorted(years.difference(DECREED_YEARS))
    rows = (
        {"on_date": day, "office_id": None, "name": name, "is_joint_leave": False}
        for year in undecreed
        for day, name in fixed_holidays(year).items()
    )
    _add_new(Holiday, rows, ["on_date", "office_id"])
    return undecreed


def plant_palembang(*, now: datetime) -> None:
    """Open Palembang with 100 places a day; the hours are made up for the demo (DOMAIN §7.4)."""
    if db.session.scalar(select(Office.in_service).where(Office.code == "palembang")):
        return
    open_office(
        "palembang",
        hours=hours_from(DATA / "palembang_hours.csv"),
        valid_from=_DEMO_HOURS_SINCE,
        address="Jalan Pangeran Ratu 1, Jakabaring, Seberang Ulu I, Palembang",
        now=now,
    )


def plant_palembang_priority(*, now: datetime) -> None:
    """Give Palembang 20 priority places a day beside the others; made up for the demo like those."""
    if db.session.scalar(select(OpeningHour.id).join(Programme).where(Programme.code == PRIORITY).limit(1)):
        return
    open_office(
        "palembang",
        hours=hours_from(DATA / "palembang_priority_hours.csv"),
        valid_from=_DEMO_HOURS_SINCE,
        programme_code=PRIORITY,
        now=now,
    )


def office_rows() -> Iterator[dict[str, Any]]:
    """The offices of DOMAIN §7.1, as rows of `office`."""
    known = {"yes": True, "no": False, "": None}
    for row in _read(DATA / "offices.csv"):
        yield {
            "code": row["code"],
            "name": row["name"],
            "sort_key": sort_key(row["name"]),
            "class_name": row["class"],
            "has_checkpoint": known[row["has_checkpoint"]],
            "province": row["province"],
            "time_zone": row["time_zone"],
        }


def fee_rows() -> Iterator[dict[str, Any]]:
    """The fees of PP 28/2019 and PP 45/2024 (DOMAIN §3.1), as rows of `fee`."""
    for row in _read(DATA / "fees.csv"):
        yield {
            "item": row["item"],
            "validity_years": int(row["validity_years"]) if row["validity_years"] else None,
            "amount_rp": int(row["amount_rp"]),
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            "regulation": row["regulation"],
        }


def holiday_rows(years: Iterable[int] = DECREED_YEARS) -> Iterator[dict[str, Any]]:
    """National holidays and joint leave of the decreed years, as rows of `holiday`."""
    for category, is_joint_leave in (("public", False), ("government", True)):
        found = calendars.country_holidays("ID", years=years, categories=(category,), language="id")
        for day, name in sorted(found.items()):
            # The calendar calls some lunar dates estimates; the decree has fixed these very days.
            plain = name.replace(" (perkiraan)", "")
            yield {"on_date": day, "office_id": None, "name": plain, "is_joint_leave": is_joint_leave}


def priority_group_rows() -> Iterator[dict[str, Any]]:
    """The priority groups of SE IMI-UM.01.01-2435/2018 (DOMAIN §4), as rows of `priority_group`."""
    for row in _read(DATA / "priority_groups.csv"):
        yield {
            "code": row["code"],
            "office_id": None,
            "least_age": int(row["least_age"]) if row["least_age"] else None,
            "most_age": int(row["most_age"]) if row["most_age"] else None,
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_until": date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
            "regulation": row["regulation"],
        }


def hours_from(path: Path) -> list[Hour]:
    """Opening hours from a CSV file: weekday (Monday 0), starts_at, ends_at, capacity."""
    return [
        Hour(
            weekday=int(row["weekday"]),
            starts_at=time.fromisoformat(row["starts_at"]),
            ends_at=time.fromisoformat(row["ends_at"]),
            capacity=int(row["capacity"]),
        )
        for row in _read(path)
    ]


def _kind_rows(
    office_id: uuid.UUID, kinds: Sequence[tuple[str, int]], valid_from: date
) -> Iterator[dict[str, Any]]:
    for kind, years in kinds:
        yield {
            "office_id": office_id,
            "kind": kind,
            "validity_years": years,
            "valid_from": valid_from,
        }


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _add_new(model: type[Any], rows: Iterable[dict[str, Any]], unique: list[str]) -> None:
    """Insert the rows that are not there yet, told by their unique columns."""
    values = [{"id": uuid7(), **row} for row in rows]
    if values:
        statement = insert(model).values(values).on_conflict_do_nothing(index_elements=unique)
        db.session.execute(statement)
