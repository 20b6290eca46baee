"""Registers are asked when the interview is written down, and answer before the decision.

The step only writes the question and a message; the worker asks, outside of every transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting
from mpaspor.desk.models import RegistryCheck
from mpaspor.desk.registries import RegistryUnavailable, Source, Subject
from mpaspor.desk.registry_rules import CheckState, Finding, Registry, is_all_clear, verdict, written
from mpaspor.desk.rules import WHO
from mpaspor.foundation import events, outbox
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, moment, operation

KIND = "ask_registry"  # of the message
_OPEN = (CheckState.ASKED, CheckState.UNAVAILABLE)


@in_operation
def ask(application_id: uuid.UUID, *, now: datetime) -> None:
    """Ask every register about a case that this transaction holds; earlier answers no longer count."""
    at = moment(now)
    for registry in Registry:
        ask_id = uuid7()
        fresh = {"ask_id": ask_id, "state": CheckState.ASKED, "asked_at": at}
        statement = insert(RegistryCheck).values(application_id=application_id, asked_of=registry, **fresh)
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["application_id", "registry"],
                set_={**fresh, "answered_at": None, "details": None},
            )
        )
        dedupe, payload = f"{KIND}:{ask_id}", {"ask_id": str(ask_id)}
        outbox.about_case(KIND, application_id, dedupe_key=dedupe, payload=payload, now=now)


@in_operation
def ask_anew(application_id: uuid.UUID, *, now: datetime) -> None:
    """Another name, birth date or NIK is another question, where one was asked already."""
    asked = select(RegistryCheck.asked_of).where(RegistryCheck.application_id == application_id).limit(1)
    if db.session.scalar(asked) is not None:
        ask(application_id, now=now)


@operation
def ask_again(staff_id: uuid.UUID, code: str, *, now: datetime) -> str:
    """An adjudicator asks every register once more. Returns the code.

    Raises `NotYourStep`, `HeldByColleague`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(WHO[CaseState.INTERVIEWED, CaseState.GRANTED])
    case = acting.take(officer, code, {CaseState.INTERVIEWED})
    ask(case.id, now=now)
    events.record("registries_asked", actor=actor, now=now, application_id=case.id, office_id=case.office_id)
    return code


def answer(sources: Mapping[Registry, Source], ask_id: uuid.UUID, *, now: datetime) -> None:
    """Put one question to its register and write the answer down; a question that was replaced or answered
    is left alone. Raises `RegistryUnavailable` once that is written down, while the case waits for it."""
    found = db.session.execute(
        select(Application, RegistryCheck.asked_of)
        .join(RegistryCheck, RegistryCheck.application_id == Application.id)
        .where(RegistryCheck.ask_id == ask_id, RegistryCheck.state.in_(_OPEN))
    ).one_or_none()
    if found is None:
        return
    case, registry = found
    is_waited_for = case.state in (CaseState.INTERVIEWED, CaseState.DOCUMENTS_WANTED)
    subject = Subject(
        case.id, case.nik or "", case.nik_lookup, case.full_name or "", case.birth_on, case.need
    )
    db.session.remove()
    try:
        findings = sources[registry].ask(subject)
    except RegistryUnavailable:
        _write(ask_id, CheckState.UNAVAILABLE, [], now=now)
        if is_waited_for:
            raise
    else:
        _write(ask_id, verdict(findings), findings, now=now)


@operation
def _write(ask_id: uuid.UUID, state: CheckState, findings: Sequence[Finding], *, now: datetime) -> None:
    written_down = db.session.execute(
        update(RegistryCheck)
        .where(RegistryCheck.ask_id == ask_id, RegistryCheck.state.in_(_OPEN))
        .values(state=state, answered_at=now, details=written(findings))
        .returning(RegistryCheck.application_id, RegistryCheck.asked_of)
    ).one_or_none()
    if written_down is not None and state is not CheckState.UNAVAILABLE:
        events.record(
            "registry_answered",
            actor=events.SYSTEM,
            now=now,
            application_id=written_down.application_id,
            details={"registry": written_down.asked_of, "state": state},
        )


@in_operation
def all_clear(application_id: uuid.UUID) -> bool:
    """Whether every register has answered that all is well."""
    states = db.session.scalars(
        select(RegistryCheck.state).where(RegistryCheck.application_id == application_id)
    ).all()
    return is_all_clear(states)
