"""Named reads about the papers of a case: which it needs, which are there, what is wrong with them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from mpaspor.applications import papers
from mpaspor.applications.form_pages import OLD_PASSPORT
from mpaspor.applications.models import AnswerPage, Application, Document
from mpaspor.applications.old_passport import old_passport_in
from mpaspor.applications.papers import DocumentKind, OldPassport, Paper
from mpaspor.applications.rules import PAPERS_OPEN, CaseState, PaperState
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound


@dataclass(frozen=True)
class PaperCard:
    """One paper that the case asks for, with what was given for it."""

    paper: Paper
    document: Document | None
    case_state: CaseState

    @property
    def has_picture(self) -> bool:
        return self.document is not None and self.document.file_key is not None

    @property
    def is_wanted(self) -> bool:
        return self.document is not None and self.document.state == PaperState.WANTED

    @property
    def may_change(self) -> bool:
        """An accepted paper stays; the others may be replaced until check-in, and while one is wanted."""
        is_accepted = self.document is not None and self.document.state == PaperState.ACCEPTED
        return self.case_state in PAPERS_OPEN and not is_accepted

    @property
    def may_remove(self) -> bool:
        """Only in a draft: later the case was checked as complete, so a picture can only be replaced."""
        return self.has_picture and self.case_state == CaseState.DRAFT


@dataclass(frozen=True)
class Papers:
    """The papers of one case, in the order in which they are asked for."""

    application: Application
    cards: Sequence[PaperCard]

    @property
    def missing(self) -> list[Paper]:
        """The required papers that still have no picture, or that an officer wants again."""
        given = {card.document.kind for card in self.cards if _counts(card)}  # type: ignore[union-attr]
        wanted = [card.paper for card in self.cards if card.is_wanted and not card.paper.is_required]
        return papers.still_missing([card.paper for card in self.cards], given) + wanted

    @property
    def asked(self) -> int:
        return sum(card.paper.is_required or card.is_wanted for card in self.cards)

    @property
    def given(self) -> int:
        return self.asked - len(self.missing)

    def card(self, code: str) -> PaperCard:
        """The card that an address names. Raises `NotFound` for a paper this case does not ask for."""
        for card in self.cards:
            if card.paper.code == code:
                return card
        raise NotFound(paper=code)


def my_papers(account_id: uuid.UUID, code: str) -> Papers:
    """The papers of the applicant's own case. Raises `NotFound` for a case that is not theirs."""
    application = db.session.scalar(
        select(Application).where(
            Application.code == code,
            Application.account_id == account_id,
            Application.state != CaseState.DISCARDED,
        )
    )
    if application is None:
        raise NotFound(application=code)
    return papers_of(application)


def papers_of(application: Application) -> Papers:
    """What a case asks for, and beside that whatever an officer wants of it."""
    about_old = and_(AnswerPage.application_id == Application.id, AnswerPage.page == OLD_PASSPORT.name)
    rows = db.session.execute(
        select(Document, AnswerPage.answers)
        .select_from(Application)
        .outerjoin(AnswerPage, about_old)
        .outerjoin(Document, Document.application_id == Application.id)
        .where(Application.id == application.id)
    ).all()
    documents = [document for document, _answers in rows if document is not None]
    return papers_from(application, documents, old_passport_in(json.loads(rows[0].answers or "{}")))


def papers_with(application: Application, old_passport: OldPassport | None) -> Papers:
    """The same for a caller who has read the answers already."""
    found = db.session.scalars(select(Document).where(Document.application_id == application.id))
    return papers_from(application, found.all(), old_passport)


def wanted_papers(application_id: uuid.UUID) -> Sequence[Document]:
    """The papers that an officer asked for again."""
    return db.session.scalars(
        select(Document)
        .where(Document.application_id == application_id, Document.state == PaperState.WANTED)
        .order_by(Document.kind)
    ).all()


def papers_from(
    application: Application, given: Sequence[Document], old_passport: OldPassport | None
) -> Papers:
    """The same for a caller who has read the papers too."""
    documents = {document.kind: document for document in given}
    asked = list(papers.papers_for(application.need, old_passport))
    for paper in papers.ALL_PAPERS:
        if paper not in asked and any(_is_wanted(documents.get(kind)) for kind in paper.kinds):
            asked.append(paper)
    cards = [PaperCard(paper, _given(paper, documents), application.state) for paper in asked]
    return Papers(application, cards)


def _given(paper: Paper, documents: Mapping[DocumentKind, Document]) -> Document | None:
    given = [documents[kind] for kind in paper.kinds if kind in documents]
    # Where any of several will do, the one that an officer asked for comes first.
    return min(given, key=lambda document: document.state != PaperState.WANTED, default=None)


def _counts(card: PaperCard) -> bool:
    return card.has_picture and not card.is_wanted


def _is_wanted(document: Document | None) -> bool:
    return document is not None and document.state == PaperState.WANTED
