"""Giving, replacing and taking back a paper: file first, then its row; old files after the commit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications import file_invariants, images
from mpaspor.applications import upload_document as uploading
from mpaspor.applications.models import Application, Document
from mpaspor.applications.paper_queries import my_papers
from mpaspor.applications.remove_document import remove_document
from mpaspor.applications.rules import CaseState
from mpaspor.applications.upload_document import PaperAccepted, WrongKind, upload_document
from mpaspor.foundation import files
from mpaspor.foundation import invariants as foundation_invariants
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.models import Event
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.refusals import NotFound, StateChanged
from tests.stage.papers import Giver, giver, picture


def _give(who: Giver, paper: str, now: datetime, **changes: object) -> None:
    call: dict = {"kind": None, "data": picture(), "name": "foto.jpg", "key": None, "now": now}
    upload_document(who.account_id, who.code, paper, **(call | changes))


def _documents(who: Giver) -> list[Document]:
    found = db.session.scalars(select(Document).where(Document.application_id == who.application_id)).all()
    db.session.rollback()
    return list(found)


def _stored() -> set[str]:
    return {path.name for path in files.store().root.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def empty_store(app: Flask) -> None:
    for name in _stored():
        files.store().delete(name)


def test_a_given_paper_has_its_file_with_that_hash(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    _give(who, "ktp", now, name="../../x\0\u202egpj.exe.jpg")
    (document,) = _documents(who)
    assert document.kind == "national_id_card" and document.state == "submitted"
    assert document.file_key is not None and document.thumb_key is not None
    assert sha256(files.store().get(document.file_key)).digest() == document.sha256
    assert sha256(files.store().get(document.thumb_key)).digest() == document.thumb_sha256
    assert _stored() == {document.file_key, document.thumb_key} == files.held_keys()


def test_abuse_27_a_hostile_name_is_never_a_path_and_is_cut(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    _give(who, "ktp", now, name="../../\u202e\0" + "x" * 300 + ".jpg")
    (document,) = _documents(who)
    assert document.original_name is not None and len(document.original_name) <= 80
    assert not set("\0\u202e") & set(document.original_name)
    assert document.file_key is not None and set(document.file_key) <= set("0123456789abcdef")


def test_a_replaced_picture_is_gone_after_the_commit(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    _give(who, "ktp", now)
    before = _stored()
    _give(who, "ktp", now)
    assert len(_documents(who)) == 1
    assert len(_stored()) == 2 and not _stored() & before


def test_another_proof_takes_the_place_of_the_first(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    _give(who, "bukti", now, kind="diploma")
    _give(who, "bukti", now, kind="birth_certificate")
    assert [document.kind for document in _documents(who)] == ["birth_certificate"]
    with pytest.raises(WrongKind):
        _give(who, "bukti", now, kind="national_id_card")


def test_a_double_tap_stores_one_picture(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    key = OneTimeKey(str(who.account_id), "/x", "k1", b"same", now)
    _give(who, "ktp", now, key=key)
    first = _stored()
    _give(who, "ktp", now, key=key)
    assert _stored() == first == files.held_keys()


def test_an_operation_that_fails_leaves_no_file(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = giver(app, now)

    def gone(*_: object, **__: object) -> None:
        raise StateChanged()

    monkeypatch.setattr(uploading.transitions, "take_mine", gone)
    with pytest.raises(StateChanged):
        _give(who, "ktp", now)
    assert _stored() == set() and _documents(who) == []


def test_a_refused_picture_changes_nothing(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    _give(who, "ktp", now)
    before = _stored()
    with pytest.raises(images.PdfNotTaken):
        _give(who, "ktp", now, data=b"%PDF-1.4", name="ktp.pdf")
    assert _stored() == before


def test_abuse_11_a_stranger_can_neither_give_nor_remove(app: Flask, now: datetime) -> None:
    owner, stranger = giver(app, now), giver(app, now)
    _give(owner, "ktp", now)
    with pytest.raises(NotFound):
        upload_document(
            stranger.account_id, owner.code, "kk", kind=None, data=picture(), name="a.jpg", now=now
        )
    with pytest.raises(NotFound):
        remove_document(stranger.account_id, owner.code, "ktp", now=now)
    assert len(_documents(owner)) == 1


@pytest.mark.parametrize("state", [CaseState.ARRIVED, CaseState.INTERVIEWED, CaseState.COLLECTED])
def test_abuse_14_papers_are_closed_from_check_in_on(app: Flask, now: datetime, state: CaseState) -> None:
    who = giver(app, now, state=state)
    with pytest.raises(StateChanged):
        _give(who, "ktp", now)
    with pytest.raises(StateChanged):
        remove_document(who.account_id, who.code, "ktp", now=now)


def test_a_paper_that_the_case_does_not_ask_for_is_not_there(app: Flask, now: datetime) -> None:
    with pytest.raises(NotFound):
        _give(giver(app, now), "paspor-lama", now)


def test_a_removed_paper_leaves_neither_row_nor_file_and_can_be_removed_again(
    app: Flask, now: datetime
) -> None:
    who = giver(app, now)
    _give(who, "ktp", now)
    for _ in range(2):
        remove_document(who.account_id, who.code, "ktp", now=now)
    assert _documents(who) == [] and _stored() == set()


def test_changing_papers_of_a_draft_undoes_its_declaration(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    db.session.execute(update(Application).values(declared_at=now))
    db.session.commit()
    _give(who, "ktp", now)
    assert db.session.scalar(select(Application.declared_at)) is None


def test_after_check_out_a_paper_is_replaced_but_not_removed(app: Flask, now: datetime) -> None:
    who = giver(app, now, state=CaseState.SCHEDULED)
    _give(who, "ktp", now)
    with pytest.raises(StateChanged):
        remove_document(who.account_id, who.code, "ktp", now=now)


def _want(who: Giver, kind: str, reason: str) -> None:
    db.session.add(Document(application_id=who.application_id, kind=kind, state="wanted", reason=reason))
    db.session.commit()
    db.session.remove()


def test_the_last_wanted_paper_stops_the_clock_and_brings_nobody_in(app: Flask, now: datetime) -> None:
    who = giver(app, now, state=CaseState.DOCUMENTS_WANTED)
    _want(who, "family_card", "Foto buram")
    _want(who, "old_passport", "Halaman 2 belum ada")
    db.session.execute(update(Application).values(papers_until=now))
    db.session.commit()
    assert [
        paper.code for paper in my_papers(who.account_id, who.code).missing if paper.code == "paspor-lama"
    ]
    _give(who, "kk", now)
    assert db.session.scalar(select(Application.state)) == "documents_wanted"
    _give(who, "paspor-lama", now)
    case = db.session.scalars(select(Application)).one()
    assert (case.state, case.wanted_from, case.papers_until) == ("documents_wanted", "arrived", None)
    kinds = db.session.scalars(select(Event.kind).order_by(Event.at, Event.id)).all()
    assert kinds == ["paper_given", "paper_given"]


def test_an_accepted_paper_stays(app: Flask, now: datetime) -> None:
    who = giver(app, now, state=CaseState.SCHEDULED)
    _give(who, "ktp", now)
    db.session.execute(update(Document).values(state="accepted"))
    db.session.commit()
    with pytest.raises(PaperAccepted):
        _give(who, "ktp", now)


def test_what_is_missing_shrinks_as_papers_come(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    assert [paper.code for paper in my_papers(who.account_id, who.code).missing] == ["ktp", "kk", "bukti"]
    _give(who, "ktp", now)
    found = my_papers(who.account_id, who.code)
    assert [paper.code for paper in found.missing] == ["kk", "bukti"]
    assert (found.given, found.asked) == (1, 3)
    db.session.remove()
    with pytest.raises(NotFound):
        my_papers(uuid.uuid4(), who.code)


def test_check_finds_a_file_that_is_missing_changed_or_left_over(app: Flask, now: datetime) -> None:
    who = giver(app, now)
    _give(who, "ktp", now)
    _give(who, "kk", now)
    assert list(broken(file_invariants.INVARIANTS, now)) == []
    first, second = sorted(_documents(who), key=lambda document: document.kind)
    assert first.file_key is not None and second.thumb_key is not None
    files.store().delete(first.file_key)
    db.session.execute(update(Document).where(Document.id == second.id).values(thumb_sha256=b"x" * 32))
    db.session.commit()
    left_over = files.store().put(b"tanpa baris")
    every = (*file_invariants.INVARIANTS, *foundation_invariants.INVARIANTS)
    found = [str(breach) for breach in broken(every, now + timedelta(days=2))]
    assert len(found) == 3
    assert "family_card: the file is missing" in found[0] + found[1]
    assert "national_id_card: the file has another hash" in found[0] + found[1]
    assert left_over in found[2]
