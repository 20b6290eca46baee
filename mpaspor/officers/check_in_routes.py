"""The door: a hand scanner that types, or a code typed by hand; the answer says what to do next."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.rules import CaseState, PaperState
from mpaspor.billing.queries import newest_bill
from mpaspor.desk import board_queries, door_queries, outcome, queries
from mpaspor.desk.check_in import check_in, code_of
from mpaspor.desk.give_priority import give_priority
from mpaspor.desk.queries import WholeCase
from mpaspor.desk.queue_rules import Lane
from mpaspor.desk.refusals import AlreadyHere, CheckInRefused, NotExpected, OwnCase, Unpaid
from mpaspor.desk.rules import AT_THE_DOOR, arrival, may_admit
from mpaspor.desk.stages import Stage, station_of
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, case_rows, door, pages
from mpaspor.officers.desk_forms import CheckInForm
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.web.access import open_to
from mpaspor.web.asked import asked
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.door import ASKED_WHY
from mpaspor.web.labels.papers import document_name
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/hadir")
@open_to(*AT_THE_DOOR)
def show_check_in() -> ResponseReturnValue:
    """The field that waits for a scan, and who was let in last."""
    form = CheckInForm(formdata=None, scan=asked("kode", 20))
    return _page(form, clock.now(), let_in=_case(request.args.get("baru", "")))


@blueprint.post("/hadir")
@open_to(*AT_THE_DOOR)
def let_in() -> ResponseReturnValue:
    """Let the person in, or say why not and who may make an exception."""
    now, form = clock.now(), CheckInForm()
    if not form.validate_on_submit():
        return _page(form, now, status=422)
    try:
        code = code_of(form.scan.data or "", pages.my_office().code)
        check_in.once(one_time_key(), current_user.staff_id, code, reason=form.reason.data, now=now)
    except OwnCase:
        raise
    except Refusal as refusal:
        return _page(form, now, status=refusal.status, refusal=refusal)
    return go_to("officers.show_check_in", baru=code)


@blueprint.post("/hadir/<code:code>/prioritas")
@open_to(*AT_THE_DOOR)
def prioritise(code: str) -> ResponseReturnValue:
    """A number of the priority lane for whoever has just been let in."""
    now = clock.now()
    try:
        give_priority.once(one_time_key(), current_user.staff_id, code, now=now)
    except OwnCase:
        raise
    except Refusal as refusal:
        return _page(CheckInForm(formdata=None), now, status=refusal.status, refusal=refusal)
    return go_to("officers.show_check_in", baru=code)


def _case(code: str) -> WholeCase | None:
    try:
        return queries.whole_case(current_user.office_id, code, with_answers=False) if code else None
    except NotFound:
        return None


def _page(
    form: CheckInForm,
    now: datetime,
    *,
    status: int = 200,
    let_in: WholeCase | None = None,
    refusal: Refusal | None = None,
) -> ResponseReturnValue:
    office = pages.my_office()
    refused = _case(str(refusal.facts.get("code", ""))) if refusal is not None else None
    if refused is not None:
        form = CheckInForm(formdata=None)  # the person is known; the field waits for the next scan
    expected, _total = board_queries.rows(office, stage=(Stage.PAPERS, Stage.DUE), text="", page=1, now=now)
    due = [row for row in expected if row.stage is Stage.DUE]
    waiting = [row for row in expected if row.stage is Stage.PAPERS]
    body = render_template(
        "officers/check_in.html",
        form=form,
        let_in=let_in,
        refusal=refusal,
        refusal_words=_words(refusal, refused, now) if refusal is not None else None,
        refusal_name=type(refusal).__name__ if refusal is not None else None,
        refused=refused,
        where_to=door.where_to(station_of(let_in.state, is_here=True)) if let_in is not None else None,
        wanted=_wanted(let_in),
        questions=door_queries.questions(office, now=now, only_open=False),
        why_words=ASKED_WHY,
        is_ordinary=_has_ordinary_number(let_in),
        return_at=door.may_return_at,
        may_admit=_may_admit(refusal, refused, office, now),
        due=due[:14],
        waiting=list(reversed(waiting))[:8],
        duration=pages.duration,
        birth_date=case_rows.birth_date,
        has_errors=refusal is not None or bool(form.errors),
        **pages.frame(office, now, "check_in"),
    )
    return body, status


_BY_STATE = (AlreadyHere, NotExpected, Unpaid)


def _words(refusal: Refusal, case: WholeCase | None, now: datetime) -> str:
    """The one sentence of the answer: by the state of the case where that is what keeps the person out."""
    if case is None or not isinstance(refusal, _BY_STATE):
        return sentence(refusal)
    bill = newest_bill(case.application.id) if case.state is CaseState.AWAITING_PAYMENT else None
    held = case.interview.held_at if case.interview is not None else None
    promised = outcome.promised_from(held, case.application, case.office)
    return door.sentence_for(case, bill, promised, now=now)


def _has_ordinary_number(case: WholeCase | None) -> bool:
    return case is not None and case.presence is not None and case.presence.lane is Lane.BOOKED


def _wanted(case: WholeCase | None) -> list[str]:
    """The papers that somebody who was let in was asked for."""
    if case is None or case.state is not CaseState.DOCUMENTS_WANTED:
        return []
    documents = [card.document for card in case.papers.cards if card.document is not None]
    return [document_name(one.kind) for one in documents if one.state is PaperState.WANTED]


def _may_admit(refusal: Refusal | None, case: WholeCase | None, office: Office, now: datetime) -> bool:
    """Whether this officer may let the refused person in, with a reason."""
    if not isinstance(refusal, CheckInRefused) or isinstance(refusal, _BY_STATE):
        return False
    if case is None or case.slot is None:
        return False
    zone = office.time_zone
    found = arrival(
        now=now,
        today=local_date(now, zone),
        visit_on=local_date(case.slot.starts_at, zone),
        starts_at=case.slot.starts_at,
        ends_at=case.slot.ends_at,
        delay_minutes=case.slot.delay_minutes,
    )
    return may_admit(found, case.state is CaseState.MISSED, current_user.roles)
