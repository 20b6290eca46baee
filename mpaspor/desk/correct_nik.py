"""A NIK was typed wrong: one officer proposes what the card says, another reads the card too."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mpaspor.applications import nik as niks
from mpaspor.applications.models import Application
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.desk import acting, ask_registries
from mpaspor.desk.models import NikCorrection
from mpaspor.desk.refusals import (
    AnotherCaseLive,
    NeedsSecondReader,
    NikProposed,
    NikReadDiffers,
    NotANik,
    NothingChanged,
)
from mpaspor.desk.rules import CORRECTED_BY, CORRECTED_IN
from mpaspor.foundation import events
from mpaspor.foundation.database import constraint_name, db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.refusals import StateChanged


@operation
def propose_nik(staff_id: uuid.UUID, code: str, *, nik: str, reason: str, now: datetime) -> str:
    """Write down what this officer reads on the card; nothing of the case changes yet. Returns the code.

    Raises `NotANik`, `NothingChanged`, `NikProposed` (one waits already), `ReasonNeeded`, `NotYourStep`,
    `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(CORRECTED_BY)
    case = acting.take(officer, code, CORRECTED_IN)
    words = acting.required(reason)
    if niks.fault(nik) is not None:
        raise NotANik()
    if nik == case.nik:
        raise NothingChanged()
    db.session.add(
        NikCorrection(
            application_id=case.id,
            nik=nik,
            old_nik=case.nik,
            reason=words,
            proposed_by=staff_id,
            proposed_at=now,
        )
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        if constraint_name(error) == "uq_nik_correction_open":
            raise NikProposed() from error
        raise
    _note("nik_proposed", case, actor, now, reason=words)
    return code


@operation
def confirm_nik(staff_id: uuid.UUID, code: str, *, nik: str, now: datetime) -> str:
    """A second officer reads the card too: the same number becomes the case's. Returns the code.

    Raises `NeedsSecondReader` (who proposed it), `NikReadDiffers`, `AnotherCaseLive`, `NotYourStep`,
    `StateChanged` (none waits any more), `NotFound`.
    """
    case, pending, actor = _take(staff_id, code)
    if pending.proposed_by == staff_id:
        raise NeedsSecondReader()
    if pending.nik != nik:
        raise NikReadDiffers()
    pending.decided_by, pending.decided_at, pending.agreed = staff_id, now, True
    case.nik, case.nik_lookup, case.changed_at = nik, lookup_hash(nik, NIK_PURPOSE), now
    try:
        db.session.flush()
    except IntegrityError as error:
        if constraint_name(error) == "uq_application_live_nik":
            raise AnotherCaseLive() from error
        raise
    ask_registries.ask_anew(case.id, now=now)
    _note("nik_corrected", case, actor, now, reason=pending.reason)
    return code


@operation
def decline_nik(staff_id: uuid.UUID, code: str, *, reason: str, now: datetime) -> str:
    """Take a proposal back, or refuse a colleague's, with a reason. Returns the code.

    Raises `ReasonNeeded`, `NotYourStep`, `StateChanged`, `NotFound`.
    """
    case, pending, actor = _take(staff_id, code)
    words = acting.required(reason)
    pending.decided_by, pending.decided_at, pending.agreed = staff_id, now, False
    _note("nik_declined", case, actor, now, reason=words)
    return code


@in_operation
def _take(staff_id: uuid.UUID, code: str) -> tuple[Application, NikCorrection, Actor]:
    """The case, whoever serves it at this moment, with the proposal that waits."""
    officer = acting.officer(staff_id)
    actor = officer.acting_as(CORRECTED_BY)
    case = acting.take(officer, code, CORRECTED_IN, whoever_holds=True)
    pending = db.session.scalar(
        select(NikCorrection).where(
            NikCorrection.application_id == case.id, NikCorrection.decided_at.is_(None)
        )
    )
    if pending is None:
        raise StateChanged(state=case.state)
    return case, pending, actor


@in_operation
def _note(kind: str, case: Application, actor: Actor, now: datetime, *, reason: str) -> None:
    """The history says who and why, never a number."""
    events.record(kind, actor=actor, now=now, application_id=case.id, office_id=case.office_id, reason=reason)
