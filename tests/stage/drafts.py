"""Drafts: complete ones as a row, and others page by page as their owner writes them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mpaspor.applications.models import Application, Document
from mpaspor.applications.rules import CaseState, Need, PassportKind
from mpaspor.applications.save_page import save_page
from mpaspor.applications.start_application import start_application
from mpaspor.applications.transitions import fresh_code
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
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


def case_row(account_id: uuid.UUID, office: Office, nik: str, now: datetime, **facts: object) -> Application:
    """The row of a complete, declared draft, not yet added to the session; `facts` are what differs."""
    programme = offices.programme_by_code()
    assert programme is not None
    usual: dict[str, object] = {
        "id": uuid7(),
        "account_id": account_id,
        "code": fresh_code(),
        "state": CaseState.DRAFT,
        "programme_id": programme.id,
        "office_id": office.id,
        "need": "new",
        "kind": "electronic_laminated",
        "validity_years": 5,
        "full_name": "Warga",
        "nik": nik,
        "nik_lookup": lookup_hash(nik, "nik"),
        "birth_on": date(1992, 8, 7),
        "sex": "female",
        "phone": "+6281271234567",
        "created_at": now,
        "changed_at": now,
        "declared_at": now,
    }
    return Application(**{**usual, **facts})


def ready_draft(owner: Person, office: Office, nik: str, now: datetime, **facts: object) -> Application:
    """A complete, declared draft: only the hour is missing."""
    case = case_row(owner.id, office, nik, now, **{"full_name": owner.name, **facts})
    db.session.add(case)
    db.session.commit()
    return case


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
