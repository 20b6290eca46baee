"""The page of days and hours: one function feeds the public calendar, the choice at check-out and moving."""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from mpaspor.booking import queries
from mpaspor.booking.bookable import first_day
from mpaspor.booking.queries import Day, DayState, Hour
from mpaspor.offices.models import Office
from mpaspor.offices.rules import last_open_day, local_date, local_time
from mpaspor.web.formats import long_date, month_name, month_short, short_date

UrlOf = Callable[[date, str | None], str]


@dataclass(frozen=True)
class SlotPage:
    """Everything that `slots/_slots.html` needs."""

    office: Office
    month_title: str
    weeks: list[list[dict[str, Any] | None]]
    previous: tuple[str, str] | None
    following: tuple[str, str] | None
    reasons: list[tuple[str, str]]
    day: Day
    day_words: str
    hours: list[Hour]
    chosen: uuid.UUID | None
    refresh_url: str
    nearest: list[tuple[Hour, str]] = field(default_factory=list)
    trouble: str | None = None

    @property
    def choice(self) -> Hour | None:
        return next((hour for hour in self.hours if hour.slot_id == self.chosen and hour.left > 0), None)


def build(
    office: Office,
    programme_id: uuid.UUID,
    asked: str | None,
    url_of: UrlOf,
    *,
    now: datetime,
    clock: str | None = None,
    chosen: uuid.UUID | None = None,
    trouble: str | None = None,
) -> SlotPage:
    """The month around `asked` (ISO date; else the first free day), its reasons, and that day's hours.

    `clock` ("0900", office time) or `chosen` marks an hour; `url_of` makes the address of a day and hour.
    With `trouble` (why the chosen hour could not be had) the nearest free hours are offered.
    """
    today = local_date(now, office.time_zone)
    asked_day = _parse(asked, today)
    until = asked_day or last_open_day(today, office.opens_weeks_ahead)
    # Where no day was asked for, one reading of all months that are open finds the day and shows its month.
    known = queries.calendar(
        office, programme_id, (asked_day or today).replace(day=1), _month_end(until), now=now
    )
    on = asked_day or _first_free(known) or first_day(office, now)
    first, last = on.replace(day=1), _month_end(on)
    days = [day for day in known if first <= day.on <= last]
    day = days[on.day - 1]
    hours = queries.hours(office, programme_id, on, now=now) if _has_hours(day) else []
    horizon = last_open_day(today, office.opens_weeks_ahead) + timedelta(days=31)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    marked = next((h for h in hours if h.slot_id == chosen or _clock(h, office) == clock), None)
    near_to = None
    if hours and (trouble or day.left == 0):
        near_to = marked.starts_at if marked else hours[0].starts_at
    return SlotPage(
        office=office,
        month_title=month_name(first),
        weeks=_weeks(days, on, url_of),
        previous=(url_of(before.replace(day=1), None), month_short(before))
        if before >= today.replace(day=1)
        else None,
        following=(url_of(after, None), month_short(after)) if after <= horizon else None,
        reasons=_reasons(days),
        day=day,
        day_words=words_for(day),
        hours=hours,
        chosen=marked.slot_id if marked else None,
        refresh_url=url_of(on, None),
        nearest=_nearest(office, programme_id, near_to, url_of, now) if near_to else [],
        trouble=trouble,
    )


def day_of(slot_id: uuid.UUID | None, office: Office) -> str | None:
    """The day (ISO) of a slot, to show it again after its hour could not be had."""
    starts_at = queries.starts_at(slot_id) if slot_id is not None else None
    return local_date(starts_at, office.time_zone).isoformat() if starts_at is not None else None


def _nearest(
    office: Office, programme_id: uuid.UUID, near_to: datetime, url_of: UrlOf, now: datetime
) -> list[tuple[Hour, str]]:
    found = queries.nearest_free(office, programme_id, near_to, now=now)
    return [(h, url_of(local_date(h.starts_at, office.time_zone), _clock(h, office))) for h in found]


def _clock(hour: Hour, office: Office) -> str:
    return f"{local_time(hour.starts_at, office.time_zone):%H%M}"


def _parse(asked: str | None, today: date) -> date | None:
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        return None
    # A calendar of other years would be a page for robots.
    return day if today - timedelta(days=31) <= day <= today + timedelta(days=120) else None


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _first_free(days: list[Day]) -> date | None:
    return next((day.on for day in days if day.state is DayState.OPEN), None)


def _has_hours(day: Day) -> bool:
    return day.state in (DayState.OPEN, DayState.FULL)


def _weeks(days: list[Day], chosen: date, url_of: UrlOf) -> list[list[dict[str, Any] | None]]:
    cells: list[dict[str, Any] | None] = [None] * days[0].on.weekday()
    cells += [_cell(day, chosen, url_of(day.on, None)) for day in days]
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


_LOOKS = {DayState.FULL: "full", DayState.NOT_OPENED: "unopened"}


def _cell(day: Day, chosen: date, href: str) -> dict[str, Any]:
    state = _LOOKS.get(day.state, "closed")
    if day.state is DayState.OPEN:
        state = "few" if day.is_few else "open"
    if day.on == chosen:
        state = "chosen"
    return {
        "day": day.on.day,
        "state": state,
        "word": _word(day),
        "label": f"{long_date(day.on)}. {words_for(day)}",
        "href": None if day.state in (DayState.PAST, DayState.WEEKEND) else href,
    }


def _word(day: Day) -> str:
    words = {
        DayState.OPEN: _("sisa %(count)s", count=day.left),
        DayState.FULL: _("penuh"),
        DayState.CLOSED: _("tutup"),
        DayState.HOLIDAY: _("libur"),
        DayState.NOT_OPENED: _("belum"),
    }
    return words.get(day.state, "")


def words_for(day: Day) -> str:
    """Why a day can or cannot be had, as a sentence."""
    if day.state is DayState.HOLIDAY:
        return _("Libur: %(name)s.", name=day.holiday)
    if day.state is DayState.NOT_OPENED and day.opens_on is not None:
        return _("Belum dibuka. Dibuka %(day)s.", day=long_date(day.opens_on))
    if day.state is DayState.NOT_OPENED:
        return _("Belum dibuka: hari libur tahun %(year)s belum ditetapkan pemerintah.", year=day.on.year)
    words = {
        DayState.OPEN: _("Sisa kuota %(count)s.", count=day.left),
        DayState.FULL: _("Penuh. Bila ada yang batal, kuotanya dibuka lagi nanti, pada waktu acak."),
        DayState.CLOSED: _("Kantor tutup pada hari ini."),
        DayState.WEEKEND: _("Kantor tutup pada Sabtu dan Minggu."),
        DayState.PAST: _("Sudah lewat. Tempat paling cepat adalah hari kerja berikutnya."),
    }
    return words[day.state]


def _reasons(days: list[Day]) -> list[tuple[str, str]]:
    """The same reasons as a list below the calendar, each said once."""
    found: list[tuple[str, str]] = []
    unopened = [day for day in days if day.state is DayState.NOT_OPENED]
    if any(day.opens_on is not None for day in unopened):
        found.append((_("Belum"), _("Satu hari baru dibuka setiap hari kerja, empat minggu di muka.")))
    found += dict.fromkeys((_("Belum"), words_for(day)) for day in unopened if day.opens_on is None)
    for day in days:
        if day.state is DayState.HOLIDAY:
            found.append((short_date(day.on), day.holiday or ""))
    if any(day.state is DayState.FULL for day in days):
        found.append((_("Penuh"), _("Bila ada yang batal, kuotanya dibuka lagi nanti, pada waktu acak.")))
    found.append((_("Sb, Mg"), _("Kantor tutup.")))
    return found
