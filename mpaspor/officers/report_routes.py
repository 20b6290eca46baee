"""The office in figures, for its supervisors: on a page, as a chart, and as files to take along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from mpaspor.desk.report import LONGEST, Report, days, report
from mpaspor.foundation import clock
from mpaspor.officers import blueprint, pages, report_files
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import Role
from mpaspor.web.access import open_to

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_USUAL = timedelta(days=29)


@blueprint.get("/laporan")
@open_to(Role.SUPERVISOR)
def show_report() -> ResponseReturnValue:
    """Any days up to three months; the last thirty where none were asked for."""
    first, last, wrong = _asked()
    found = report(pages.my_office(), first, last)
    return render_template(
        "officers/report.html",
        report=found,
        tables=report_files.tables(found),
        wrong=wrong,
        asked={name: request.args.get(name, "")[:20] for name in ("dari", "sampai")},
        **pages.frame(pages.my_office(), clock.now(), "report"),
    ), 422 if wrong else 200


@blueprint.get("/laporan/kuota.svg")
@open_to(Role.SUPERVISOR)
def show_chart() -> Response:
    first, last, _wrong = _asked()
    return _file(report_files.as_chart(days(pages.my_office(), first, last)), "image/svg+xml")


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


def _to_keep(make: Callable[[Report], bytes], kind: str, mimetype: str) -> Response:
    first, last, _wrong = _asked()
    answer = _file(make(report(pages.my_office(), first, last)), mimetype)
    name = f"laporan-{first}-{last}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _file(content: bytes, mimetype: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = mimetype
    return answer


def _asked() -> tuple[date, date, bool]:
    """The days that were asked for; the usual ones, and True, where those were none."""
    today = local_date(clock.now(), pages.my_office().time_zone)
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
