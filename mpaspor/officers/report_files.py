"""The figures as files: a chart, CSV, a workbook. What people typed stays text in every spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import pygal
import xlsxwriter
from flask_babel import gettext as _
from pygal.style import Style

from mpaspor.applications.walk_in_rules import Ground
from mpaspor.desk.report import Day, Report
from mpaspor.desk.today import Today
from mpaspor.web.formats import short_date
from mpaspor.web.labels.applications import OFFICER_STATES
from mpaspor.web.labels.desk import STAGES
from mpaspor.web.labels.walk_ins import GROUNDS

Cell = str | int | float | date | None
Table = tuple[str, Sequence[str], Sequence[Sequence[Cell]]]

# What a spreadsheet takes for a formula at the beginning of a cell (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_TEXT = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
_COUNTED = (Ground.ELDERLY, Ground.DISABILITY, Ground.PREGNANT, Ground.ADMITTED)
_COLOURS = ("#00695f", "#b3261e", "#c9d6d3")


def tables(found: Report) -> list[Table]:
    """Every table of the page, as its files hold it: a name, the heads, the rows."""
    return [
        (
            _("Kuota per hari"),
            [_("Hari"), _("Kuota"), _("Dipakai"), _("Datang"), _("Tidak datang")],
            [[day.on, day.places, day.taken, day.came, day.missed] for day in found.days],
        ),
        (
            _("Waktu per tahap"),
            [
                _("Tahap"), _("Giliran"), _("Menunggu, tengah (menit)"), _("Menunggu, 9 dari 10 (menit)"),
                _("Dilayani, tengah (menit)"), _("Dilayani, 9 dari 10 (menit)"),
            ],
            [
                [
                    str(STAGES[row.station]), row.turns, _tenth(row.waited_median), _tenth(row.waited_p90),
                    _tenth(row.served_median), _tenth(row.served_p90),
                ]
                for row in found.stations
            ],
        ),
        (
            _("Giliran per petugas"),
            [_("Petugas"), _("Tahap"), _("Giliran")],
            [[name, str(STAGES[station]), turns] for name, station, turns in found.work],
        ),
        (
            _("Penolakan dan penangguhan"),
            [_("Keputusan"), _("Dasar"), _("Banyaknya")],
            [[str(OFFICER_STATES[state]), ground or "", count] for state, ground, count in found.ends],
        ),
        *_of_the_door(found),
        (
            _("Janji siap"),
            [_("Siap tepat waktu"), _("Siap terlambat")],
            [[found.ready_in_time, found.ready_late]],
        ),
    ]  # fmt: skip


def _of_the_door(found: Report) -> list[Table]:
    """Who registered whom without an appointment, and each admission on a supervisor's word."""
    return [
        (
            _("Daftar di tempat per petugas"),
            [_("Petugas"), *(str(GROUNDS[ground]) for ground in _COUNTED), _("Tidak dibayar")],
            [[one.officer, *(one.grounds[ground] for ground in _COUNTED), one.unpaid] for one in found.door],
        ),
        (
            _("Diizinkan penyelia"),
            [_("Hari"), _("Penyelia"), _("Alasan")],
            [[one.on, one.officer, one.reason] for one in found.admissions],
        ),
    ]


def of_today(found: Today) -> list[Table]:
    """The day so far, as tables of the same kind."""
    longest = _("Paling lama menunggu (menit)")
    return [
        (
            _("Hari ini"),
            [
                _("Terjadwal"), _("Datang"), _("Di kantor"), longest, _("Selesai"), _("Tidak datang"),
                _("Janji sampai hari ini, belum siap"),
            ],
            [
                [
                    found.booked, found.came, found.here, found.longest, found.done, found.absent,
                    found.at_risk,
                ]
            ],
        ),
        (
            _("Di kantor sekarang"),
            [_("Tahap"), _("Menunggu"), _("Dilayani"), _("Ditunda"), longest],
            [
                [str(STAGES[one.station]), one.waiting, one.served, one.aside, one.longest]
                for one in found.stations
            ],
        ),
    ]  # fmt: skip


def as_csv(all_tables: Sequence[Table]) -> bytes:
    """One table below the other; with a mark by which spreadsheets know the encoding."""
    text = io.StringIO()
    sheet = csv.writer(text)
    for name, heads, rows in all_tables:
        sheet.writerows([[name], heads, *(map(_harmless, row) for row in rows), []])
    return text.getvalue().encode("utf-8-sig")


def as_workbook(all_tables: Sequence[Table]) -> bytes:
    """One sheet for each table."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _PLAIN_TEXT) as book:
        bold = book.add_format({"bold": True})
        for name, heads, rows in all_tables:
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, heads, bold)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, row)
            sheet.set_column(0, len(heads), 22)
    return held.getvalue()


def as_chart(days: Sequence[Day]) -> bytes:
    """The places of each day as bars: came, did not come, left over. The table beside it says the same."""
    chart = pygal.StackedBar(
        js=[], width=960, height=280, explicit_size=True, show_y_guides=True, margin=8, legend_at_bottom=True,
        truncate_legend=-1, x_label_rotation=40, show_minor_x_labels=False, human_readable=True,
        style=Style(
            background="transparent", plot_background="transparent", foreground="#33413f",
            foreground_strong="#33413f", foreground_subtle="#93a19e", colors=_COLOURS,
            font_family="system-ui, sans-serif", label_font_size=12, legend_font_size=13,
        ),
    )  # fmt: skip
    chart.x_labels = [short_date(day.on) for day in days]
    chart.x_labels_major = chart.x_labels[:: max(1, len(days) // 15)]
    chart.add(_("Datang"), [day.came for day in days])
    chart.add(_("Tidak datang"), [day.missed for day in days])
    chart.add(_("Sisa kuota"), [max(0, day.places - day.came - day.missed) for day in days])
    drawn: bytes = chart.render()
    return drawn


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _tenth(minutes: float | None) -> float | None:
    return None if minutes is None else round(float(minutes), 1)
