"""A passkey in Chromium, with the authenticator that it has for tests: made, used, removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from mpaspor.offices.models import Office
from tests.journeys.near import Near
from tests.journeys.visitor import DESK, Visitor
from tests.stage.officers_in import EMAIL, PASSWORD, serves

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(near: Near, monkeypatch: pytest.MonkeyPatch) -> str:
    """The product by its name: a passkey is bound to one, and never to a number."""
    url = near.url.replace("127.0.0.1", "localhost")
    found = replace(near.app.extensions["settings"], public_url=url)
    monkeypatch.setitem(near.app.extensions, "settings", found)
    return url


@pytest.fixture
def rina(near: Near, desk: str, browser: Browser, palembang: Office, now: datetime) -> Iterator[Page]:
    """Rina at the counter, signed in by password and app."""
    phone = serves(now)
    at = Visitor(browser, near, DESK)
    at.devtools.send("WebAuthn.enable")
    at.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    page = at.page
    page.goto(f"{desk}/petugas/akun")
    page.get_by_label("Alamat e-mail dinas").fill(EMAIL)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Kode dari aplikasi").fill(phone.shows(now))
    page.keyboard.press("Enter")
    page.wait_for_url("**/petugas/akun")
    yield page
    at.leave()


def makes_one(page: Page, name: str = "HP kantor") -> None:
    page.locator("form", has=page.get_by_role("button", name="Tambah kunci sandi")).get_by_label(
        "Nama kunci"
    ).fill(name)
    page.get_by_role("button", name="Tambah kunci sandi").click()
    expect(page.locator("table.desk input[name=name]")).to_have_value(name)


def test_a_passkey_is_made_lets_in_and_is_removed(rina: Page, desk: str, near: Near, now: datetime) -> None:
    makes_one(rina)
    rina.get_by_role("button", name="Keluar").click()
    rina.wait_for_url("**/petugas/masuk")
    rina.get_by_role("button", name="Masuk dengan kunci sandi").click()
    rina.wait_for_url(f"{desk}/petugas")
    rina.goto(f"{desk}/petugas/akun")
    near.now = now + timedelta(minutes=20)  # a grave act wants the key once more
    rina.get_by_role("button", name="Hapus").click()
    expect(rina.get_by_role("heading", name="Ketik kode sekali lagi")).to_be_visible()
    rina.get_by_role("button", name="Pakai kunci sandi").click()
    expect(
        rina.get_by_role("heading", name="Aplikasi kode")
    ).to_be_visible()  # it has the address of the question
    expect(rina.get_by_role("button", name="Hapus")).to_have_count(0)
    rina.get_by_role("button", name="Keluar").click()
    rina.get_by_role("button", name="Masuk dengan kunci sandi").click()
    expect(rina.get_by_text("Kunci sandi ini tidak diterima")).to_be_visible()


def test_at_an_address_that_is_a_number_the_way_to_the_name_is_shown(rina: Page, near: Near) -> None:
    expect(rina.get_by_role("button", name="Tambah kunci sandi")).to_be_visible()
    rina.goto(f"{near.url}/petugas/masuk")
    expect(rina.get_by_role("button", name="Lanjutkan")).to_be_visible()
    expect(rina.get_by_role("button", name="Masuk dengan kunci sandi")).to_be_hidden()


def test_without_scripts_the_code_of_the_app_is_the_way_in(
    near: Near, desk: str, browser: Browser, palembang: Office, now: datetime
) -> None:
    phone = serves(now)
    at = Visitor(browser, near, DESK, scripts=False)
    at.page.goto(f"{desk}/petugas/masuk")
    expect(at.page.get_by_role("button", name="Masuk dengan kunci sandi")).to_be_hidden()
    at.page.get_by_label("Alamat e-mail dinas").fill(EMAIL)
    at.page.get_by_label("Kata sandi").fill(PASSWORD)
    at.page.keyboard.press("Enter")
    at.page.get_by_label("Kode dari aplikasi").fill(phone.shows(now))
    at.page.keyboard.press("Enter")
    at.page.wait_for_url(f"{desk}/petugas")
    at.page.goto(f"{desk}/petugas/akun")
    expect(at.page.get_by_text("memerlukan JavaScript")).to_be_visible()
    at.leave()
