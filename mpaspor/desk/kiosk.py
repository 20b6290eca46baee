"""Letters at the kiosk: who makes a computer one, whose letters a scan opens, what was printed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from mpaspor.applications.letter_queries import newest_letter
from mpaspor.applications.models import Application, Letter
from mpaspor.applications.rules import LETTER_OF_END, LetterKind
from mpaspor.applications.scanned_text import looks_like_token
from mpaspor.booking.models import Slot
from mpaspor.desk import acting
from mpaspor.desk.board_queries import day_of
from mpaspor.desk.check_in import visit_in
from mpaspor.desk.refusals import NotOurQr
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office

OPENED, PRINTED = "kiosk_opened", "letter_printed"
# What is printed again, in the order of the buttons. A letter about paying is of no use in the house.
PRINTABLE = (LetterKind.VISIT, LetterKind.RECEIPT, *LETTER_OF_END.values())


@operation
def open_kiosk(staff_id: uuid.UUID, *, now: datetime) -> str:
    """Note that an officer of the door made a computer a kiosk; returns until when, as ISO text.

    That is the end of the office's day. Raises `NotYourStep`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(AT_THE_DOOR)
    office = db.session.get_one(Office, officer.office_id)
    events.record(OPENED, actor=actor, now=now, office_id=office.id)
    return day_of(office, now).ends.isoformat()


def holder_of(scanned: str, office: Office) -> uuid.UUID | None:
    """The case whose letters this scan opens, by a visit letter of this office that carries our signature and
    the hour that its person has now. None for what was typed, an older letter, and another office's.
    """
    if not looks_like_token(scanned):
        return None
    try:
        visit = visit_in(scanned)
    except NotOurQr:
        return None
    newest = db.session.execute(
        select(Letter.application_id, Slot.starts_at)
        .join(Application, Application.id == Letter.application_id)
        .join(Slot, Slot.id == Letter.ref)
        .where(
            Application.code == visit.application_code,
            Application.office_id == office.id,
            Letter.kind == LetterKind.VISIT,
            Letter.revoked_at.is_(None),
        )
        .order_by(Letter.made_at.desc())
        .limit(1)
    ).one_or_none()
    is_theirs = newest is not None and visit.office_code == office.code
    return newest.application_id if newest and is_theirs and newest.starts_at == visit.starts_at else None


def letters_of(application_id: uuid.UUID) -> Sequence[LetterKind]:
    """The kinds of letters that the person of a case holds and may print again."""
    found = set(
        db.session.scalars(
            select(Letter.kind)
            .where(
                Letter.application_id == application_id,
                Letter.kind.in_(PRINTABLE),
                Letter.revoked_at.is_(None),
            )
            .distinct()
        )
    )
    return [kind for kind in PRINTABLE if kind in found]


def letter_to_print(application_id: uuid.UUID, kind: LetterKind) -> Letter | None:
    """The letter of a kind that holds now; None for a kind that is not printed again."""
    return newest_letter(application_id, kind) if kind in PRINTABLE else None


@operation
def print_again(application_id: uuid.UUID, kind: LetterKind, *, now: datetime) -> str:
    """Note in the history of a case that its person prints a letter at the kiosk; returns the letter's code.

    Raises `NotFound` for a letter that there is not.
    """
    letter = letter_to_print(application_id, kind)
    if letter is None:
        raise NotFound()
    events.record(
        PRINTED,
        actor=events.SYSTEM,
        now=now,
        application_id=application_id,
        office_id=letter.application.office_id,
        details={"letter": kind},
    )
    return letter.code
