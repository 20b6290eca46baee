"""Surat kedatangan: the ticket for the door, and what to bring."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from mpaspor.booking.rules import last_change_on
from mpaspor.correspondence.letters import VisitLetter
from mpaspor.correspondence.paper import CLOTH, INK, INK2, INNER, LINE, MARGIN, WHITE, Paper
from mpaspor.offices.rules import local_date
from mpaspor.web import formats

TITLE = "Surat kedatangan"
_TICKET = 93.0


def draw(letter: VisitLetter) -> bytes:
    """The letter as PDF/A-2B, one page."""
    zone = ZoneInfo(letter.hour.time_zone)
    paper = Paper(TITLE, letter.head)
    paper.gap(1)
    paper.say(letter.applicant_name, 11.5, colour=INK2)
    paper.gap(5)
    _ticket(paper, letter, zone)
    paper.facts(
        [
            ("Alamat", _address(letter)),
            ("Permohonan", f"{letter.service} · Nomor {formats.grouped(letter.application_number)}"),
        ]
    )
    paper.gap(7)
    paper.heading("Bawa yang asli dan salinannya")
    for thing in letter.to_bring:
        _bullet(paper, thing)
    paper.gap(5)
    paper.heading("Sesudah datang")
    paper.say(
        "Pemeriksaan berkas, foto dan sidik jari, lalu wawancara: hari itu juga. "
        f"{_change(letter)} "
        "Tidak datang tanpa mengubah jadwal: tempat hangus dan biaya tidak kembali.",
        10.5,
        colour=INK2,
    )
    return paper.finished()


def _ticket(paper: Paper, letter: VisitLetter, zone: ZoneInfo) -> None:
    top = paper.get_y()
    paper.set_draw_color(*INK2)
    paper.set_line_width(0.35)
    paper.rect(MARGIN, top, INNER, _TICKET, style="D", round_corners=True, corner_radius=4)
    _leaf(paper, letter, zone, MARGIN + 8, top + 8)
    x = MARGIN + 50
    paper.word(
        x, top + 8.5, formats.hour_range(letter.hour.starts_at, letter.hour.ends_at, zone), 24, bold=True
    )
    early = letter.hour.starts_at - timedelta(minutes=letter.hour.arrive_minutes_early)
    paper.word(x, top + 20, f"Tiba pukul {formats.hour(early, zone)}. Kami panggil menurut jam.", 11.5)
    paper.set_y(top + 28)
    paper.say(letter.hour.office_name, 11.5, bold=True, x=x, width=INNER - 58)
    _tear(paper, top + 44)
    size = 47.0
    paper.qr(letter.visit_token, MARGIN + 4, top + 45.2, size)
    x = MARGIN + 58
    paper.word(x, top + 54, "Tunjukkan di pintu", 11, colour=INK2)
    paper.word(x, top + 60, formats.grouped(letter.application_code), 31, bold=True)
    name_width = INNER - 66
    paper.word(
        x, top + 75, letter.applicant_name, paper.fitted(letter.applicant_name, 11.5, name_width), colour=INK
    )
    paper.set_xy(MARGIN, top + _TICKET)
    paper.gap(7)


def _leaf(paper: Paper, letter: VisitLetter, zone: ZoneInfo, x: float, y: float) -> None:
    """The leaf of the day: weekday on cloth, number, month."""
    day = letter.hour.starts_at.astimezone(zone)
    wide, high = 34.0, 29.0
    paper.set_draw_color(*INK2)
    paper.set_line_width(0.35)
    paper.box(x, y, wide, high, CLOTH, 2.5)
    paper.box(x + 0.35, y + 8, wide - 0.7, high - 8.35, WHITE, 2.2)
    paper.set_fill_color(*WHITE)
    paper.rect(x + 0.35, y + 8, wide - 0.7, 4, style="F")
    paper.rect(x, y, wide, high, style="D", round_corners=True, corner_radius=2.5)
    _centred(paper, formats.day_name(day, zone, "id"), 11, x, y + 1.7, wide, WHITE)
    _centred(paper, str(day.day), 28, x, y + 9.2, wide, INK)
    _centred(paper, formats.month_year(day, zone, "id"), 11, x, y + 22, wide, INK)


def _centred(
    paper: Paper, text: str, size: float, x: float, y: float, width: float, colour: tuple[int, int, int]
) -> None:
    paper.set_font("Roboto", "B", size)
    paper.word(x + (width - paper.get_string_width(text)) / 2, y, text, size, bold=True, colour=colour)


def _tear(paper: Paper, y: float) -> None:
    paper.set_draw_color(*INK2)
    paper.set_line_width(0.3)
    paper.set_dash_pattern(dash=1.6, gap=1.2)
    paper.line(MARGIN, y, MARGIN + INNER, y)
    paper.set_dash_pattern()


def _bullet(paper: Paper, text: str) -> None:
    """A line with a box to tick before leaving home."""
    paper.set_draw_color(*LINE)
    paper.rule()
    paper.gap(1.8)
    paper.set_draw_color(*INK2)
    paper.set_line_width(0.3)
    paper.rect(MARGIN + 0.3, paper.get_y() + 0.7, 3.6, 3.6, style="D", round_corners=True, corner_radius=0.7)
    paper.say(text, 11, x=MARGIN + 8, width=INNER - 8)
    paper.gap(1.8)


def _address(letter: VisitLetter) -> str:
    name, address = letter.hour.office_name, letter.hour.office_address
    return f"{name}, {address}" if address else name


def _change(letter: VisitLetter) -> str:
    if not letter.may_be_moved:
        return "Jadwal ini sudah diubah sekali dan tidak bisa diubah lagi."
    day = last_change_on(local_date(letter.hour.starts_at, letter.hour.time_zone))
    return f"Jadwal bisa diubah satu kali, paling lambat {formats.long_date(day, language='id')}."
