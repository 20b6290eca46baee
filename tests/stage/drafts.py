"""What tests about drafts share: what Ratna writes on each page, and a browser that writes it."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mpaspor.applications.models import Application, Document
from mpaspor.applications.rules import Need, PassportKind
from mpaspor.applications.save_page import save_page
from mpaspor.applications.start_application import start_application
from mpaspor.foundation.database import db
from tests.stage.cast import RATNA_NIK, Person

# Page → what is saved there, as the operation takes it.
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "wish": {"office_code": "palembang", "preferred_days": ["0", "4"]},
    "identity": {
        "full_name": "Ratna Dewi Kusuma",
        "nik": RATNA_NIK,
        "birth_place": "Palembang",
        "birth_on": "1992-08-07",
        "sex": "female",
        "civil_status": "single",
    },
    "contact": {"phone": "+6281271234567"},
    "address": {
        "address": "Jl. Merdeka No. 5, RT 01/RW 02, Kel. 19 Ilir",
        "province": "16",
        "city": "Palembang",
        "district": "Bukit Kecil",
        "postcode": "30131",
        "domicile_same": "yes",
    },
    "occupation": {"occupation": "retired", "occupation_other": ""},
    "parents": {
        "mother_name": "Siti Aminah",
        "mother_citizenship": "indonesian",
        "father_name": "",
        "father_citizenship": None,
    },
    "first_passport": {"never_had_passport": "yes"},
    "trip": {"purpose": "tourism", "destination": "none", "stay": "under_month", "address_there": ""},
    "relatives": {
        "relative_name": "Budi Kusuma",
        "relative_phone": "+6281298765432",
        "relative_relation": "sibling",
        "abroad_name": "",
        "abroad_phone": "",
        "abroad_relation": "",
    },
}
# Page → what is typed there, as a browser sends it.
TYPED: Mapping[str, Mapping[str, Any]] = {
    "keinginan": ANSWERS["wish"],
    "identitas": {
        "full_name": "Ratna Dewi Kusuma",
        "nik": "1671 0147 0892 0001",
        "birth_place": "Palembang",
        "birth_on-day": "7",
        "birth_on-month": "8",
        "birth_on-year": "1992",
        "sex": "female",
        "civil_status": "single",
    },
    "kontak": {"phone": "0812 7123 4567"},
    "alamat": ANSWERS["address"],
    "pekerjaan": ANSWERS["occupation"],
    "orang-tua": {"mother_name": "Siti Aminah", "mother_citizenship": "indonesian", "father_name": ""},
    "paspor-pertama": ANSWERS["first_passport"],
    "perjalanan": ANSWERS["trip"],
    "kerabat": {**ANSWERS["relatives"], "relative_phone": "0812 9876 5432"},
}


def starts(owner: Person, now: datetime, need: Need = Need.NEW, reason: Any = None) -> str:
    """A fresh draft; its code."""
    return start_application(
        owner.id,
        need=need,
        replacement_reason=reason,
        kind=PassportKind.ELECTRONIC_LAMINATED,
        validity_years=5,
        now=now,
    )


def fills(owner: Person, code: str, now: datetime, *, but: str | None = None) -> None:
    """Every page of a new passport, except `but`."""
    for page, answers in ANSWERS.items():
        if page != but:
            save_page(owner.id, code, page, answers, now=now)


def gives_papers(code: str, now: datetime) -> None:
    """The papers of a new passport as rows: no picture is looked at in these tests."""
    case = case_of(code)
    for kind in ("national_id_card", "family_card", "birth_certificate"):
        paper = Document(application_id=case.id, kind=kind, file_key=uuid.uuid4().hex)
        paper.sha256, paper.uploaded_at = b"0" * 32, now
        db.session.add(paper)
    db.session.commit()


def case_of(code: str) -> Application:
    """The case as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.execute(db.select(Application).where(Application.code == code)).scalar_one()


class Browser:
    """A browser that remembers the form it looks at and complains about every page it sees."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answer: TestResponse | None = None

    @property
    def text(self) -> str:
        assert self.answer is not None
        return html.unescape(self.answer.text)

    @property
    def place(self) -> str:
        assert self.answer is not None
        return str(self.answer.request.full_path).rstrip("?")

    def opens(self, address: str, status: int = 200) -> Browser:
        self.answer = self.client.get(address, follow_redirects=True)
        return self._looks(status)

    def sends(self, typed: Mapping[str, Any], status: int = 200, to: str | None = None) -> Browser:
        """Fill in and send the page's form, with whatever hidden fields it has."""
        assert self.answer is not None
        form = re.search(r'<form method="post"(?: action="([^"]*)")?.*?</form>', self.answer.text, re.S)
        assert form is not None, "no form to send"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group()))
        address = to or html.unescape(form.group(1) or self.place)
        self.answer = self.client.post(address, data={**hidden, **typed}, follow_redirects=True)
        return self._looks(status)

    def reads(self, words: str) -> Browser:
        assert words in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text)), words
        return self

    def _looks(self, status: int) -> Browser:
        assert self.answer is not None
        assert self.answer.status_code == status, (self.place, self.answer.status_code)
        page = self.answer.text
        assert len(re.findall(r"<h1[ >]", page)) == 1, self.place
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), (self.place, sorted(i for i in ids if ids.count(i) > 1))
        for name in re.findall(r'<label for="([^"]+)"', page):
            assert name in ids, name
        return self


def browser(app: Flask, who: Person) -> Browser:
    return Browser(who.at(app))
