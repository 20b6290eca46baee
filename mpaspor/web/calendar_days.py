"""The days of a calendar as people read them: a word in each cell, a sentence for each, the reasons below."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from mpaspor.booking.queries import Day, DayState
from mpaspor.web.formats import long_date, short_date
from mpaspor.web.labels.booking import CAUSES


def weeks(days: list[Day], chosen: date, address: str) -> list[list[dict[str, Any] | None]]:
    """The cells of a month, Monday first; `address` is what stands before the day in a link."""
    cells: list[dict[str, Any] | None] = [None] * days[0].on.weekday()
    cells += [_cell(day, chosen, f"{address}{day.on}") for day in days]
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
    if day.state is DayState.CLOSED and day.cause is not None:
        return _("Ditutup kantor: %(cause)s.", cause=CAUSES[day.cause])
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


def reasons(days: list[Day]) -> list[tuple[str, str]]:
    """The same reasons as a list below the calendar, each said once."""
    found: list[tuple[str, str]] = []
    unopened = [day for day in days if day.state is DayState.NOT_OPENED]
    if any(day.opens_on is not None for day in unopened):
        found.append((_("Belum"), _("Satu hari baru dibuka setiap hari kerja, empat minggu di muka.")))
    found += dict.fromkeys((_("Belum"), words_for(day)) for day in unopened if day.opens_on is None)
    for day in days:
        if day.state is DayState.HOLIDAY:
            found.append((short_date(day.on), day.holiday or ""))
        elif day.state is DayState.CLOSED and day.cause is not None:
            found.append((short_date(day.on), words_for(day)))
    if any(day.state is DayState.FULL for day in days):
        found.append((_("Penuh"), _("Bila ada yang batal, kuotanya dibuka lagi nanti, pada waktu acak.")))
    found.append((_("Sb, Mg"), _("Kantor tutup.")))
    return found
