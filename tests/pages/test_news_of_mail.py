"""How a mail with a code fares is told on the page that waits for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from mpaspor.foundation import clock, outbox_queue
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OutboxRow
from tests.stage.accounts import EMAIL, PASSWORD, code_for, has_account
from tests.stage.visitor import GOOD, Visitor


@pytest.fixture
def siti(client, now) -> Visitor:
    return Visitor(client)


def news(siti: Visitor) -> str:
    """What the page learns when it looks for news of its mail."""
    found = re.search(r'id="surat">\s*<div hx-get="([^"]+)"', siti.text)[1].replace("&amp;", "&")
    return siti.client.get(found, headers={"HX-Request": "true", "HX-Target": "surat"}).text


def fails(now, *, tries: int, is_final: bool, kind: str = "email_code") -> None:
    row = [one for one in outbox_queue.claim(urgent=kind == "email_code", limit=9, now=now)][-1]
    outbox_queue.fail(replace(row, attempts=tries), "recipient refused [550]", now=now, is_final=is_final)
    db.session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(attempts=tries))
    db.session.commit()


def test_a_refused_mail_is_told_on_the_page_that_waits_and_the_address_is_corrected_there(siti, now):
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "email": "salah@warga.example"}).then()
    assert "ditolak" not in siti.text and "ditolak" not in news(siti)
    fails(now, tries=1, is_final=True)
    told = news(siti)
    assert "E-mail ke alamat ini ditolak servernya" in told and "<html" not in told
    assert told.count('href="/verifikasi/alamat') == 1, "one way to correct it, not two"
    waiting = siti.address
    assert "E-mail ke alamat ini ditolak servernya" in siti.opens(waiting).text
    correct = re.search(r'class="btn[^"]*" href="(/verifikasi/alamat[^"]*)"', siti.text)[1]
    siti.opens(correct.replace("&amp;", "&")).presses("/verifikasi/alamat", email=EMAIL).then()
    assert siti.path == "/verifikasi" and EMAIL in siti.text and "ditolak" not in siti.text
    assert siti.presses("/verifikasi", code=code_for()).then().path == "/permohonan"


@pytest.mark.parametrize(
    ("tries", "words"), [(3, "belum terkirim: server e-mail belum menerimanya"), (8, "tidak terkirim")]
)
def test_a_mail_server_that_is_away_is_told_too(siti, now, tries, words):
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    fails(now, tries=tries, is_final=False)
    assert words in siti.opens(siti.address).text and "ditolak" not in siti.text


def test_a_new_device_is_told_that_its_code_was_refused(siti, now):
    has_account(now)
    siti.opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD).then()
    fails(now, tries=1, is_final=True)
    assert "E-mail ke alamat ini ditolak servernya" in siti.opens(siti.address).text
    assert "/verifikasi/alamat" not in siti.text


def test_abuse_05_a_refused_mail_tells_nobody_whose_address_has_an_account(app, siti, now):
    has_account(now)
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    fails(now, tries=1, is_final=True, kind="account_exists")
    assert "E-mail ke alamat ini ditolak servernya" in siti.opens(siti.address).text
    siti.opens("/lupa").presses("/lupa", email=EMAIL).then()
    fails(now, tries=1, is_final=True)
    assert "ditolak" not in siti.opens(siti.address).text


def test_a_page_looks_for_news_of_its_mail_only_while_the_code_counts(siti, now):
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    with clock.at(now + timedelta(minutes=10)):
        assert "hx-get" not in siti.opens(siti.address).text
    gone = siti.client.get("/verifikasi", headers={"HX-Request": "true", "HX-Target": "surat"})
    assert (gone.status_code, gone.text) == (286, "")
