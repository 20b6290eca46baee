"""Messages that failed for good are listed, and one tap sends them again."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Flask

from mpaspor.foundation import outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from mpaspor.foundation.operations import operation
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.cast import officer


@operation
def a_dead_receipt(*, now: datetime) -> None:
    outbox.add("receipt", uuid.uuid4(), dedupe_key="receipt:x", now=now)
    db.session.query(OutboxRow).update(
        {"dead_at": now, "attempts": 8, "last_error": "SMTPServerDisconnected"}
    )


def test_a_supervisor_sees_what_failed_and_sends_it_again(app: Flask, palembang: Office, now, scalar) -> None:
    a_dead_receipt(now=now)
    desk = officer(palembang, Role.SUPERVISOR, now=now).at(app)
    page = desk.get("/petugas/pesan-gagal")
    assert "Bukti terima" in page.text and "SMTPServerDisconnected" in page.text
    row = scalar("SELECT id FROM outbox")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    again = desk.post("/petugas/pesan-gagal", data={"pesan": str(row), "csrf_token": token})
    assert again.status_code == 303
    assert scalar("SELECT attempts FROM outbox WHERE dead_at IS NULL") == 0
    assert "Tidak ada pesan gagal" in desk.get("/petugas/pesan-gagal").text


def test_a_verifier_may_not(app: Flask, palembang: Office, now) -> None:
    assert officer(palembang, Role.VERIFIER, now=now).at(app).get("/petugas/pesan-gagal").status_code == 403
