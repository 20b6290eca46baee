"""Where is my application? One page from check-out to collected; it polls until nothing will change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applicants import blueprint, timeline
from mpaspor.applicants.timeline import Row
from mpaspor.applications.models import Application
from mpaspor.applications.paper_queries import papers_of, wanted_papers
from mpaspor.applications.rules import ENDED, CaseState
from mpaspor.billing import queries as billing
from mpaspor.billing.models import Bill
from mpaspor.billing.queries import Standing
from mpaspor.billing.withdraw import WITHDRAWABLE, withdraw
from mpaspor.booking import queries as booking
from mpaspor.booking import reseatings
from mpaspor.booking.queries import Visit
from mpaspor.booking.reseatings import WAITING, TakenHour
from mpaspor.booking.rules import last_change_on
from mpaspor.correspondence.registered import to_bring
from mpaspor.desk import outcome
from mpaspor.desk.models import Handover
from mpaspor.desk.outcome import Outcome
from mpaspor.desk.queue_rules import NEEDED
from mpaspor.desk.waiting import Waiting, waiting_of
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.web.access import Audience, open_to
from mpaspor.web.htmx import go_to, wants_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.booking import CAUSES
from mpaspor.web.labels.desk import PICKUP, RELATIONS
from mpaspor.web.labels.journey import STOPS, is_money_back, next_of, turn_of
from mpaspor.web.labels.papers import missing_names
from mpaspor.web.ticket import Ticket, ticket_of

_BEFORE_THE_VISIT = (CaseState.AWAITING_PAYMENT, CaseState.AWAITING_PLACE, CaseState.SCHEDULED)


@dataclass(frozen=True)
class StatusPage:
    """Everything that the status page and its timeline need."""

    case: Application
    version: str  # what it was drawn from
    office: Office
    bill: Bill | None
    visit: Visit | None
    turn: tuple[Any, ...] | None  # what money or hour say beyond the state of the case
    words: tuple[Any, ...]  # tag, its kind, and the heading that says what is next
    rows: list[Row]
    may_move: bool
    last_change: date | None
    wanted: list[tuple[str, str | None]]
    outcome: Outcome | None
    taken: Handover | None
    collect_by: date | None
    taken_back: CaseState | None
    must_return: bool
    waiting: Waiting | None
    missing: list[str]  # papers that the case asks for and that nobody sent, while they still may be
    brings: list[tuple[str, str]]
    ticket: Ticket | None
    lost: TakenHour | None  # the hour that the office took away, until it is settled

    @property
    def office_name(self) -> str:
        return self.office.full_name

    @property
    def waits(self) -> bool:
        return self.case.state not in ENDED


@blueprint.get("/permohonan/<code:code>")
@open_to(Audience.APPLICANT)
def show_case(code: str) -> ResponseReturnValue:
    """Drafts go to their task list; every other case shows its journey."""
    now, seen = clock.now(), request.args.get("versi")
    if seen and wants_part() and seen == billing.my_version(current_user.account_id, code, now):
        return "", 204
    standing = billing.my_standing(current_user.account_id, code)
    if standing.case.state == CaseState.DRAFT:
        return go_to("applicants.show_tasks", code=code)
    page = _status(standing, now)
    return render_template(
        "applicants/status.html", page=page, stops=STOPS, pickup=PICKUP, relations=RELATIONS, causes=CAUSES
    )


@blueprint.get("/permohonan/<code:code>/tarik")
@open_to(Audience.APPLICANT)
def ask_to_withdraw(code: str) -> ResponseReturnValue:
    """What withdrawing costs, before it is done."""
    page = _status(billing.my_standing(current_user.account_id, code), clock.now())
    if page.case.state not in WITHDRAWABLE:
        return go_to("applicants.show_case", code=code)
    return render_template("applicants/withdraw.html", page=page)


@blueprint.post("/permohonan/<code:code>/tarik")
@open_to(Audience.APPLICANT)
def withdraw_case(code: str) -> ResponseReturnValue:
    withdraw.once(one_time_key(), current_user.account_id, code, now=clock.now())
    return go_to("applicants.show_case", code=code)


def _status(standing: Standing, now: datetime) -> StatusPage:
    case, bill = standing.case, standing.bill
    office = case.office
    if office is None:
        raise NotFound()
    money_back = is_money_back(case, bill)
    visit = None if money_back else standing.visit
    undone = timeline.taken_back(standing.moments)
    terms = outcome.terms_of(case, office)
    waiting = waiting_of(case.id, office, now) if case.state in NEEDED else None
    must_return = case.state in NEEDED and waiting is None
    may_send = case.state in _BEFORE_THE_VISIT
    must_come = must_return or case.state in (CaseState.SCHEDULED, CaseState.MISSED)
    found = papers_of(case) if may_send or must_come else None
    return StatusPage(
        case=case,
        version=standing.version(now),
        office=office,
        bill=bill,
        visit=visit,
        turn=turn_of(case, bill, visit, now),
        words=next_of(case, bill, visit, now),
        rows=timeline.rows(case.state, standing.moments, terms.promised_on, money_back=money_back),
        may_move=case.state is CaseState.SCHEDULED and booking.may_move(visit, office, now=now),
        last_change=last_change_on(local_date(visit.starts_at, office.time_zone)) if visit else None,
        wanted=[(paper.kind, paper.reason) for paper in wanted_papers(case.id)]
        if case.state is CaseState.DOCUMENTS_WANTED
        else [],
        outcome=outcome.outcome_of(case),
        taken=outcome.taken_by(case),
        collect_by=terms.collect_by,
        taken_back=undone[0] if undone else None,
        must_return=must_return,
        waiting=waiting,
        missing=missing_names(found) if found and may_send else [],
        brings=[("file", thing) for thing in to_bring(found)] if found and must_come else [],
        ticket=ticket_of(case, office, visit),
        lost=_lost(case, visit),
    )


def _lost(case: Application, visit: Visit | None) -> TakenHour | None:
    """What the office took, while its person has no other hour of their own."""
    is_settled = case.state not in WAITING or (visit is not None and visit.stands)
    return None if is_settled else reseatings.taken_hour(case.id)
