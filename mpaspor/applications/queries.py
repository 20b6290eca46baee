"""Named reads about cases: loading one is authorising it (a stranger gets 404)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, true
from sqlalchemy.orm import load_only
from sqlalchemy.orm.attributes import set_committed_value

from mpaspor.applications import form_pages
from mpaspor.applications.form_pages import Answers, FormPage, Task, TaskState
from mpaspor.applications.models import AnswerPage, Application, Document
from mpaspor.applications.old_passport import old_passport_in
from mpaspor.applications.paper_queries import Papers, papers_from
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from mpaspor.foundation.kept_rows import kept_rows
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Fee, OfferedKind, Office
from mpaspor.offices.queries import in_force, office_by_id
from mpaspor.offices.rules import HOME_ZONE, local_date
from mpaspor.people.models import Account

DRAFTS_ALLOWED = 5


def mine(account_id: uuid.UUID, code: str) -> Application:
    """The applicant's own case, with the office that was chosen.

    Raises `NotFound` for a stranger's, a discarded or an unknown code.
    """
    found = db.session.scalar(_MINE, {"account_id": account_id, "code": code})
    if found is None:
        raise NotFound(application=code)
    return with_office(found)


def glance(account_id: uuid.UUID, code: str) -> Application:
    """As `mine`, with little more than its state: for pages that many open at once, where most of what a
    read costs is the number of its columns."""
    found = db.session.scalar(_GLANCE, {"account_id": account_id, "code": code})
    if found is None:
        raise NotFound(application=code)
    return with_office(found)


# What makes a case the applicant's own: `account_id` and `code` are given when it is asked, so that a read is
# built once.
IS_MINE = (
    Application.code == bindparam("code"),
    Application.account_id == bindparam("account_id"),
    Application.state != CaseState.DISCARDED,
)
_MINE = select(Application).where(*IS_MINE)
AT_A_GLANCE = load_only(
    Application.id,
    Application.code,
    Application.state,
    Application.office_id,
    Application.programme_id,
    Application.need,
    Application.kind,
    Application.validity_years,
    Application.full_name,
    Application.declared_at,
    Application.changed_at,
)
_GLANCE = _MINE.options(AT_A_GLANCE)
_MINE_WITH_PAPERS = (
    select(Application, Document)
    .outerjoin(Document, Document.application_id == Application.id)
    .where(*IS_MINE)
)


def with_office(case: Application) -> Application:
    """The case with its office, which is a row of reference and seldom costs a statement."""
    set_committed_value(case, "office", office_by_id(case.office_id))
    return case


def draft_count(account_id: uuid.UUID) -> int:
    """How many drafts of the account are not finished."""
    return int(
        db.session.scalar(
            select(func.count()).where(
                Application.account_id == account_id, Application.state == CaseState.DRAFT
            )
        )
        or 0
    )


def answers(application: Application) -> dict[str, dict[str, Any]]:
    """Every answer of the case by page and field: what pages hold, and the facts that are its columns."""
    rows = db.session.scalars(select(AnswerPage).where(AnswerPage.application_id == application.id))
    found: dict[str, dict[str, Any]] = {row.page: json.loads(row.answers) for row in rows}
    facts = facts_of(application)
    for page in form_pages.PAGES:
        if page.name in found:
            found[page.name].update({field: facts[field] for field in page.fields if field in facts})
    # Not a page: what some pages ask depends on how old the person was when the case began.
    found["case"] = {"started_on": local_date(application.created_at, HOME_ZONE).isoformat()}
    return found


def facts_of(application: Application) -> dict[str, Any]:
    """The facts that are columns of the case, as plain JSON values."""
    office = office_by_id(application.office_id)
    return {
        "need": application.need,
        "replacement_reason": application.replacement_reason,
        "kind": application.kind,
        "validity_years": application.validity_years,
        "office_code": office.code if office else None,
        "full_name": application.full_name,
        "nik": application.nik,
        "birth_on": application.birth_on.isoformat() if application.birth_on else None,
        "sex": application.sex,
        "phone": application.phone,
    }


@dataclass(frozen=True)
class Progress:
    """How far a case is: its answers, its papers, the state of each task."""

    application: Application
    answers: Answers
    papers: Papers

    @property
    def missing_pages(self) -> list[FormPage]:
        return form_pages.missing_pages(self.answers)

    @property
    def is_complete(self) -> bool:
        """Every page that applies is filled in and every required paper is there."""
        return not self.missing_pages and not self.papers.missing

    def state(self, task: Task) -> TaskState:
        if task.name == "documents":
            return self._papers_state()
        if task.name == "check":
            if not self.is_complete:
                return TaskState.LOCKED
            return TaskState.DONE if self.application.declared_at else TaskState.NOT_STARTED
        return form_pages.task_state(task, self.answers)

    def _papers_state(self) -> TaskState:
        if not self.papers.missing:
            return TaskState.DONE
        return TaskState.IN_PROGRESS if self.papers.given else TaskState.NOT_STARTED

    @property
    def next_task(self) -> Task | None:
        """The first task that is neither done nor locked."""
        undone = (TaskState.NOT_STARTED, TaskState.IN_PROGRESS)
        return next((task for task in form_pages.TASKS if self.state(task) in undone), None)

    @property
    def done_count(self) -> int:
        return sum(self.state(task) is TaskState.DONE for task in form_pages.TASKS)


def my_progress(account_id: uuid.UUID, code: str) -> Progress:
    """How far the applicant's own case is; two statements. Raises `NotFound` as `mine`."""
    rows = db.session.execute(_MINE_WITH_PAPERS, {"account_id": account_id, "code": code}).all()
    if not rows:
        raise NotFound(application=code)
    case = with_office(rows[0].Application)
    return _progress(case, [row.Document for row in rows if row.Document is not None])


def _progress(case: Application, documents: Sequence[Document]) -> Progress:
    given = answers(case)
    old_passport = old_passport_in(given.get(form_pages.OLD_PASSPORT.name, {}))
    return Progress(case, given, papers_from(case, documents, old_passport))


def is_complete(application: Application) -> bool:
    """Whether the case may be declared."""
    found = db.session.scalars(select(Document).where(Document.application_id == application.id))
    return _progress(application, found.all()).is_complete


@dataclass(frozen=True)
class PricedKind:
    """A kind of passport that can be had on a day, with its price."""

    kind: str
    validity_years: int
    amount_rp: int
    regulation: str

    @property
    def code(self) -> str:
        return f"{self.kind}-{self.validity_years}"


@kept_rows
def kinds_on_offer(day: date, office_id: uuid.UUID | None = None) -> list[PricedKind]:
    """What some office in service, or this one, issues on `day`, cheapest first; one statement."""
    whose = OfferedKind.office_id == office_id if office_id is not None else true()
    rows = db.session.execute(
        select(OfferedKind.kind, OfferedKind.validity_years, Fee.amount_rp, Fee.regulation)
        .join(Office, Office.id == OfferedKind.office_id)
        .join(Fee, (Fee.item == OfferedKind.kind) & (Fee.validity_years == OfferedKind.validity_years))
        .where(
            Office.in_service,
            whose,
            in_force(OfferedKind, day),
            in_force(Fee, day),
        )
        .distinct()
    )
    return sorted((PricedKind(*row) for row in rows), key=lambda found: (found.amount_rp, found.kind))


def is_offered(office_id: uuid.UUID, kind: str, validity_years: int, day: date) -> bool:
    """Whether the office issues this kind on `day`."""
    return (
        db.session.scalar(
            select(OfferedKind.id).where(
                OfferedKind.office_id == office_id,
                OfferedKind.kind == kind,
                OfferedKind.validity_years == validity_years,
                in_force(OfferedKind, day),
            )
        )
        is not None
    )


def known_of_account(account_id: uuid.UUID) -> Mapping[str, Any]:
    """What the account already says of its owner: proposed, once, so that nothing is typed twice."""
    account = db.session.get_one(Account, account_id)
    others = db.session.scalar(
        select(func.count()).where(Application.account_id == account_id, Application.full_name.is_not(None))
    )
    own = {"full_name": account.full_name, "birth_on": account.birth_on.isoformat(), "sex": account.gender}
    return {"phone": account.phone, **({} if others else own)}
