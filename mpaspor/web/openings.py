"""When places open next, as a sentence with the clock time, and how long that was when it was drawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from mpaspor.booking.days import Day, DayState
from mpaspor.booking.release_queries import Opening
from mpaspor.web.formats import date_time, long_date, short_date

REFRESH_SECONDS = 60
_SOON = timedelta(hours=1)


def opening_words(opening: Opening, now: datetime) -> str:
    """`Dibuka lagi Jumat, 4 Desember 2026, pukul 14.00 WIB (3 jam lagi), untuk Sen 7 Des – Jum 11 Des.`"""
    days = short_date(opening.first_on)
    if opening.last_on != opening.first_on:
        days = f"{days} – {short_date(opening.last_on)}"
    when = date_time(opening.opens_at, opening.opens_at.tzinfo or "UTC")
    if opening.opens_at <= now:
        return _("Kuota untuk %(days)s seharusnya dibuka %(when)s; sebentar lagi.", days=days, when=when)
    return _(
        "Dibuka lagi %(when)s (%(left)s), untuk %(days)s.",
        when=when,
        left=time_left(opening.opens_at - now),
        days=days,
    )


def new_day_words(days: list[Day]) -> str | None:
    """Which day opens next where nobody planned anything: one more each working day."""
    found = next((day for day in days if day.state is DayState.NOT_OPENED and day.opens_on is not None), None)
    if found is None or found.opens_on is None:
        return None
    return _(
        "Hari baru berikutnya dibuka %(when)s, untuk %(day)s.",
        when=long_date(found.opens_on),
        day=long_date(found.on),
    )


def time_left(left: timedelta) -> str:
    """`4 hari lagi`, `27 jam lagi`, `38 menit lagi`: rounded down, so that nobody comes too late."""
    minutes = int(left.total_seconds()) // 60
    if minutes < 1:
        return _("kurang dari 1 menit lagi")
    if minutes < 60:
        return ngettext("%(num)s menit lagi", "%(num)s menit lagi", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)s jam lagi", "%(num)s jam lagi", minutes // 60)
    return ngettext("%(num)s hari lagi", "%(num)s hari lagi", minutes // (24 * 60))


def is_soon(opening: Opening | None, now: datetime) -> bool:
    """Whether people wait for it in front of their screens, so that a page renews itself."""
    return opening is not None and opening.opens_at - now <= _SOON
