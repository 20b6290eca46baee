"""An applicant takes back a paper while the case is a draft."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial

from sqlalchemy import select

from mpaspor.applications import transitions
from mpaspor.applications.models import Document
from mpaspor.applications.papers import paper_by_code
from mpaspor.applications.rules import CaseState
from mpaspor.foundation import events, files
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import afterwards, operation
from mpaspor.foundation.refusals import NotFound


@operation
def remove_document(account_id: uuid.UUID, code: str, paper_code: str, *, now: datetime) -> None:
    """Remove every picture given for a paper; one that is gone already is no error.

    Rows go with the transaction, files after it. Raises `NotFound`, and `StateChanged` once the case is
    no draft: from then on it was checked as complete, and a picture can only be replaced.
    """
    paper = paper_by_code(paper_code)
    if paper is None:
        raise NotFound(paper=paper_code)
    application = transitions.take_mine(account_id, code, [CaseState.DRAFT])
    documents = db.session.scalars(
        select(Document).where(Document.application_id == application.id, Document.kind.in_(paper.kinds))
    ).all()
    for document in documents:
        for file_key in (document.file_key, document.thumb_key):
            if file_key is not None:
                afterwards(partial(files.store().delete, file_key))
        db.session.delete(document)
        events.record(
            "paper_removed",
            actor=events.applicant(account_id),
            now=now,
            application_id=application.id,
            office_id=application.office_id,
            details={"paper": document.kind},
        )
    application.changed_at = now
    application.declared_at = None  # it was made for a case with this paper
