"""Every way in which a form can fail, and the words that people read then: nothing typed is ever lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.exc import OperationalError

from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import TooFast
from mpaspor.offices.models import Office
from mpaspor.web.access import Audience, open_to
from tests.journeys.near import Near
from tests.journeys.visitor import answering
from tests.stage.cast import Person
from tests.stage.drafts import fills, starts

STREET = "Jl. Merdeka No. 5, RT 01/RW 02, sebelah masjid"
SAVE = "Simpan dan lanjutkan"
NO_ANSWER = "Belum ada jawaban dari server. Sambungan terputus atau server sibuk."
SAVED_AT = "**/isi/alamat"
LONG = pytest.mark.long


@pytest.fixture
def draft(ratna: Person, palembang: Office, now: datetime) -> str:
    """Ratna's draft, with all its pages but the address."""
    code = starts(ratna, now)
    fills(ratna, code, now, but="address")
    return code


@pytest.fixture
def page(near: Near, browser: Browser, ratna: Person) -> Iterator[Page]:
    """Ratna's phone."""
    with near.phone_of(ratna, browser) as page:
        yield page


def types_an_address(page: Page, code: str) -> None:
    page.goto("/permohonan")
    page.goto(f"/permohonan/{code}/isi/alamat")
    page.get_by_label("Alamat", exact=True).fill(STREET)
    page.get_by_label("Provinsi").select_option(label="Sumatera Selatan")
    page.get_by_label("Kabupaten atau kota").fill("Palembang")
    page.get_by_label("Kecamatan").fill("Bukit Kecil")
    page.get_by_role("radio", name="Ya").check()


def presses_save(page: Page) -> None:
    page.get_by_role("button", name=SAVE).click()


def reads_in_the_banner(page: Page, words: str) -> None:
    """The words, beside the form as it was typed, with a button that works again."""
    banner = page.locator("#kabar")
    expect(banner).to_contain_text(words)
    expect(banner).to_be_focused()
    assert page.url.endswith("/isi/alamat")
    expect(page.get_by_label("Alamat", exact=True)).to_have_value(STREET)
    expect(page.get_by_role("radio", name="Ya")).to_be_checked()
    expect(page.get_by_role("button", name=SAVE)).to_be_enabled()


def saves_at_last(page: Page, code: str) -> None:
    presses_save(page)
    page.wait_for_url(f"**/permohonan/{code}/isi")
    page.goto(f"/permohonan/{code}/isi/alamat")
    expect(page.get_by_label("Alamat", exact=True)).to_have_value(STREET)


def raising(error: Exception) -> Callable[..., Any]:
    @open_to(Audience.APPLICANT)
    def view(**_values: str) -> None:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(TooFast(retry_after=60), "Terlalu banyak percobaan", id="429"),
        pytest.param(
            OperationalError("", {}, Exception()),
            "Layanan sedang penuh atau diperbaiki",
            id="503",
            marks=LONG,
        ),
        pytest.param(RuntimeError(), "Ada kesalahan di pihak kami", id="500", marks=LONG),
    ],
)
def test_a_refusal_is_read_in_words_beside_the_form(
    app: Flask, page: Page, draft: str, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    types_an_address(page, draft)
    with monkeypatch.context() as broken:
        broken.setitem(app.view_functions, "applicants.save_answers", raising(error))
        presses_save(page)
        reads_in_the_banner(page, words)
    saves_at_last(page, draft)


def test_404_a_draft_that_is_not_ones_own_any_more(page: Page, draft: str, budi: Person) -> None:
    types_an_address(page, draft)
    db.session.execute(db.text("UPDATE application SET account_id = :other"), {"other": budi.id})
    db.session.commit()
    presses_save(page)
    reads_in_the_banner(page, "Halaman ini tidak ada")


def test_409_a_case_that_is_past_changing(page: Page, draft: str) -> None:
    types_an_address(page, draft)
    db.session.execute(db.text("UPDATE application SET state = 'closed'"))
    db.session.commit()
    presses_save(page)
    reads_in_the_banner(page, "Keadaan permohonan ini baru saja berubah")


def test_413_a_form_too_large(page: Page, draft: str) -> None:
    types_an_address(page, draft)
    page.evaluate("""() => {
      const more = document.createElement("textarea");
      more.name = "lebih";
      more.value = "x".repeat(300000);
      document.querySelector("main form").append(more);
    }""")
    presses_save(page)
    reads_in_the_banner(page, "Isian ini terlalu panjang")


def test_403_a_page_older_than_the_browsers_cookies(page: Page, draft: str) -> None:
    types_an_address(page, draft)
    page.locator("[name=csrf_token]").evaluate("field => field.value = 'lama'")
    page.locator("body").evaluate("body => body.removeAttribute('hx-headers')")
    presses_save(page)
    reads_in_the_banner(page, "Halaman ini sudah lama terbuka")
    page.reload()
    expect(page.get_by_role("button", name=SAVE)).to_be_visible()


def test_422_the_error_is_at_the_field_and_back_leads_away_from_it(page: Page, draft: str) -> None:
    """No entry in the history: Back after the corrected error is the page before the form."""
    page.goto("/permohonan")
    types_an_address(page, draft)
    page.get_by_label("Kecamatan").fill("")
    presses_save(page)
    expect(page.locator("#galat")).to_be_focused()
    expect(page.locator("#galat")).to_contain_text("Perbaiki 1 isian")
    assert page.title().startswith("Galat:") or page.title().startswith("Kesalahan:")
    expect(page.get_by_label("Kecamatan")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Alamat", exact=True)).to_have_value(STREET)
    page.get_by_label("Kecamatan").fill("Bukit Kecil")
    presses_save(page)
    page.wait_for_url(f"**/permohonan/{draft}/isi")
    page.go_back()
    expect(page.get_by_label("Alamat", exact=True)).to_have_value(STREET)
    assert page.locator("#galat").count() == 0
    page.go_back()
    page.wait_for_url("**/permohonan")


@pytest.mark.parametrize(
    "fails",
    [
        pytest.param(lambda route: route.abort("connectionreset"), id="dropped"),
        pytest.param(answering(502, "<html><h1>502 Bad Gateway</h1></html>"), id="a proxy's 502", marks=LONG),
        pytest.param(answering(200, "<html><h1>Selamat datang di WiFi</h1></html>"), id="a hotspot's page"),
        pytest.param(answering(413, "<html>too large</html>"), id="a proxy's 413", marks=LONG),
    ],
)
def test_no_answer_of_ours_leaves_the_form_as_typed(
    page: Page, draft: str, fails: Callable[[Route], None]
) -> None:
    types_an_address(page, draft)
    page.route(SAVED_AT, fails)
    presses_save(page)
    reads_in_the_banner(page, NO_ANSWER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Alamat di KTP")
    page.unroute(SAVED_AT)
    saves_at_last(page, draft)


def test_a_timeout_leaves_the_form_as_typed(page: Page, draft: str) -> None:
    types_an_address(page, draft)
    held: list[Route] = []
    page.route(SAVED_AT, lambda route: held.append(route))
    page.evaluate("htmx.config.timeout = 50")
    presses_save(page)
    reads_in_the_banner(page, NO_ANSWER)
    page.unroute(SAVED_AT)
    page.evaluate("htmx.config.timeout = 20000")
    saves_at_last(page, draft)


def test_a_slow_connection_says_that_it_is_saving_and_takes_one_tap(page: Page, draft: str) -> None:
    types_an_address(page, draft)
    held: list[Route] = []
    page.route(SAVED_AT, lambda route: held.append(route))
    presses_save(page)
    saving = page.get_by_role("button", name="Menyimpan …")
    expect(saving).to_be_enabled()
    expect(page.locator("#warta")).to_have_text("Menyimpan …")
    saving.click()
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_url(f"**/permohonan/{draft}/isi")


def test_a_form_sent_after_the_sign_in_ended_comes_back_after_signing_in(page: Page, draft: str) -> None:
    types_an_address(page, draft)
    db.session.execute(db.text("UPDATE sign_in SET revoked_at = created_at"))
    db.session.commit()
    presses_save(page)
    page.wait_for_url(re.compile(r"/masuk\?"))
    expect(page.locator("main")).to_contain_text("Isian Anda disimpan")
