"""From decision to booklet: tick what is printed together, print the sheet, then scan each booklet in."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.rules import CaseState
from mpaspor.desk import print_queries, stock_queries
from mpaspor.desk.print_booklet import print_booklet
from mpaspor.desk.refusals import BookletRefused, OwnCase
from mpaspor.desk.rules import WHO
from mpaspor.foundation import clock
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.stock_forms import PrintedForm
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to_url, wants_main
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence

PRINTERS = WHO[CaseState.GRANTED, CaseState.PRINTED]
SHEET_MOST = 60  # what one printer makes in an hour or two


@blueprint.get("/cetak")
@open_to(*PRINTERS)
def show_granted() -> str:
    """What waits to be printed, the first promised first, each with its tick."""
    office, now = pages.my_office(), clock.now()
    return render_template(
        "officers/print_list.html",
        rows=print_queries.to_print(office, current_user.staff_id),
        held=stock_queries.held(office.id),
        most=SHEET_MOST,
        **pages.frame(office, now, "print"),
    )


@blueprint.get("/cetak/lembar")
@open_to(*PRINTERS)
def show_sheet() -> ResponseReturnValue:
    """The ticked ones as a sheet to print, and a row for each booklet."""
    codes = _ticked(request.args.getlist("pilih"))
    if not codes:
        return go_to_url(url_for("officers.show_granted"))
    return _sheet(codes)


@blueprint.post("/cetak/lembar/<code:code>")
@open_to(*PRINTERS)
def scan_booklet(code: str) -> ResponseReturnValue:
    """One booklet was printed: its number out of the stock, then on to the next row."""
    codes, form = _ticked(request.form.getlist("pilih")) or [code], PrintedForm()
    if not form.validate_on_submit():
        return _sheet(codes, wrong=code, form=form, status=422)
    try:
        print_booklet.once(
            one_time_key(), current_user.staff_id, code, number=form.number.data, now=clock.now()
        )
    except (NotFound, OwnCase):
        raise
    except BookletRefused as refusal:
        form.number.errors = [sentence(refusal)]
        return _sheet(codes, wrong=code, form=form, status=refusal.status)
    except Refusal as refusal:  # the case went another way meanwhile
        form.form_errors.append(sentence(refusal))
        return _sheet(codes, form=form, status=refusal.status)
    return _sheet(codes) if wants_main() else go_to_url(url_for("officers.show_sheet", pilih=codes))


def _ticked(codes: list[str]) -> list[str]:
    return [read_code(code) for code in codes[:SHEET_MOST]]


def _sheet(
    codes: list[str], *, wrong: str | None = None, form: PrintedForm | None = None, status: int = 200
) -> ResponseReturnValue:
    office, now = pages.my_office(), clock.now()
    rows = print_queries.to_print(office, current_user.staff_id, codes)
    if wrong is not None and wrong not in {row.code for row in rows}:
        raise NotFound()
    following = next((row.code for row in rows if row.is_waiting), None)
    body = render_template(
        "officers/print_sheet.html",
        rows=rows,
        codes=codes,
        wrong=wrong,
        form=form,
        at=wrong or following,
        left=sum(row.is_waiting for row in rows),
        **pages.frame(office, now, "print"),
    )
    return body, status
