"""An applicant throws a draft away: what was typed and photographed goes with it."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy import delete, select

from mpaspor.applications import transitions
from mpaspor.applications.models import AnswerPage, Document
from mpaspor.applications.rules import CaseState
from mpaspor.foundation import events, files
from mpaspor.foundation.database import db
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import afterwards, in_operation, operation


@operation
def discard_draft(account_id: uuid.UUID, code: str, *, now: datetime) -> None:
    """End a draft and wipe its answers, facts and papers; the row and its events stay.

    Raises `NotFound`, and `StateChanged` once the case is no draft.
    """
    case = transitions.take_mine(account_id, code, [CaseState.DRAFT])
    wipe(case.id, actor=events.applicant(account_id), now=now)


@in_operation
def wipe(application_id: uuid.UUID, *, actor: Actor, now: datetime) -> None:
    """The draft, which this transaction holds, ends and holds nothing any more."""
    documents = db.session.scalars(select(Document).where(Document.application_id == application_id)).all()
    for document in documents:
        for file_key in (document.file_key, document.thumb_key):
            if file_key is not None:
                afterwards(partial(files.store().delete, file_key))
        db.session.delete(document)
    db.session.execute(delete(AnswerPage).where(AnswerPage.application_id == application_id))
    transitions.must_move(
        application_id,
        [CaseState.DRAFT],
        CaseState.DISCARDED,
        actor=actor,
        now=now,
        full_name=None,
        nik=None,
        nik_lookup=None,
        birth_on=None,
        sex=None,
        phone=None,
        declared_at=None,
    )
