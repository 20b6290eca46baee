"""What operations of the desk share: who acts, taking a case of the officer's own office, money behind it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from mpaspor.applications import transitions as cases
from mpaspor.applications.models import Application, Document
from mpaspor.applications.rules import CaseState, PaperState
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID
from mpaspor.desk import presence, turns
from mpaspor.desk.queue_rules import LEAVES_WITH
from mpaspor.desk.refusals import AnotherCaseLive, NotYourStep, OwnCase, PapersUndecided, ReasonNeeded, Unpaid
from mpaspor.desk.rules import REASON_LENGTH, WHO
from mpaspor.foundation import events
from mpaspor.foundation.database import constraint_name, db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import began_at, in_operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.people.in_force import holds
from mpaspor.people.models import Staff, StaffKin, StaffRole
from mpaspor.people.rules import Role


@dataclass(frozen=True)
class Officer:
    """Who acts, read in the transaction itself: a role taken away a minute ago is gone."""

    staff_id: uuid.UUID
    office_id: uuid.UUID
    roles: frozenset[Role]

    def acting_as(self, allowed: Collection[Role]) -> Actor:
        """The actor for the history, with the role used. Raises `NotYourStep` without one."""
        used = sorted(self.roles & set(allowed))
        if not used:
            raise NotYourStep()
        return events.officer(self.staff_id, used[0])

    def moving(self, state: CaseState, new: CaseState) -> Actor:
        """The actor of one step of the table. Raises `NotYourStep`."""
        return self.acting_as(WHO[state, new])


@in_operation
def officer(staff_id: uuid.UUID) -> Officer:
    """The officer as the database knows them now, with the roles that have not run out.

    Raises `NotYourStep` for one who was dismissed.
    """
    row = db.session.execute(
        select(Staff.office_id, func.array_agg(StaffRole.role).label("roles"))
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(
            Staff.id == staff_id,
            Staff.dismissed_at.is_(None),
            holds(began_at()),
        )
        .group_by(Staff.office_id)
    ).one_or_none()
    if row is None:
        raise NotYourStep()
    return Officer(staff_id, row.office_id, frozenset(row.roles))


@in_operation
def take(
    found: Officer, code: str, states: Collection[CaseState], *, whoever_holds: bool = False
) -> Application:
    """Lock a case of the officer's own office. Raises `NotFound` for any other, `OwnCase`, `StateChanged`,
    and, unless it does not matter who has the case now, `HeldByColleague`."""
    case = cases.take(case_for(found, code), states)
    if not whoever_holds:
        turns.refuse_if_held(case.id, found.staff_id)
    return case


@in_operation
def case_for(found: Officer, code: str) -> uuid.UUID:
    """A case that this officer may handle. Raises `NotFound` for another office's, `OwnCase` for the
    officer's own or a relative's."""
    row = db.session.execute(
        select(Application.id, is_kept_from(found.staff_id).label("is_kept_from")).where(
            Application.code == code, Application.office_id == found.office_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    if row.is_kept_from:
        raise OwnCase(code=code)
    return uuid.UUID(str(row.id))


def office_of(case: Application) -> Office:
    """The office where the case is handled; a case at the desk has one."""
    return db.session.get_one(Office, case.office_id)


def is_kept_from(staff_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether a case is this officer's own or a relative's: a colleague handles it."""
    return (
        select(StaffKin.staff_id)
        .where(StaffKin.staff_id == staff_id, StaffKin.nik_lookup == Application.nik_lookup)
        .exists()
    )


@in_operation
def require_paid(case: Application) -> None:
    """Hold the case's paid bill for this transaction. Raises `Unpaid` (a reversal stops the desk)."""
    held = db.session.scalar(
        select(Bill.id)
        .where(Bill.application_id == case.id, Bill.state.in_(PAID))
        .with_for_update(key_share=True)
    )
    if held is None:
        raise Unpaid(code=case.code)


@in_operation
def require_papers(case: Application) -> None:
    """Raises `PapersUndecided` while a paper was sent anew and nobody has looked at it."""
    open_one = db.session.scalar(
        select(Document.id)
        .where(Document.application_id == case.id, Document.state != PaperState.ACCEPTED)
        .limit(1)
    )
    if open_one is not None:
        raise PapersUndecided()


@in_operation
def move(
    case: Application,
    new: CaseState,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    **also: object,
) -> None:
    """Move a case that this transaction holds: its turn is done and the next station's begins; where nothing
    more is to do for its person, they have left. Raises `AnotherCaseLive` where its NIK is taken by now."""
    db.session.flush()
    try:
        cases.must_move(case.id, {case.state}, new, actor=actor, now=now, reason=reason, **also)
    except IntegrityError as error:
        if constraint_name(error) == "uq_application_live_nik":
            raise AnotherCaseLive() from error
        raise
    if new in LEAVES_WITH:
        presence.leave(case.id, LEAVES_WITH[new], actor=actor, now=now)
    here = presence.of_case(case.id, office_of(case), now)
    turns.follow(case, new, here, actor=actor, now=now)


def required(reason: str | None) -> str:
    """The reason on one line. Raises `ReasonNeeded` when it is empty."""
    words = one_line(reason or "", REASON_LENGTH)
    if not words:
        raise ReasonNeeded()
    return words
