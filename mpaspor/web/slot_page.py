"""The page of days and hours: one function feeds the public calendar, the choice at check-out and moving.

What is free is the same for everybody, so it is read and drawn once for all who ask within a second
(`foundation/kept.py`); whoever has just done something sees it anew. Only the claim itself is the truth.
"""

from __future__ import annotations

import uuid
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app, request, session
from markupsafe import Markup, escape

from mpaspor.booking import queries, release_queries
from mpaspor.booking.bookable import first_day
from mpaspor.booking.days import Day, DayState, days_and_openings
from mpaspor.booking.queries import Hour
from mpaspor.booking.release_queries import Opening
from mpaspor.booking.rules import FAR_DAYS
from mpaspor.foundation.kept import kept
from mpaspor.offices.models import Office
from mpaspor.offices.rules import last_open_day, local_date, local_time, moment_of
from mpaspor.web import language
from mpaspor.web.access import is_cacheable
from mpaspor.web.alternatives import WayOut, ways_out
from mpaspor.web.calendar_days import reasons, weeks, words_for
from mpaspor.web.formats import month_name, month_short
from mpaspor.web.openings import is_soon, new_day_words, opening_words

_ACTED = "acted_at"
_MORNING = time(8)  # of a day without hours
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
    nearest: list[WayOut] = field(default_factory=list)
    trouble: str | None = None
    opening: str | None = None
    is_soon: bool = False  # people wait for it before their screens
    address: str = ""
    html: Markup | None = None

    @property
    def choice(self) -> Hour | None:
        return next((hour for hour in self.hours if hour.slot_id == self.chosen and hour.left > 0), None)


@dataclass(frozen=True)
class Wish:
    """Which part of the calendar somebody looks at: a day (ISO date), an hour of it ("0900", office time, or
    the slot itself), why the chosen hour could not be had, and on which day it may not be."""

    day: str | None = None
    clock: str | None = None
    chosen: uuid.UUID | None = None
    trouble: str | None = None
    not_on: date | None = None
    is_of_one_person: bool = False  # what is said with it names something of theirs


def note_act(now: datetime) -> None:
    """This browser has just taken or given back an hour: from now on it sees nothing older."""
    session[_ACTED] = now.timestamp()


def build(
    office: Office,
    programme_id: uuid.UUID,
    address: str,
    wish: Wish,
    *,
    choose: bool,
    elsewhere: str | None,
    now: datetime,
) -> SlotPage:
    """The month around the wished day (else the first free day), its reasons, and that day's hours.

    `address` is this page's own, up to the day; with `choose` hours can be chosen. Where there is no place at
    the wish the nearest are offered: `elsewhere` is the address of other programmes and offices, None for
    whoever can no longer choose those.
    """
    today = local_date(now, office.time_zone)
    asked = _parse(wish.day, today)
    if wish.is_of_one_person:
        return _page(office, programme_id, address, elsewhere, asked, wish, now)
    said = (wish.clock, wish.chosen, wish.trouble, wish.not_on, elsewhere)
    page = kept().get(
        ("part", office.id, programme_id, today, asked, said, language.choose(), choose),
        lambda: _drawn(_page(office, programme_id, _ANY_PAGE, elsewhere, asked, wish, now), choose),
        since=acted_at(),
    )
    drawn = Markup(str(page.html).replace(_ANY_PAGE, str(escape(address))))  # noqa: S704  (drawn by Jinja)
    return replace(page, office=office, html=drawn, address=page.address.replace(_ANY_PAGE, address))


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
    office: Office,
    programme_id: uuid.UUID,
    address: str,
    elsewhere: str | None,
    asked: date | None,
    wish: Wish,
    now: datetime,
) -> SlotPage:
    days, openings, day, hours = _month(office, programme_id, asked, now, since=acted_at())
    if wish.trouble and any(hour.slot_id == wish.chosen and hour.left for hour in hours):
        # The claim, which has just failed, knows better than what is kept.
        days, openings, day, hours = _month(office, programme_id, asked, now, since=now.timestamp())
    previous, following = _neighbours(office, days, openings, address, now)
    marked = _marked(hours, wish, office)
    near_to = _missed(office, day, hours, marked, wish)
    coming = release_queries.next_of(openings)
    return SlotPage(
        office=office,
        month_title=month_name(day.on),
        weeks=weeks(days, day.on, address),
        previous=previous,
        following=following,
        reasons=reasons(days),
        day=day,
        day_words=words_for(day),
        hours=hours,
        chosen=marked.slot_id if marked else None,
        nearest=ways_out(
            office,
            programme_id,
            near_to,
            address,
            elsewhere,
            now=now,
            not_this=wish.chosen,
            not_on=wish.not_on,
        )
        if near_to
        else [],
        trouble=wish.trouble,
        opening=opening_words(coming, now) if coming else _new_day(days),
        is_soon=is_soon(coming, now),
        address=f"{address}{day.on}",
    )


def _marked(hours: list[Hour], wish: Wish, office: Office) -> Hour | None:
    """The hour that was wished: by its id, else by its clock, where it can be had if anywhere."""
    by_id = next((hour for hour in hours if hour.slot_id == wish.chosen), None)
    at_that_time = [hour for hour in hours if _clock(hour, office) == wish.clock]
    return by_id or next((hour for hour in at_that_time if hour.left), next(iter(at_that_time), None))


def _missed(office: Office, day: Day, hours: list[Hour], marked: Hour | None, wish: Wish) -> datetime | None:
    """The moment that somebody wished and cannot have; None while there is nothing that they miss."""
    if marked is not None and (wish.trouble or not marked.left):
        return marked.starts_at
    if day.left and not wish.trouble:
        return None
    if hours:
        return hours[0].starts_at
    return moment_of(day.on, _time_in(wish.clock) or _MORNING, office.time_zone)


def _new_day(days: list[Day]) -> str | None:
    """Where nothing is left, at least when there will be."""
    return None if any(day.left for day in days) else new_day_words(days)


def _neighbours(
    office: Office, days: list[Day], openings: list[Opening], address: str, now: datetime
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """The months before and after this one, as far as anything may be said of their days."""
    today = local_date(now, office.time_zone)
    horizon = last_open_day(today, office.opens_weeks_ahead) + timedelta(days=31)
    horizon = max([horizon, *(one.last_on for one in openings)])
    before, after = days[0].on - timedelta(days=1), days[-1].on + timedelta(days=1)
    previous = (f"{address}{before.replace(day=1)}", month_short(before))
    following = (f"{address}{after}", month_short(after))
    return previous if before >= today.replace(day=1) else None, following if after <= horizon else None


def _month(
    office: Office, programme_id: uuid.UUID, asked: date | None, now: datetime, since: float
) -> tuple[list[Day], list[Opening], Day, list[Hour]]:
    """The month that is shown, what opens when, the day that is looked at, and the hours of that."""
    known, openings = _days(office, programme_id, asked, now, since)
    on = asked or _first_free(known) or first_day(office, now)
    days = [day for day in known if on.replace(day=1) <= day.on <= _month_end(on)]
    day = days[on.day - 1]
    return days, openings, day, _hours(office, programme_id, day, now, since)


def _days(
    office: Office, programme_id: uuid.UUID, asked: date | None, now: datetime, since: float
) -> tuple[list[Day], list[Opening]]:
    """Every day of the months that are open, read once for all; of another month, that month. And what opens
    when."""
    today = local_date(now, office.time_zone)
    first = today.replace(day=1)
    last = _month_end(last_open_day(today, office.opens_weeks_ahead))
    if asked is not None and not first <= asked <= last:
        of_month = asked.replace(day=1), _month_end(asked)
        return days_and_openings(office, programme_id, *of_month, now=now)
    return kept().get(
        ("days", office.id, programme_id, today),
        lambda: days_and_openings(office, programme_id, first, last, now=now),
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


def _clock(hour: Hour, office: Office) -> str:
    return f"{local_time(hour.starts_at, office.time_zone):%H%M}"


def _time_in(clock: str | None) -> time | None:
    """`0900` as a time of day."""
    if clock is None or not (clock.isascii() and clock.isdigit() and len(clock) == 4):
        return None
    hour, minute = int(clock[:2]), int(clock[2:])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _parse(asked: str | None, today: date) -> date | None:
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        return None
    # A calendar of other years would be a page for robots.
    return day if today - timedelta(days=31) <= day <= today + timedelta(days=FAR_DAYS) else None


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _first_free(days: list[Day]) -> date | None:
    return next((day.on for day in days if day.state is DayState.OPEN), None)
