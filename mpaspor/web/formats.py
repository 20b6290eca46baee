"""How dates, hours, money, numbers and codes look to people; every function is a Jinja filter too.

House form: `Senin, 23 November 2026` · `08.00–09.00 WIB` · `Rp350.000` · codes in groups.
Money and hours keep their Indonesian form in every language, so that a figure on the screen is the
figure on the letter and on the bank's display; only words and names of days change.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, has_app_context
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from mpaspor.offices.rules import ZONE_LABELS
from mpaspor.people import names
from mpaspor.people.contact import address_in_words
from mpaspor.web.number_words import english, indonesian

# What is read at one glance: `Rp650.000` · `11.00`, `11.00–12.00 WIB` (but not the `50.00` of an amount) ·
# `Sen 23 Nov`, `23 November 2026` · `K7M4-Q2XD` · `0812 3456 7890` · `e-KTP`.
_AT_A_GLANCE = re.compile(
    r"−?Rp\d[\d.]*\d"
    r"|(?<![\d.])\d\d\.\d\d(?:–\d\d\.\d\d)?(?: WI(?:B|TA|T))?(?![\d.]*\d)"
    r"|\b(?:[A-Z][a-z]{2} )?\d\d? (?:Jan(?:uari|uary)?|Feb(?:ruari|ruary)?|Mar(?:et|ch)?|Apr(?:il)?"
    r"|Mei|May|Jun[ie]?|Jul[iy]?|A(?:gu|ug)(?:stus|ust)?|Sep(?:tember)?|O[kc]t(?:ober)?|Nov(?:ember)?"
    r"|De[sc](?:ember)?)\b(?: \d{4}\b)?"
    r"|\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b"
    r"|\b08\d\d \d{4} \d{4}\b"
    r"|\be-KTP\b"
)
_GROUPS = {8: (4, "-"), 15: (3, " "), 16: (4, " ")}


def rupiah(amount_rp: int) -> str:
    """`350000` → `Rp350.000`; a negative amount carries its sign first."""
    figure = f"{abs(amount_rp):,}".replace(",", ".")
    return f"−Rp{figure}" if amount_rp < 0 else f"Rp{figure}"


def number(value: int) -> str:
    """`1500` → `1.500`, for counts."""
    return f"{value:,}".replace(",", ".")


def in_words(amount_rp: int, language: str | None = None) -> str:
    """`350000` → `tiga ratus lima puluh ribu rupiah` (`three hundred fifty thousand rupiah`)."""
    words = english if _language(language) == "en" else indonesian
    return f"{words(amount_rp)} rupiah"


def long_date(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`Senin, 23 November 2026`. A moment needs the office's zone `tz`; a date needs none."""
    return format_date(_local_day(day, tz), "EEEE, d MMMM y", locale=_language(language))


def short_date(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`Sen 23 Nov`: only where the long form is in sight."""
    return format_date(_local_day(day, tz), "EEE d MMM", locale=_language(language))


def near_date(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`Senin, 23 Nov`: for a heading, where the year goes without saying."""
    return format_date(_local_day(day, tz), "EEEE, d MMM", locale=_language(language))


def month_name(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`November 2026`, the heading of a calendar."""
    return format_date(_local_day(day, tz), "MMMM y", locale=_language(language))


def month_short(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`Nov`, on the links beside a calendar's heading."""
    return format_date(_local_day(day, tz), "MMM", locale=_language(language))


def day_name(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`Senin`, the head of a date leaf."""
    return format_date(_local_day(day, tz), "EEEE", locale=_language(language))


def month_year(day: date, tz: tzinfo | str | None = None, language: str | None = None) -> str:
    """`Nov 2026`, the foot of a date leaf."""
    return format_date(_local_day(day, tz), "MMM y", locale=_language(language))


def hour(moment: datetime, tz: tzinfo | str) -> str:
    """`12.51 WIB`, on the clock of the zone `tz`."""
    return f"{_local(moment, tz):%H.%M} {zone_name(tz)}"


def time_of_day(moment: datetime, tz: tzinfo | str) -> str:
    """`08.00`, where the zone is named beside it."""
    return f"{_local(moment, tz):%H.%M}"


def hour_range(starts_at: datetime, ends_at: datetime, tz: tzinfo | str) -> str:
    """`08.00–09.00 WIB`."""
    return f"{_local(starts_at, tz):%H.%M}–{hour(ends_at, tz)}"


def clock_range(starts_at: datetime, ends_at: datetime, tz: tzinfo | str) -> str:
    """`08.00–09.00`, where the zone is named beside it."""
    return f"{_local(starts_at, tz):%H.%M}–{_local(ends_at, tz):%H.%M}"


def office_day(moment: datetime, tz: tzinfo | str) -> date:
    """The day of `moment` on the calendar of the zone `tz`."""
    return _local_day(moment, tz)


def date_time(moment: datetime, tz: tzinfo | str, language: str | None = None) -> str:
    """`Senin, 23 November 2026, pukul 12.51 WIB`."""
    at = ", " if _language(language) == "en" else ", pukul "
    return f"{long_date(moment, tz, language)}{at}{hour(moment, tz)}"


def clock_words(moment: datetime, now: datetime, tz: tzinfo | str) -> str:
    """`pukul 12.51 WIB`, `besok pukul 12.51 WIB`, else with the day: when something may be tried again.

    Rounded up to the minute, so that nobody comes back some seconds too early.
    """
    minute = (moment + timedelta(seconds=59)).replace(second=0, microsecond=0)
    days = (_local_day(minute, tz) - _local_day(now, tz)).days
    if days > 1:
        return date_time(minute, tz)
    at = hour(minute, tz)
    return gettext("besok pukul %(hour)s", hour=at) if days == 1 else gettext("pukul %(hour)s", hour=at)


def machine_time(moment: datetime) -> str:
    """ISO 8601 with offset, for `<time datetime>` and for scripts."""
    return moment.isoformat(timespec="seconds")


def zone_name(tz: tzinfo | str) -> str:
    """WIB, WITA or WIT; the zone's own name anywhere else."""
    key = str(tz)
    return ZONE_LABELS.get(key, key)


def grouped(code: str) -> str:
    """A code as it is read aloud: billing code in threes, application code `K7M4-Q2XD`, sixteen in fours."""
    bare = code.replace(" ", "").replace("-", "")
    size, joint = _GROUPS.get(len(bare), (4, " "))
    return joint.join(bare[start : start + size] for start in range(0, len(bare), size))


def short_name(name: str) -> str:
    """An officer's name as strangers need it: the first word, and the first letter of the last."""
    first, *others = name.split()
    return f"{first} {others[-1][0]}." if others else first


def masked_name(name: str) -> str:
    """`Ratna Dewi Kusuma` → `R•••• D••• K•••••`: enough to recognise oneself, not to learn a name."""
    return names.masked(name)


def whole(text: object) -> object:
    """The text with every price, hour, date and code on one line; what is markup already stays as it is."""
    if text is None or isinstance(text, Markup):
        return text
    held = _AT_A_GLANCE.sub(r'<span class="nowrap">\g<0></span>', str(escape(text)))
    return Markup(held)  # noqa: S704  (escaped above)


def register(app: Flask) -> None:
    """Give every template these functions under their own names."""
    for function in _FILTERS:
        app.jinja_env.filters[function.__name__] = function


_FILTERS = (
    rupiah, number, in_words, long_date, short_date, near_date, month_name, day_name, month_year,
    hour, time_of_day, hour_range, clock_range, office_day, date_time, machine_time, zone_name,
    grouped, masked_name, short_name, whole, address_in_words,
)  # fmt: skip


def _language(language: str | None) -> str:
    """The language asked for, else the page's, else Indonesian (letters, worker, command line)."""
    if language is None and has_app_context():
        locale = get_locale()
        language = locale.language if locale else None
    return language or "id"


def _local(moment: datetime, tz: tzinfo | str) -> datetime:
    return moment.astimezone(ZoneInfo(tz) if isinstance(tz, str) else tz)


def _local_day(day: date, tz: tzinfo | str | None) -> date:
    if not isinstance(day, datetime):
        return day
    if tz is None:
        raise ValueError("a moment has a date only in a zone")
    return _local(day, tz).date()
