"""What to bring is one list: the papers of this case, in the original and as copies, wherever it is read."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from mpaspor.applications.letter_queries import newest_letter
from mpaspor.applications.models import AnswerPage, Application, Document
from mpaspor.applications.paper_queries import papers_of
from mpaspor.applications.rules import LetterKind
from mpaspor.booking.models import Slot
from mpaspor.booking.move_booking import move_booking
from mpaspor.correspondence import registered
from mpaspor.demo.models import DemoMessage
from mpaspor.foundation.database import db
from mpaspor.worker.loop import make_worker
from tests.conftest import MONDAY
from tests.house.text_browser import words_of
from tests.stage import banks, cast
from tests.stage.banks import TestBank, payment_fields
from tests.stage.bills import Owing

COPIES = "Salinan A4 semuanya; salinan e-KTP jangan dipotong"


@pytest.fixture
def paid(owed: Owing, bank: TestBank) -> Owing:
    """A person whose paid case has its hour."""
    assert banks.code(bank.call(_PAYMENT, payment_fields(owed.code, owed.amount_rp))) == "2002500"
    return owed


_PAYMENT = banks.Service.PAYMENT


def replaces_a_trusted_passport(owed: Owing) -> None:
    """Only the e-KTP and the old passport are asked of it."""
    answers = {"issued_in_indonesia": "yes", "issued_year": "2019", "same_data": "yes"}
    db.session.get_one(Application, owed.application_id).need = "replacement"
    db.session.add(
        AnswerPage(
            application_id=owed.application_id,
            page="old_passport",
            answers=json.dumps(answers),
            saved_at=MONDAY,
        )
    )
    db.session.commit()


def sent(owed: Owing, *kinds: str) -> None:
    db.session.add_all(
        Document(application_id=owed.application_id, kind=kind, sha256=b"0" * 32, uploaded_at=MONDAY)
        for kind in kinds
    )
    db.session.commit()


def brings(owed: Owing) -> list[str]:
    return registered.to_bring(papers_of(db.session.get_one(Application, owed.application_id)))


def seen_everywhere(app: Flask, owed: Owing) -> dict[str, str]:
    """The status page, the letter and the newest mail."""
    page = cast.owner(owed.account_id, MONDAY).at(app).get(f"/permohonan/{owed.application_code}").text
    worker = make_worker(app)
    while worker.hand_out(urgent=False):
        pass
    mail = db.session.scalars(
        select(DemoMessage.body)
        .where(DemoMessage.kind.in_(["visit_letter", "moved"]))
        .order_by(DemoMessage.kind)
        .limit(1)
    ).one()
    letter = newest_letter(owed.application_id, LetterKind.VISIT)
    assert letter is not None
    pdf = PdfReader(io.BytesIO(registered.draw(letter, MONDAY)))
    drawn = " ".join(pdf.pages[0].extract_text().split())
    return {"page": words_of(page.split("<aside>")[1]), "letter": drawn, "mail": mail}


def test_page_letter_and_mail_name_the_same_originals_and_their_copies(app: Flask, paid: Owing) -> None:
    replaces_a_trusted_passport(paid)
    sent(paid, "national_id_card", "family_card")
    for where, text in seen_everywhere(app, paid).items():
        assert "Bawa yang asli dan salinannya" in text, where
        for thing in ("e-KTP", "Paspor lama", COPIES):
            assert thing in text, (where, thing)
        assert "Kartu Keluarga" not in text, where


def test_after_a_move_the_new_mail_names_them_too(app: Flask, paid: Owing) -> None:
    slot_id = db.session.scalars(
        select(Slot.id).where(Slot.starts_at > MONDAY).order_by(Slot.starts_at.desc()).limit(1)
    ).one()
    move_booking(paid.account_id, paid.application_code, slot_id, now=MONDAY)
    seen = seen_everywhere(app, paid)
    assert seen["mail"].startswith("Jadwal baru Anda")
    assert all(COPIES in text and "Kartu Keluarga" in text for text in seen.values())


def test_what_was_not_sent_yet_is_to_be_brought_and_what_was_sent_beside_it_too(paid: Owing) -> None:
    sent(paid, "national_id_card", "name_change_decree")
    assert brings(paid) == [
        "e-KTP",
        "Kartu Keluarga (KK)",
        "Akta lahir, ijazah, atau buku nikah (pilih satu)",
        "Penetapan ganti nama",
        COPIES,
    ]
