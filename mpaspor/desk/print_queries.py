"""What waits for the printer: granted cases of one office, the oldest first."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState, PassportKind
from mpaspor.desk import acting
from mpaspor.desk.models import Booklet, Interview
from mpaspor.desk.outcome import promised_from
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office

_MOST = 200
# A sheet is worked through while its first booklets are being tested already.
_ON_A_SHEET = (CaseState.GRANTED, CaseState.PRINTED, CaseState.READY)


@dataclass(frozen=True)
class ToPrint:
    """One case for the printer. `number` is the booklet that it got, once it is printed."""

    code: str
    name: str
    birth_on: date | None
    kind: PassportKind | None
    validity_years: int | None
    state: CaseState
    since: datetime
    promised_on: date | None
    number: str | None

    @property
    def is_waiting(self) -> bool:
        return self.state is CaseState.GRANTED


def to_print(office: Office, reader: uuid.UUID, codes: Collection[str] | None = None) -> Sequence[ToPrint]:
    """What waits, without the reader's own family; of `codes` also what has been printed meanwhile.

    One statement, and the days off once.
    """
    held_at = (
        select(func.max(Interview.held_at))
        .where(Interview.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    # No two booklets of one case are good at once.
    number = (
        select(func.max(Booklet.number))
        .where(Booklet.application_id == Application.id, Booklet.passed.is_not(False))
        .correlate(Application)
        .scalar_subquery()
    )
    if codes is None:
        which = Application.state == CaseState.GRANTED
    else:
        which = and_(Application.code.in_(codes), Application.state.in_(_ON_A_SHEET))
    rows = db.session.execute(
        select(Application, held_at.label("held_at"), number.label("number"))
        .where(Application.office_id == office.id, which, ~acting.is_kept_from(reader))
        .order_by(held_at, Application.id)
        .limit(_MOST)
    )
    return [
        ToPrint(
            code=case.code,
            name=case.full_name or "",
            birth_on=case.birth_on,
            kind=case.kind,
            validity_years=case.validity_years,
            state=case.state,
            since=case.changed_at,
            promised_on=promised_from(held, case, office),
            number=booklet,
        )
        for case, held, booklet in rows
    ]
