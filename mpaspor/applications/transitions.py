"""Taking a case's row and moving its state. The only writer of `application.state`."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from mpaspor.applications.models import Application, Letter
from mpaspor.applications.rules import (
    CODE_LENGTH,
    LETTER_CODE_LENGTH,
    MOVES,
    STEPS_BACK,
    CaseState,
    LetterKind,
)
from mpaspor.foundation import rows
from mpaspor.foundation.check_digit import luhn
from mpaspor.foundation.columns import public_code
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.foundation.rows import Row
from mpaspor.foundation.transitions import Machine, transition
from mpaspor.people.models import Account

_CASE = Machine(
    "case",
    Application,
    {state: {*MOVES.get(state, ()), *filter(None, [STEPS_BACK.get(state)])} for state in CaseState},
    Application.id,
    Application.office_id,
)


@in_operation
def move(
    application_id: uuid.UUID,
    expected: Collection[CaseState],
    new: CaseState,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    **also: object,
) -> bool:
    """Move the case if it is in one of `expected`, setting the columns `also` with it; True if this call
    won. Records the event.

    Every state in `expected` must be allowed to become `new` by `MOVES`, or step back to it.
    """
    values = {**also, "changed_at": now}
    values["wanted_from"] = Application.state if new is CaseState.DOCUMENTS_WANTED else None
    moved = transition(
        _CASE,
        {"id": application_id},
        expected,
        new,
        actor=actor,
        now=now,
        reason=reason,
        values=values,
    )
    return moved is not None


@in_operation
def must_move(
    application_id: uuid.UUID,
    expected: Collection[CaseState],
    new: CaseState,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    **also: object,
) -> None:
    """Like `move`, but raises `StateChanged` when the case was not where it was expected."""
    if not move(application_id, expected, new, actor=actor, now=now, reason=reason, **also):
        raise StateChanged()


@in_operation
def take_mine(account_id: uuid.UUID, code: str, states: Collection[CaseState]) -> Application:
    """Lock the applicant's own case for this transaction and name the states in which it may be written.

    Raises `NotFound` for a stranger's or unknown code, `StateChanged` in any other state.
    """
    return _take(_MINE, {"account_id": account_id, "code": code}, states)


@in_operation
def take_mine_and_account(account_id: uuid.UUID, code: str, states: Collection[CaseState]) -> Application:
    """As `take_mine`, with the account locked just before: its operations that come here queue."""
    return _take(_MINE_AND_ACCOUNT, {"account_id": account_id, "code": code}, states)


@in_operation
def take(application_id: uuid.UUID, states: Collection[CaseState]) -> Application:
    """Lock a case by its id, for officers' and the system's operations. Raises as `take_mine`."""
    return _take(_BY_ID, {"id": application_id}, states)


def _locking(statement: Select[Any], *rows: type[Any]) -> Select[Any]:
    return statement.with_for_update(key_share=True, of=rows).execution_options(populate_existing=True)


# Built once: every operation on a case begins with one of these.
_BY_ID = _locking(select(Application).where(Application.id == bindparam("id")), Application)
_IS_MINE = (Application.code == bindparam("code"), Application.account_id == bindparam("account_id"))
_MINE = _locking(select(Application).where(*_IS_MINE), Application)
_MINE_AND_ACCOUNT = _locking(
    select(Application)
    .select_from(Account)
    .join(Application, Application.account_id == Account.id)
    .where(*_IS_MINE),
    Account,
    Application,
)


def _take(statement: Select[Any], which: dict[str, Any], states: Collection[CaseState]) -> Application:
    row: Application | None = db.session.scalars(statement, which).one_or_none()
    if row is None:
        raise NotFound()
    if row.state not in states:
        raise StateChanged(state=row.state)
    return row


@in_operation
def register_letter(application_id: uuid.UUID, kind: LetterKind, ref: uuid.UUID, *, now: datetime) -> None:
    """Enter a letter into the register, so that `/v/<code>` knows it. Once per case, kind and `ref`."""
    values = {
        "code": public_code(LETTER_CODE_LENGTH),
        "kind": kind,
        "application_id": application_id,
        "ref": ref,
        "made_at": now,
    }
    rows.write(Row(Letter, values, unless_same=("application_id", "kind", "ref")))


def fresh_number() -> str:
    """A new application number: 15 random digits and their check digit. Never an authority (DOMAIN §6.4)."""
    body = f"{secrets.randbelow(9) + 1}{secrets.randbelow(10**14):014d}"
    return body + luhn(body)


def fresh_code() -> str:
    """A new application code: eight characters of Crockford base32, shown as XXXX-XXXX (DOMAIN §6.4)."""
    return public_code(CODE_LENGTH)
