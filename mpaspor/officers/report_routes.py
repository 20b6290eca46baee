"""The office in figures, for its supervisors: on a page, as a chart, and as files to take along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from mpaspor.desk import booking_habits
from mpaspor.desk.report import LONGEST, days, report
from mpaspor.desk.rules import WAITS_LONG
from mpaspor.desk.today import today_at
from mpaspor.foundation import clock
from mpaspor.officers import blueprint, pages, report_files
from mpaspor.officers.report_files import Table
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import Role
from mpaspor.web.access import open_to

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_USUAL = timedelta(days=29)


@blueprint.get("/laporan")
@open_to(Role.SUPERVISOR)
def show_report() -> ResponseReturnValue:
    """Today so far, and any days up to three months; the last thirty where none were asked for."""
    office, now = pages.my_office(), clock.now()
    first, last, wrong = _asked(office)
    found, today = report(office, first, last), today_at(office, now=now)
    return render_template(
        "officers/report.html",
        report=found,
        today=today,
        long_wait=WAITS_LONG.total_seconds() // 60,
        todays_tables=report_files.of_today(today),
        tables=report_files.tables(found),
        wrong=wrong,
        asked={name: request.args.get(name, "")[:20] for name in ("dari", "sampai")},
        **pages.frame(office, now, "report"),
    ), 422 if wrong else 200


@blueprint.get("/laporan/pola")
@open_to(Role.SUPERVISOR)
def show_habits() -> ResponseReturnValue:
    """What looks like hoarding of places, for a person to judge."""
    office, now = pages.my_office(), clock.now()
    return render_template(
        "officers/booking_habits.html",
        many_niks=booking_habits.many_niks(office, now=now),
        given_back=booking_habits.given_back(office, now=now),
        days=booking_habits.LOOKS_BACK.days,
        many=booking_habits.MANY,
        **pages.frame(office, now, "report"),
    )


@blueprint.get("/laporan/kuota.svg")
@open_to(Role.SUPERVISOR)
def show_chart() -> Response:
    office = pages.my_office()
    first, last, _wrong = _asked(office)
    return _file(report_files.as_chart(days(office, first, last)), "image/svg+xml")


@blueprint.get("/laporan/angka.csv")
@open_to(Role.SUPERVISOR)
def take_csv() -> Response:
    """The tables as a file. They name officers and no applicant."""
    return _to_keep(report_files.as_csv, "csv", "text/csv; charset=utf-8")


@blueprint.get("/laporan/angka.xlsx")
@open_to(Role.SUPERVISOR)
def take_workbook() -> Response:
    """The same, a sheet for each table."""
    return _to_keep(report_files.as_workbook, "xlsx", _WORKBOOK)


def _to_keep(make: Callable[[Sequence[Table]], bytes], kind: str, mimetype: str) -> Response:
    office = pages.my_office()
    first, last, _wrong = _asked(office)
    today = report_files.of_today(today_at(office, now=clock.now()))
    found = report_files.tables(report(office, first, last))
    answer = _file(make([*today, *found]), mimetype)
    name = f"laporan-{first}-{last}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file(content: bytes, mimetype: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = mimetype
    return answer


def _asked(office: Office) -> tuple[date, date, bool]:
    """The days that were asked for; the usual ones, and True, where those were none."""
    today = local_date(clock.now(), office.time_zone)
    usual = today - _USUAL, today
    texts = request.args.get("dari"), request.args.get("sampai")
    try:
        first, last = (
            date.fromisoformat(text) if text else day for text, day in zip(texts, usual, strict=True)
        )
    except ValueError:
        return *usual, True
    if not (today - timedelta(days=3660) <= first <= last <= first + LONGEST):
        return *usual, True
    return first, last, False
