"""The page of days and hours: one function feeds the public calendar, the choice at check-out and moving.

What is free is the same for everybody, so it is read and drawn once for all who ask within a second
(`foundation/kept.py`); whoever has just done something sees it anew. Only the claim itself is the truth.
"""

from __future__ import annotations

import calendar
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, request, session
from markupsafe import Markup, escape

from mpaspor.booking import queries
from mpaspor.booking.bookable import first_day
from mpaspor.booking.queries import Day, DayState, Hour
from mpaspor.foundation.kept import kept
from mpaspor.offices.models import Office
from mpaspor.offices.rules import last_open_day, local_date, local_time
from mpaspor.web import language
from mpaspor.web.access import is_cacheable
from mpaspor.web.calendar_days import reasons, weeks, words_for
from mpaspor.web.formats import month_name, month_short

_ACTED = "acted_at"
_ANY_PAGE = "\ue000"  # stands in what is kept where a page's own address belongs


@dataclass(frozen=True)
class SlotPage:
    """Everything that `slots/_slots.html` needs; with `html` that part is drawn already."""

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
    nearest: list[tuple[Hour, str]] = field(default_factory=list)
    trouble: str | None = None
    html: Markup | None = None

    @property
    def choice(self) -> Hour | None:
        return next((hour for hour in self.hours if hour.slot_id == self.chosen and hour.left > 0), None)


@dataclass(frozen=True)
class Wish:
    """Which part of the calendar somebody looks at: a day (ISO date), an hour of it ("0900", office time, or
    the slot itself), and why the chosen hour could not be had."""

    day: str | None = None
    clock: str | None = None
    chosen: uuid.UUID | None = None
    trouble: str | None = None
    is_of_one_person: bool = False  # what is said with it names something of theirs


def note_act(now: datetime) -> None:
    """This browser has just taken or given back an hour: from now on it sees nothing older."""
    session[_ACTED] = now.timestamp()


def build(
    office: Office, programme_id: uuid.UUID, address: str, wish: Wish, *, choose: bool, now: datetime
) -> SlotPage:
    """The month around the wished day (else the first free day), its reasons, and that day's hours.

    `address` is this page's own, up to the day; with `choose` hours can be chosen. Where the wished hour
    could not be had, the nearest free hours are offered.
    """
    today = local_date(now, office.time_zone)
    asked = _parse(wish.day, today)
    if wish.is_of_one_person:
        return _page(office, programme_id, address, asked, wish, now)
    said = (wish.clock, wish.chosen, wish.trouble)
    page = kept().get(
        ("part", office.id, programme_id, today, asked, said, language.choose(), choose),
        lambda: _drawn(_page(office, programme_id, _ANY_PAGE, asked, wish, now), choose),
        since=acted_at(),
    )
    drawn = Markup(str(page.html).replace(_ANY_PAGE, str(escape(address))))  # noqa: S704  (drawn by Jinja)
    return replace(page, office=office, html=drawn)


def day_of(slot_id: uuid.UUID | None, office: Office) -> str | None:
    """The day (ISO) of a slot, to show it again after its hour could not be had."""
    starts_at = queries.starts_at(slot_id) if slot_id is not None else None
    return local_date(starts_at, office.time_zone).isoformat() if starts_at is not None else None


def acted_at() -> float:
    """When this browser last took or gave back an hour (a timestamp), or 0."""
    acted_at = None if is_cacheable(request.endpoint) else session.get(_ACTED)
    return acted_at if isinstance(acted_at, float) else 0.0


def _drawn(page: SlotPage, choose: bool) -> SlotPage:
    """The page with its part drawn, and without the row of the office, which belongs to one request."""
    part = current_app.jinja_env.get_template("slots/_slots.html")
    html = Markup(part.render(slots=page, choose=choose))  # noqa: S704  (drawn by Jinja)
    return replace(page, office=None, html=html)  # type: ignore[arg-type]


def _page(
    office: Office, programme_id: uuid.UUID, address: str, asked: date | None, wish: Wish, now: datetime
) -> SlotPage:
    today = local_date(now, office.time_zone)
    days, day, hours = _month(office, programme_id, asked, now, since=acted_at())
    if wish.trouble and any(hour.slot_id == wish.chosen and hour.left for hour in hours):
        # The claim, which has just failed, knows better than what is kept.
        days, day, hours = _month(office, programme_id, asked, now, since=now.timestamp())
    first, last = days[0].on, days[-1].on
    horizon = last_open_day(today, office.opens_weeks_ahead) + timedelta(days=31)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    marked = next((h for h in hours if h.slot_id == wish.chosen or _clock(h, office) == wish.clock), None)
    near_to = None
    if hours and (wish.trouble or day.left == 0):
        near_to = marked.starts_at if marked else hours[0].starts_at
    return SlotPage(
        office=office,
        month_title=month_name(first),
        weeks=weeks(days, day.on, address),
        previous=(f"{address}{before.replace(day=1)}", month_short(before))
        if before >= today.replace(day=1)
        else None,
        following=(f"{address}{after}", month_short(after)) if after <= horizon else None,
        reasons=reasons(days),
        day=day,
        day_words=words_for(day),
        hours=hours,
        chosen=marked.slot_id if marked else None,
        nearest=_nearest(office, programme_id, near_to, address, now) if near_to else [],
        trouble=wish.trouble,
    )


def _month(
    office: Office, programme_id: uuid.UUID, asked: date | None, now: datetime, since: float
) -> tuple[list[Day], Day, list[Hour]]:
    """The month that is shown, its day that is looked at, and the hours of that."""
    known = _days(office, programme_id, asked, now, since)
    on = asked or _first_free(known) or first_day(office, now)
    days = [day for day in known if on.replace(day=1) <= day.on <= _month_end(on)]
    day = days[on.day - 1]
    return days, day, _hours(office, programme_id, day, now, since)


def _days(
    office: Office, programme_id: uuid.UUID, asked: date | None, now: datetime, since: float
) -> list[Day]:
    """Every day of the months that are open, read once for all; of another month, that month."""
    today = local_date(now, office.time_zone)
    first = today.replace(day=1)
    last = _month_end(last_open_day(today, office.opens_weeks_ahead))
    if asked is not None and not first <= asked <= last:
        return queries.calendar(office, programme_id, asked.replace(day=1), _month_end(asked), now=now)
    return kept().get(
        ("days", office.id, programme_id, today),
        lambda: queries.calendar(office, programme_id, first, last, now=now),
        since=since,
    )


def _hours(office: Office, programme_id: uuid.UUID, day: Day, now: datetime, since: float) -> list[Hour]:
    if day.state not in (DayState.OPEN, DayState.FULL):
        return []
    return kept().get(
        ("hours", office.id, programme_id, day.on),
        lambda: queries.hours(office, programme_id, day.on, now=now),
        since=since,
    )


def _nearest(
    office: Office, programme_id: uuid.UUID, near_to: datetime, address: str, now: datetime
) -> list[tuple[Hour, str]]:
    found = queries.nearest_free(office, programme_id, near_to, now=now)
    return [
        (h, f"{address}{local_date(h.starts_at, office.time_zone)}&jam={_clock(h, office)}") for h in found
    ]


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
