"""The papers: each accepted or asked for again with a reason, then the case goes on or waits for them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications import walk_ins
from mpaspor.applications.models import Application, Document
from mpaspor.applications.paper_queries import papers_of
from mpaspor.applications.papers import DocumentKind, Paper, paper_by_code
from mpaspor.applications.rules import CaseState, PaperState
from mpaspor.desk import acting, turns
from mpaspor.desk.presence import leave, must_return, of_case
from mpaspor.desk.queue_rules import Leaving
from mpaspor.desk.refusals import NoPicture, NotYourStep, OriginalNotHeld, PapersUndecided
from mpaspor.desk.rules import PAPERS_DECIDED_BY, PAPERS_DECIDED_IN, PAPERS_TERM, after_papers, may_move
from mpaspor.desk.tell import take_word_back, tell
from mpaspor.foundation import events, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.offices.models import Office


@operation
def decide_paper(
    staff_id: uuid.UUID,
    code: str,
    paper_code: str,
    *,
    accepted: bool,
    held: bool = False,
    reason: str | None,
    seen: str | None,
    seen_as: str | None = None,
    shown_kind: DocumentKind | None = None,
    now: datetime,
) -> str:
    """Accept one paper, or ask for it again with a reason. Returns the paper's code.

    `seen` is the file that was on the screen: a picture that was replaced meanwhile is not accepted
    unseen. `seen_as` is how the paper stood there: one that was decided on meanwhile is not decided on
    again by a tab that does not know it. `held` says that the officer holds the original: only one that was
    sent from home is accepted without it. Of somebody whom the door registered the original is enough; where
    several kinds will do, `shown_kind` is the one that they showed.
    Raises `NoPicture`, `OriginalNotHeld`, `ReasonNeeded`, `NotYourStep`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(PAPERS_DECIDED_BY)
    case = acting.take(officer, code, PAPERS_DECIDED_IN)
    acting.require_paid(case)
    paper = _paper(paper_code)
    document = _document(case, paper)
    if seen_as is not None and seen_as != document.state:
        raise StateChanged(state=case.state)
    turns.begin(case, actor=actor, now=now)
    if accepted:
        if document.file_key != (seen or None):
            raise NoPicture()
        if document.file_key is None:
            _show_original(case, document, paper, held, shown_kind)
        elif not held and case.state is not CaseState.DOCUMENTS_WANTED:
            raise OriginalNotHeld()
        document.state, document.reason = PaperState.ACCEPTED, None
    else:
        document.state, document.reason = PaperState.WANTED, acting.required(reason)
    document.decided_at, document.decided_by = now, staff_id
    db.session.add(document)
    db.session.flush()
    events.record(
        f"paper_{document.state}",
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        reason=document.reason,
        details={"paper": document.kind, "original": held} if accepted else {"paper": document.kind},
    )
    return paper_code


def _paper(paper_code: str) -> Paper:
    paper = paper_by_code(paper_code)
    if paper is None:
        raise NotFound()
    return paper


@in_operation
def _document(case: Application, paper: Paper) -> Document:
    """What was given for this paper; a paper that was never given gets a row to be asked by."""
    rows = db.session.scalars(
        select(Document)
        .where(Document.application_id == case.id, Document.kind.in_(paper.kinds))
        .order_by((Document.state == PaperState.WANTED).desc(), Document.id)
    ).all()
    return rows[0] if rows else Document(application_id=case.id, kind=paper.kinds[0])


@in_operation
def _show_original(
    case: Application, document: Document, paper: Paper, held: bool, kind: DocumentKind | None
) -> None:
    """Nobody could send a picture of this paper before coming; it is here, in the officer's hand."""
    if walk_ins.walk_in_of(case.id) is None:
        raise NoPicture()
    if not held:
        raise OriginalNotHeld()
    if kind is not None and kind in paper.kinds:
        document.kind = kind


@operation
def finish_documents(staff_id: uuid.UUID, code: str, *, waits_here: bool = False, now: datetime) -> str:
    """Draw the conclusion from the decisions: on to the next station, or wait for papers, with a term.

    Whoever is asked for a paper goes home, unless they wait for it in the house (`waits_here`). Returns the
    new state. Raises `PapersUndecided`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    case = acting.take(officer, code, PAPERS_DECIDED_IN)
    acting.require_paid(case)
    state = case.state
    new = _conclusion(case, state)
    if new is CaseState.DOCUMENTS_WANTED and state is new and _came_to_nothing(case, now):
        actor = officer.acting_as(PAPERS_DECIDED_BY)
        case.papers_until, case.changed_at = now + PAPERS_TERM, now
        _ask(case, waits_here, actor, now)
        return str(new)
    if new is None or new is state:
        raise PapersUndecided()
    if not may_move(state, new, officer.roles):
        raise NotYourStep()
    if new is CaseState.DOCUMENTS_WANTED:
        actor = officer.moving(state, new)
        until = now + PAPERS_TERM
        acting.move(case, new, actor=actor, now=now, papers_until=until)
        _ask(case, waits_here, actor, now)
    else:
        _go_on(case, new, officer, now)
    return str(new)


@in_operation
def _go_on(case: Application, new: CaseState, officer: acting.Officer, now: datetime) -> None:
    state = case.state
    acting.move(case, new, actor=officer.moving(state, new), now=now, papers_until=None)
    if state is CaseState.DOCUMENTS_WANTED:
        _tell_papers_are_settled(case, now)


@in_operation
def _came_to_nothing(case: Application, now: datetime) -> bool:
    """Whether what was sent, or shown at the counter, will not do either."""
    return case.papers_until is None or of_case(case.id, acting.office_of(case), now) is not None


@in_operation
def _ask(case: Application, waits_here: bool, actor: Actor, now: datetime) -> None:
    tell("papers_wanted", case, now=now)
    here = of_case(case.id, acting.office_of(case), now)
    if not waits_here:
        leave(case.id, Leaving.SENT_HOME, actor=actor, now=now)
    elif here is not None:
        turns.wait_aside(case, here, actor=actor, now=now)


@operation
def go_on_if_all_accepted(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """After the last accepted paper the case goes on by itself; asking for papers is a step of its own.

    Returns the new state. Raises `PapersUndecided`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    case = acting.take(officer, code, PAPERS_DECIDED_IN)
    acting.require_paid(case)
    state = case.state
    new = _conclusion(case, state)
    if new is None or new in (state, CaseState.DOCUMENTS_WANTED):
        raise PapersUndecided()
    if not may_move(state, new, officer.roles):
        raise NotYourStep()
    _go_on(case, new, officer, now)
    return str(new)


@in_operation
def _tell_papers_are_settled(case: Application, now: datetime) -> None:
    """Nothing is wanted any more; whoever sent the papers from home is told to come again."""
    db.session.refresh(case)  # it has just moved on
    office = db.session.get(Office, case.office_id)
    if office is not None and must_return(case, office, now):
        outbox.cancel("papers_wanted", case.id, now=now)
        tell("come_again", case, now=now)
    else:
        take_word_back("papers_wanted", case, now=now)


@in_operation
def _conclusion(case: Application, state: CaseState) -> CaseState | None:
    papers = papers_of(case)
    given = [card.document for card in papers.cards if card.document is not None]
    missing = [card for card in papers.cards if card.paper.is_required and card.document is None]
    if missing:
        return None
    return after_papers([document.state for document in given], case.wanted_from or state)
