"""Choosing the day and sending a photo with the keyboard alone: the focus stays where the person is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from mpaspor.applications.models import Application
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.journeys.near import Near
from tests.stage import cast, drafts
from tests.stage.cast import Person


@pytest.fixture
def draft(ratna: Person, palembang: Office, now: datetime) -> Application:
    case = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    db.session.commit()
    return case


@pytest.fixture
def page(near: Near, browser: Browser, ratna: Person, draft: Application) -> Iterator[Page]:
    """Ratna's phone."""
    with near.phone_of(ratna, browser) as page:
        yield page


def test_after_choosing_a_day_the_focus_stays_on_it_and_the_day_is_read_out(
    page: Page, draft: Application
) -> None:
    page.goto(f"/permohonan/{draft.code}/jadwal?tanggal=2026-11-26&jam=0900")
    said = page.locator(".actions b")
    expect(said).to_have_text("Kam 26 Nov, 09.00")
    page.locator("#hari-27").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hari-27[aria-current]")).to_be_focused()
    expect(page.locator("#warta")).to_contain_text("Jumat, 27 November 2026. Sisa kuota")
    expect(said).to_have_text("Pilih jadwal dahulu")
    page.get_by_role("radio").first.check()
    expect(said).to_contain_text("Jum 27 Nov, ")


def test_without_scripts_the_bar_asks_for_an_hour_until_one_is_marked(
    near: Near, browser: Browser, ratna: Person, draft: Application
) -> None:
    with near.phone_of(ratna, browser, scripts=False) as page:
        page.goto(f"/permohonan/{draft.code}/jadwal")
        expect(page.get_by_text("Pilih jadwal dahulu")).to_be_visible()
        page.get_by_role("radio").first.check()
        expect(page.get_by_text("Pilih jadwal dahulu")).to_be_hidden()
        expect(page.get_by_text("Rp650.000 · bayar dalam 2 jam")).to_be_visible()


def test_a_file_that_is_no_photo_is_refused_where_the_keyboard_is(page: Page, draft: Application) -> None:
    page.goto(f"/permohonan/{draft.code}/dokumen")
    no_photo = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    page.locator("input[type=file]").first.set_input_files(no_photo)  # type: ignore[arg-type]
    wrong = page.locator("input[type=file][aria-invalid=true]")
    expect(wrong).to_be_focused()
    expect(page.locator("#warta")).not_to_be_empty()
