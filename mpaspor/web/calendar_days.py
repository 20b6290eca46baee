"""The days of a calendar as people read them: a word in each cell, a sentence for each, the reasons below."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from mpaspor.booking.days import Day, DayState
from mpaspor.web.formats import date_time, long_date, short_date
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
        "href": None if day.state is DayState.PAST else href,
    }


def _word(day: Day) -> str:
    words = {
        DayState.OPEN: _("sisa %(count)s", count=day.left),
        DayState.FULL: _("penuh"),
        DayState.CLOSED: _("tutup"),
        DayState.HOLIDAY: _("libur"),
        DayState.NOT_OPENED: _("belum"),
        DayState.NOT_OFFERED: _("tidak ada"),
        DayState.TOO_SOON: _("dekat"),
    }
    return words.get(day.state, "")


def words_for(day: Day) -> str:
    """Why a day can or cannot be had, as a sentence."""
    if day.state is DayState.HOLIDAY:
        return _("Libur: %(name)s.", name=day.holiday)
    if day.state is DayState.CLOSED and day.cause is not None:
        return _("Ditutup kantor: %(cause)s.", cause=CAUSES[day.cause])
    if day.state is DayState.NOT_OPENED:
        return _not_opened(day)
    if day.state is DayState.FULL and day.opens_at is not None:
        return _("Penuh. Kuota berikutnya dibuka %(when)s.", when=_moment(day.opens_at))
    if day.state is DayState.TOO_SOON and day.opens_on is not None:
        return _(
            "Terlalu dekat untuk dipilih: kantor menyiapkan kunjungan sehari sebelumnya. "
            "Paling cepat %(day)s.",
            day=long_date(day.opens_on),
        )
    words = {
        DayState.OPEN: _("Sisa kuota %(count)s.", count=day.left),
        DayState.FULL: _("Penuh. Bila ada yang batal, kuotanya dibuka lagi nanti, pada waktu acak."),
        DayState.CLOSED: _("Kantor tutup pada hari ini."),
        DayState.WEEKEND: _("Kantor tutup pada Sabtu dan Minggu."),
        DayState.NOT_OFFERED: _("Layanan ini tidak ada pada hari ini; kantor buka untuk layanan lain."),
        DayState.PAST: _("Sudah lewat."),
    }
    return words[day.state]


def _not_opened(day: Day) -> str:
    if day.opens_at is not None:
        return _("Belum dibuka. Dibuka %(day)s.", day=_moment(day.opens_at))
    if day.opens_on is not None:
        return _("Belum dibuka. Dibuka %(day)s.", day=long_date(day.opens_on))
    if not day.is_decreed:
        return _("Belum dibuka: hari libur tahun %(year)s belum ditetapkan pemerintah.", year=day.on.year)
    return _("Belum dibuka. Waktunya belum ditetapkan kantor.")


def _moment(at: datetime) -> str:
    """A moment that carries its office's zone."""
    return date_time(at, at.tzinfo or "UTC")


def reasons(days: list[Day]) -> list[tuple[str, str]]:
    """The same reasons as a list below the calendar, each said once."""
    unopened = [day for day in days if day.state is DayState.NOT_OPENED]
    found: list[tuple[str, str]] = []
    if any(day.opens_on is not None for day in unopened):
        found.append((_("Belum"), _("Satu hari baru dibuka setiap hari kerja, empat minggu di muka.")))
    found += dict.fromkeys((_("Belum"), words_for(day)) for day in unopened if day.opens_on is None)
    for day in days:
        if day.state is DayState.HOLIDAY:
            found.append((short_date(day.on), day.holiday or ""))
        elif day.state is DayState.TOO_SOON or (day.state is DayState.CLOSED and day.cause is not None):
            found.append((short_date(day.on), words_for(day)))
    for state, term in ((DayState.FULL, _("Penuh")), (DayState.NOT_OFFERED, _("Tidak ada"))):
        found += dict.fromkeys((term, words_for(day)) for day in days if day.state is state)
    found.append((_("Sb, Mg"), _("Kantor tutup.")))
    return found
