"""A morning of forty people is closed and all are seated again: at the office's screen, and on phones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mpaspor.billing.accept_offer import accept_offer
from mpaspor.foundation import clock
from tests.journeys.near import Near
from tests.journeys.visitor import DESK, Visitor
from tests.stage import cast
from tests.stage.closing import Closing, booking_of, broken, owner_of
from tests.stage.officers_in import EMAIL, PASSWORD, serves

FORTY = 40
DEAF = 500  # ms; a key that comes sooner after a page was meant for the one before it
SEATED = (
    "SELECT count(*) FROM booking b JOIN slot s ON s.id = b.slot_id "
    "JOIN application a ON a.id = b.application_id "
    "WHERE b.state = 'confirmed' AND a.state = 'scheduled' AND s.closed_at IS NULL"
)


@pytest.mark.long
def test_a_closed_morning_seats_forty_people_again(
    closing: Closing, near: Near, browser: Browser, scalar: Callable[..., Any]
) -> None:
    codes = [closing.paid(24 * 4 + number % 4) for number in range(FORTY)]
    phone = serves(closing.now, roles=("supervisor",))
    office = Visitor(browser, near, DESK)
    comes_in(office.page, phone.shows(closing.now))
    closes_friday_morning(office.page)
    assert scalar("SELECT count(*) FROM slot WHERE closed_at IS NOT NULL") == 4
    closing.works()
    for code, scripts in zip(codes[:2], (True, False), strict=True):
        with near.phone_of(cast.owner_of(code, closing.now), browser, scripts=scripts) as page:
            says_yes(page, code)
    with near.phone_of(cast.owner_of(codes[2], closing.now), browser) as page:
        chooses_another(page, codes[2])
    with clock.at(closing.now):
        for code in codes[3:]:
            accept_offer(owner_of(code), code, booking_of(code).slot_id, now=closing.now)
    assert scalar(SEATED) == FORTY
    assert broken(closing.now) == []
    office.page.reload()
    expect(office.page.get_by_text("menerima usulan: 39")).to_be_visible()
    office.leave()


def comes_in(page: Page, code: str) -> None:
    page.goto("/petugas/masuk?next=/petugas/jam-tutup")
    page.get_by_label("Alamat e-mail dinas").fill(EMAIL)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Kode dari aplikasi").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/petugas/jam-tutup")


def closes_friday_morning(page: Page) -> None:
    """Looks first, then closes, by the keyboard alone."""
    for part, value in (("day", "27"), ("month", "11"), ("year", "2026")):
        page.locator(f"#first_on-{part}").fill(value)
    page.get_by_label("Dari jam").select_option("08:00")
    page.get_by_label("Sampai jam").select_option("12:00")
    page.keyboard.press("Enter")
    page.wait_for_url("**/periksa?**")
    expect(page.get_by_role("heading", name="Siapa yang kena")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text("40")
    page.get_by_label("Sebab, seperti dibaca pemohon").select_option("power")
    page.get_by_label("Catatan untuk kantor").fill("Gardu PLN padam")
    page.wait_for_timeout(DEAF)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Tersimpan: jam ditutup")).to_be_visible()


def says_yes(page: Page, code: str) -> None:
    page.goto(f"/permohonan/{code}")
    expect(page.get_by_text("Kantor menutup jam Anda")).to_be_visible()
    page.get_by_role("button", name="Terima jadwal ini").click()
    expect(page.get_by_role("heading", name="Berikutnya: datang ke kantor")).to_be_visible()


def chooses_another(page: Page, code: str) -> None:
    page.goto(f"/permohonan/{code}")
    page.get_by_role("link", name="Pilih jadwal lain").click()
    page.goto(f"/permohonan/{code}/jadwal?tanggal=2026-12-02")
    page.locator("input[name=slot]").first.check(force=True)
    page.get_by_role("button", name="Pilih jadwal ini").click()
    expect(page.get_by_role("heading", name="Berikutnya: datang ke kantor")).to_be_visible()
