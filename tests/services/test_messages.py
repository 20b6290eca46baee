"""Every message in both languages, and what happens to text that people typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.config import settings
from mpaspor.correspondence.handlers import CASE_KINDS, HANDLERS
from mpaspor.correspondence.letters import Hour
from mpaspor.correspondence.messages import render
from mpaspor.demo import messages
from mpaspor.desk.outcome import Outcome
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.mail import Mail, deliver
from mpaspor.foundation.operations import operation
from mpaspor.people.models import Account
from mpaspor.people.rules import CodePurpose, LinkPurpose
from mpaspor.people.second_factor.notices import Notice
from mpaspor.people.sign_in import codes
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.web.labels.desk import PICKUP
from mpaspor.web.language import LANGUAGES
from mpaspor.worker.loop import make_worker


def facts(now: datetime) -> dict[str, Any]:
    hour = Hour(now, now + timedelta(hours=1), "Asia/Makassar", "Kantor Imigrasi Manado", "Jl. Uji 1")
    bill = SimpleNamespace(
        amount_rp=650_000, billing_code="820261123004173", pay_until=now + timedelta(hours=2), ntpn="A" * 16
    )
    return {
        "name": "Ratna",
        "application_code": "K7M4-Q2XD",
        "case_url": "http://127.0.0.1:8000/permohonan/K7M4Q2XD",
        "service": "Paspor elektronik",
        "bill": bill,
        "hour": hour,
        "payment": SimpleNamespace(ntb="000123456789", printed_ntb="000123456789", paid_at=now),
        "to_bring": ["e-KTP"],
        "wanted": [{"name": "Kartu Keluarga (KK)", "reason": "Foto buram"}],
        "papers_until": now + timedelta(days=7),
        "promised_on": now.date(),
        "collect_by": now.date(),
        "pickup": PICKUP,
        "outcome": Outcome(CaseState.REFUSED, "Akta lahir tidak cocok.", "UU 6/2011", now.date()),
        "taken": {"name": "Budi", "as": "Penerima kuasa", "at": now, "tracking": "P26"},
        "was": "granted",
        "had_place": True,
        "purpose": "verify",
        "code": "123456",
        "expires_at": now + timedelta(minutes=10),
        "time_zone": "Asia/Makassar",
        "at": now,
        "device": "Chrome · Android",
        "was_reset": True,
        "anchors": ['{"office": null}'],
        "what": "recovery_code_used",
        "left": 3,
        "office": "Kantor Imigrasi Manado",
        "link": "http://127.0.0.1:8000/petugas/tautan?kunci=x",
        "reason": "HP hilang",
        **_closed(now),
    }


def _closed(now: datetime) -> dict[str, Any]:
    """An hour that the office took, and one that is held instead."""
    hour = Hour(now, now + timedelta(hours=1), "Asia/Makassar", "Kantor Imigrasi Manado", "Jl. Uji 1")
    until = now + timedelta(days=1)
    return {
        "lost": hour,
        "offered": hour,
        "cause": "listrik padam",
        "until": until,
        "owes": False,
        "come_at": now,
        "minutes": 40,
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(HANDLERS))
def test_every_message_has_a_subject_a_body_and_the_demo_mark(
    app: Flask, now: datetime, kind: str, language: str
) -> None:
    purpose = {"purpose": LinkPurpose.JOIN} if kind == "staff_link" else {}
    subject, body = render(kind, language, facts(now) | purpose)
    assert subject
    assert "None" not in body
    assert "\n\n\n\n" not in body
    assert ("MODE DEMO" if language == "id" else "DEMO MODE") in body
    if kind in CASE_KINDS:
        assert "K7M4" in body


@pytest.mark.parametrize("purpose", [str(purpose) for purpose in CodePurpose])
def test_every_purpose_of_a_code_has_its_words(app: Flask, now: datetime, purpose: str) -> None:
    subjects = {
        render("email_code", language, facts(now) | {"purpose": purpose})[0] for language in LANGUAGES
    }
    assert len(subjects) == 2
    assert not any("123456" in subject for subject in subjects)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_every_link_to_an_officer_has_its_words(app: Flask, now: datetime, purpose: LinkPurpose) -> None:
    for language in LANGUAGES:
        assert "/petugas/tautan" in render("staff_link", language, facts(now) | {"purpose": purpose})[1]


@pytest.mark.parametrize("what", list(Notice))
def test_every_notice_to_an_officer_has_its_words(app: Flask, now: datetime, what: Notice) -> None:
    for language in LANGUAGES:
        subject, body = render("staff_notice", language, facts(now) | {"what": what})
        assert subject and "23 November 2026" in body


def test_hours_in_a_message_are_those_of_the_office(app: Flask, now: datetime) -> None:
    assert "pukul 11.00 WITA" in render("billing_letter", "id", facts(now))[0]
    assert "Senin, 23 November 2026" in render("billing_letter", "id", facts(now))[1]
    assert "Monday, 23 November 2026" in render("billing_letter", "en", facts(now))[1]


@pytest.mark.parametrize(
    "name",
    [
        "{{ 7*7 }}",
        "{0.__class__}",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE bill; --",
    ],
)
def test_text_of_people_stays_text(app: Flask, now: datetime, name: str) -> None:
    assert name in render("visit_letter", "id", facts(now) | {"name": name})[1]


def test_a_name_with_line_ends_stays_on_its_line(app: Flask, now: datetime) -> None:
    trap = "Ratna\r\nBcc: x@y.id\r\n\r\nKode: 000000 \u202egnp"
    body = render("visit_letter", "id", facts(now) | {"name": trap})[1]
    assert "Ratna Bcc: x@y.id Kode: 000000 gnp" in body


def test_a_code_reaches_its_address_and_is_wiped(app: Flask, now: datetime, scalar: Any) -> None:
    account_id = uuid7()

    @operation
    def sign_up(*, now: datetime) -> None:
        account = Account(
            id=account_id,
            full_name="Siti",
            birth_on=now.date(),
            gender="female",
            email="siti@contoh.example",
            phone="+628",
            password_hash="-",
            language="en",
            terms_version="1",
            created_at=now,
        )
        db.session.add(account)
        db.session.flush()
        to = codes.Recipient(email=account.email, account_id=account_id)
        codes.issue(to, CodePurpose.VERIFY, browser=Browser(token="siti's phone"), now=now)

    sign_up(now=now)
    make_worker(app).once()
    db.session.remove()
    [message] = messages.newest("siti@contoh")
    assert message.kind == "email_code"
    assert message.body[:6].isdigit()
    assert scalar("SELECT count(*) FROM outbox WHERE secret IS NOT NULL OR sent_at IS NULL") == 0


def test_the_same_row_delivered_twice_is_one_demo_message(app: Flask, now: datetime, scalar: Any) -> None:
    mail = Mail(uuid7(), "ready", "a@contoh.example", "Siap", "isi", files=(("a.pdf", b"x"),))
    for _ in range(2):
        deliver(mail, settings(), now=now)
    assert scalar("SELECT count(*) FROM demo_message") == 1
    assert scalar("SELECT count(*) FROM demo_file") == 1
