"""Bill and status change by themselves: the state owns the whole page, and nobody is kept signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.snap.rules import Service
from mpaspor.foundation.database import db
from tests.journeys.near import Near
from tests.stage import banks, cast
from tests.stage.banks import TestBank
from tests.stage.bills import Owing

ROUND = 21_000  # milliseconds: more than the time between two looks of a page at itself


@pytest.fixture
def page(near: Near, browser: Browser, owed: Owing, now: datetime) -> Iterator[Page]:
    """The bill, open on the phone of the person who owes; its timers run when the test says so."""
    with near.phone_of(cast.owner(owed.account_id, now), browser) as page:
        page.clock.install()
        page.goto(f"/permohonan/{owed.application_code}/tagihan")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bayar sebelum pukul")
        expect(page.get_by_role("heading", name="Cara membayar")).to_be_visible()
        yield page


def waits(page: Page) -> None:
    """Until the page has looked for news once more."""
    with page.expect_response(lambda answer: "x-poll" in answer.request.headers):
        page.clock.run_for(ROUND)


def reads_nothing_of_paying(page: Page) -> None:
    for words in ("Cara membayar", "Kode billing, 15 angka", "Batalkan jadwal ini", "Sesudah membayar"):
        expect(page.locator("main")).not_to_contain_text(words)


def test_a_bill_that_was_paid_becomes_the_ticket_and_says_when_to_come(
    app: Flask, page: Page, owed: Owing, now: datetime
) -> None:
    bank = TestBank(app.test_client(), now).register().sign_in()
    answer = bank.call(Service.PAYMENT, banks.payment_fields(owed.code, owed.amount_rp))
    assert answer.status_code == 200, answer.text
    waits(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Datang Kamis, 26 Nov, tiba 08.45 WIB")
    assert page.title().startswith("Datang Kamis, 26 Nov, tiba 08.45 WIB")
    expect(page.locator("#warta")).to_have_text("Datang Kamis, 26 Nov, tiba 08.45 WIB")
    expect(page.locator(".ticket .qr svg")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Pembayaran diterima.")
    reads_nothing_of_paying(page)


def test_a_bill_past_its_hour_waits_for_the_bank_and_asks_for_no_money(
    near: Near, page: Page, now: datetime
) -> None:
    near.now = now + timedelta(hours=2, minutes=5)
    waits(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Menunggu kabar dari bank")
    expect(page.locator("main")).to_contain_text("Jangan membayar sekarang.")
    assert page.title().startswith("Menunggu kabar dari bank")
    reads_nothing_of_paying(page)


def test_a_bill_that_lapsed_offers_another_hour_and_nothing_else(
    near: Near, page: Page, owed: Owing, now: datetime
) -> None:
    near.now = now + timedelta(hours=3)
    assert lapse_bill(owed.bill_id, now=near.now)
    waits(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Batas bayar sudah lewat")
    expect(page.locator("main").get_by_role("link")).to_have_text(["Permohonan ini", "Pilih jadwal lagi"])
    reads_nothing_of_paying(page)
    assert not page.locator("[hx-trigger*=every]").count()


def test_nothing_new_costs_no_bytes_and_moves_nothing(page: Page) -> None:
    page.get_by_text("ATM", exact=True).click()
    with page.expect_response(lambda answer: "x-poll" in answer.request.headers) as answer:
        page.clock.run_for(ROUND)
    assert answer.value.status == 204
    expect(page.locator("details[open]")).to_have_count(2)


def test_a_phone_that_others_use_falls_asleep_although_the_bill_looks_for_news(
    near: Near, page: Page, now: datetime, scalar: Callable[..., Any]
) -> None:
    db.session.execute(db.text("UPDATE sign_in SET is_shared_device = true"))
    db.session.commit()
    for minutes in (10, 20, 29):
        near.now = now + timedelta(minutes=minutes)
        waits(page)
    assert scalar("SELECT last_seen_at FROM sign_in") == now
    near.now = now + timedelta(minutes=31)
    waits(page)
    # In one round the bill looks twice; both looks are led there, and the second may break off the first.
    expect(page).to_have_url(re.compile("/masuk"))
    expect(page.locator("main")).to_contain_text("Sesi Anda di perangkat ini sudah berakhir.")
    expect(page.locator("body")).not_to_contain_text("SITI")


def test_the_status_page_changes_as_a_whole(app: Flask, page: Page, owed: Owing, now: datetime) -> None:
    page.goto(f"/permohonan/{owed.application_code}")
    expect(page.get_by_role("heading", name="Berikutnya: bayar tagihan")).to_be_visible()
    bank = TestBank(app.test_client(), now).register().sign_in()
    bank.call(Service.PAYMENT, banks.payment_fields(owed.code, owed.amount_rp))
    waits(page)
    expect(page.locator(".ticket .qr svg")).to_be_visible()
    expect(page.get_by_role("link", name="Batalkan permohonan")).to_be_visible()
