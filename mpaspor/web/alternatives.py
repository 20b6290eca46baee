"""The nearest places that are left, as rows that lead there with the wish kept."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from mpaspor.booking.alternatives import Alternative, alternatives
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date, local_time
from mpaspor.web.formats import hour_range, long_date


@dataclass(frozen=True)
class WayOut:
    """One row: an hour, where and when it is, and the address of the page that shows it."""

    title: str
    line: str
    on: date
    left: int
    is_few: bool
    href: str


def ways_out(
    office: Office,
    programme_id: uuid.UUID,
    wanted: datetime,
    address: str,
    elsewhere: str | None,
    *,
    now: datetime,
    not_this: uuid.UUID | None = None,
    not_on: date | None = None,
) -> list[WayOut]:
    """Three at most. `address` is the page's own, up to the day; `elsewhere` the one of another office or
    programme, up to its query, and None for whoever can no longer choose those."""
    found = alternatives(
        office,
        programme_id,
        wanted,
        now=now,
        not_this=not_this,
        not_on=not_on,
        elsewhere=elsewhere is not None,
    )
    return [_row(one, address, elsewhere or "") for one in found]


def _row(one: Alternative, address: str, elsewhere: str) -> WayOut:
    hour, zone = one.hour, one.zone
    day = local_date(hour.starts_at, zone)
    parts = (long_date(day), hour.point, one.programme_name, one.office_name)
    clock = f"{local_time(hour.starts_at, zone):%H%M}"
    href = f"{address}{day}&jam={clock}"
    if one.office is not None:
        where = {"kantor": one.office, "layanan": one.programme, "tanggal": day.isoformat(), "jam": clock}
        href = f"{elsewhere}?{urlencode(where)}"
    return WayOut(
        title=hour_range(hour.starts_at, hour.ends_at, zone),
        line=" · ".join(part for part in parts if part),
        on=day,
        left=hour.left,
        is_few=hour.is_few,
        href=href,
    )
