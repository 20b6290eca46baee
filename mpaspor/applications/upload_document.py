"""An applicant gives a paper, or gives it anew."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import select

from mpaspor.applications import images, transitions
from mpaspor.applications.models import Application, Document
from mpaspor.applications.paper_queries import PaperCard, my_papers
from mpaspor.applications.papers import DocumentKind, Paper
from mpaspor.applications.rules import PAPERS_OPEN, CaseState, PaperState
from mpaspor.foundation import events, files, limits
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import afterwards, moment, operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.foundation.refusals import Refusal, StateChanged

# Decoding is costly: a person who retakes every photo ten times stays below this.
UPLOADS_AN_HOUR = 80


class PaperAccepted(Refusal):
    """An officer has accepted this paper; it can no longer be changed."""


class WrongKind(Refusal):
    """What the picture shows was not said, or will not do for this paper."""

    status = 422


@dataclass(frozen=True)
class Stored:
    """A picture that lies in the store and has no row yet."""

    file_key: str
    thumb_key: str
    picture: images.Picture
    name: str


def upload_document(
    account_id: uuid.UUID,
    code: str,
    paper_code: str,
    *,
    kind: str | None,
    data: bytes,
    name: str,
    key: OneTimeKey | None = None,
    now: datetime,
) -> None:
    """Check, re-encode and store a picture for one paper of the applicant's own case.

    The file comes first, then its row; without a row the file is deleted at once or swept later. In a
    case that waits for papers, the last one sent hands it to the verifier. Raises `NotFound`, `StateChanged`,
    `PaperAccepted`, `WrongKind`, `TooFast`, `Busy`, `ImageRefusal`, `files.StoreFull`.
    """
    mine = my_papers(account_id, code)
    card = mine.card(paper_code)
    refuse_unless_open(card)
    shown = _kind_for(card.paper, kind)
    limits.require("upload", str(account_id), allowed=UPLOADS_AN_HOUR, per_seconds=3600, now=now)
    keep_picture(
        account_id,
        mine.application.code,
        card.paper,
        shown,
        images.renew(data, owner=str(account_id)),
        name=name,
        key=key,
        now=now,
    )


def keep_picture(
    account_id: uuid.UUID,
    code: str,
    paper: Paper,
    kind: DocumentKind,
    picture: images.Picture,
    *,
    name: str,
    key: OneTimeKey | None = None,
    now: datetime,
) -> None:
    """Store a picture that was checked and re-encoded already. Raises as `upload_document`."""
    stored = _store(picture, name)
    try:
        kept = _attach.once(key, account_id, code, paper, kind, stored, now=now)
    except BaseException:
        _forget([stored.file_key, stored.thumb_key])
        raise
    if kept != stored.file_key:  # the twin of a double tap: the first one's file is the one in use
        _forget([stored.file_key, stored.thumb_key])


def _store(picture: images.Picture, name: str) -> Stored:
    """Picture and thumbnail in the file store, or neither."""
    file_key = files.store().put(picture.data)
    try:
        thumb_key = files.store().put(picture.thumb)
    except BaseException:
        _forget([file_key])
        raise
    return Stored(file_key, thumb_key, picture, one_line(name, 80))


def refuse_unless_open(card: PaperCard) -> None:
    """Spare the work when the answer is no already; the operation asks again under its lock."""
    if card.case_state not in PAPERS_OPEN:
        raise StateChanged(state=card.case_state)
    if not card.may_change:
        raise PaperAccepted()


def _kind_for(paper: Paper, kind: str | None) -> DocumentKind:
    if len(paper.kinds) == 1:
        return paper.kinds[0]
    if kind not in paper.kinds:
        raise WrongKind()
    return DocumentKind(kind)


@operation
def _attach(
    account_id: uuid.UUID,
    code: str,
    paper: Paper,
    kind: DocumentKind,
    stored: Stored,
    *,
    now: datetime,
) -> str:
    application = transitions.take_mine(account_id, code, PAPERS_OPEN)
    document = _row_for(application.id, paper)
    if document.state == PaperState.ACCEPTED:
        raise PaperAccepted()
    afterwards(partial(_forget, [document.file_key, document.thumb_key]))
    _fill(document, kind, stored, now)
    application.changed_at = now
    if application.state == CaseState.DRAFT:
        application.declared_at = None  # it was made for another picture
    db.session.add(document)
    db.session.flush()
    actor = events.applicant(account_id)
    events.record(
        "paper_given",
        actor=actor,
        now=now,
        application_id=application.id,
        office_id=application.office_id,
        details={"paper": str(kind)},
    )
    _stop_the_clock_when_complete(application, now)
    return stored.file_key


def _fill(document: Document, kind: DocumentKind, stored: Stored, now: datetime) -> None:
    """What was said of the picture before is said of it no longer."""
    picture = stored.picture
    document.kind = kind
    document.state = PaperState.SUBMITTED
    document.reason = None
    document.file_key, document.thumb_key = stored.file_key, stored.thumb_key
    document.sha256 = sha256(picture.data).digest()
    document.thumb_sha256 = sha256(picture.thumb).digest()
    document.byte_count = len(picture.data)
    document.width, document.height, document.hint = picture.width, picture.height, picture.hint
    document.original_name = stored.name
    document.uploaded_at = now
    document.decided_at = document.decided_by = None


def _row_for(application_id: uuid.UUID, paper: Paper) -> Document:
    """The row that this paper has, or a new one; the wanted one where several kinds would do."""
    rows = db.session.scalars(
        select(Document)
        .where(Document.application_id == application_id, Document.kind.in_(paper.kinds))
        .order_by((Document.state == PaperState.WANTED).desc(), Document.id)
    ).all()
    return rows[0] if rows else Document(application_id=application_id, state=PaperState.SUBMITTED)


def _stop_the_clock_when_complete(application: Application, now: datetime) -> None:
    """The last wanted paper stops the deadline. A verifier takes the case on: sent is not looked at, and
    whoever sends from home is not in the house."""
    if application.state != CaseState.DOCUMENTS_WANTED or application.wanted_from is None:
        return
    still_wanted = db.session.scalar(
        select(Document.id)
        .where(Document.application_id == application.id, Document.state == PaperState.WANTED)
        .limit(1)
    )
    if still_wanted is None:
        application.papers_until, application.changed_at = None, moment(now)


def _forget(keys: Collection[str | None]) -> None:
    for key in keys:
        if key is not None:
            files.store().delete(key)
