"""A desk that was left alone, in Chromium: the question stands over the page, and the notes stay under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from mpaspor.applications.rules import CaseState
from mpaspor.offices.models import Office
from tests.journeys.near import Near
from tests.journeys.visitor import DESK, Visitor
from tests.stage.desk import House, guest
from tests.stage.officers_in import EMAIL, PASSWORD, Telephone, serves

Scalar = Callable[[str], object]
NOTES = "Jawaban lancar; tujuan ke Penang, kakak tinggal di sana."


@pytest.fixture
def phone(app: Flask, palembang: Office, now: datetime) -> Telephone:
    return serves(now, roles=("interviewer",))


@pytest.fixture
def case(app: Flask, palembang: Office, now: datetime) -> str:
    house = House(app, palembang, now)
    return f"/petugas/kasus/{house.walk(house.guest(), CaseState.BIOMETRICS_TAKEN)}"


@pytest.fixture
def desk(near: Near, browser: Browser, phone: Telephone, case: str, now: datetime) -> Iterator[Page]:
    """Rina has typed her notes, and goes for lunch."""
    at = Visitor(browser, near, DESK)
    page = at.page
    page.clock.install(time=now)
    signs_in(page, phone, now, case)
    page.get_by_label("Catatan wawancara").fill(NOTES)
    yield page
    at.leave()


def signs_in(page: Page, phone: Telephone, now: datetime, to: str) -> Page:
    """Password, then the code of the app; the page that was wanted opens."""
    page.goto(f"/petugas/masuk?next={to}")
    page.get_by_label("Alamat e-mail dinas").fill(EMAIL)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Kode dari aplikasi").fill(phone.shows(now))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{to}")
    return page


def goes_away(desk: Page, near: Near, **span: int) -> datetime:
    """Time passes for the browser and for the server."""
    near.now += timedelta(**span)
    desk.clock.run_for(timedelta(**span).total_seconds() * 1000)
    return near.now


def test_the_question_stands_over_the_page_and_the_notes_are_sent_after_it(
    desk: Page, near: Near, phone: Telephone
) -> None:
    late = goes_away(desk, near, minutes=31)
    over = desk.get_by_role("dialog")
    expect(over.get_by_role("heading", name="Layar terkunci")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+Enter")  # no verb of the page below is pressed
    desk.keyboard.press("Alt+1")
    expect(over).to_be_visible()
    expect(desk.locator("input[type=radio]:checked")).to_have_count(0)
    over.get_by_label("Kode dari aplikasi").fill(phone.wrong(late))
    desk.keyboard.press("Enter")
    expect(over.get_by_text("Kode ini salah").first).to_be_visible()
    over.get_by_label("Kode dari aplikasi").fill(phone.shows(late))
    desk.keyboard.press("Enter")
    expect(over).to_be_hidden()
    expect(desk.get_by_label("Catatan wawancara")).to_have_value(NOTES)
    desk.get_by_label("Disarankan disetujui").check()
    desk.get_by_label("Catatan wawancara").press("Control+Enter")
    expect(desk.get_by_role("status").filter(has_text=re.compile("Tersimpan: "))).to_be_visible()


def test_whoever_types_all_the_time_is_never_asked(desk: Page, near: Near) -> None:
    notes = desk.get_by_label("Catatan wawancara")
    for _ in range(8):
        goes_away(desk, near, minutes=6)
        with desk.expect_response("**/petugas/buka/ada"):
            notes.press("a")
    expect(desk.get_by_role("dialog")).to_be_hidden()


def test_ten_minutes_without_a_network_leave_the_form_as_it_was_and_it_is_sent_once(
    desk: Page, near: Near, scalar: Callable[[str], object]
) -> None:
    notes = desk.get_by_label("Catatan wawancara")
    desk.get_by_label("Disarankan disetujui").check()
    desk.context.set_offline(True)
    goes_away(desk, near, minutes=10)
    notes.press("Control+Enter")
    expect(desk.locator("#kabar")).to_contain_text("Isian Anda masih ada di layar")
    expect(notes).to_have_value(NOTES)
    expect(desk.get_by_label("Disarankan disetujui")).to_be_checked()
    desk.context.set_offline(False)
    notes.press("Control+Enter")
    expect(desk.get_by_role("status").filter(has_text=re.compile("Tersimpan: "))).to_be_visible()
    assert scalar("SELECT count(*) FROM interview") == 1


def test_notes_that_are_just_being_kept_do_not_swallow_the_press_that_sends_them(
    desk: Page, scalar: Scalar
) -> None:
    held: list[Route] = []
    given_up: list[str] = []
    desk.route("**/wawancara/catatan", lambda route: held.append(route))
    desk.on("requestfailed", lambda request: given_up.append(request.url.rpartition("/")[2]))
    desk.get_by_label("Disarankan disetujui").check()
    desk.get_by_label("Catatan wawancara").press_sequentially(" Sering ke sana.")
    with desk.expect_request("**/wawancara/catatan"):
        desk.clock.run_for(6000)
    desk.get_by_label("Catatan wawancara").press("Control+Enter")
    expect(desk.get_by_role("status").filter(has_text=re.compile("Tersimpan: "))).to_be_visible()
    assert scalar("SELECT count(*) FROM interview") == 1
    desk.clock.run_for(6000)
    assert given_up == ["catatan"] and len(held) == 1, "what was sent with the form is not kept after it"


def test_a_door_that_was_left_alone_is_unlocked_by_one_code_and_lets_the_person_in(
    near: Near, browser: Browser, app: Flask, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    phone, code = serves(now), guest(palembang, now, hours=1)
    at = Visitor(browser, near, DESK)
    door = signs_in(at.page, phone, now, "/petugas/hadir")
    near.now += timedelta(minutes=31)
    door.get_by_label("Kode permohonan").fill(code)
    door.keyboard.press("Enter")
    expect(door.get_by_role("heading", name="Layar terkunci")).to_be_visible()
    expect(door.get_by_label("Kode dari aplikasi")).to_be_focused()
    door.keyboard.type(phone.shows(near.now), delay=60)
    door.keyboard.press("Enter")
    expect(door.get_by_role("heading", name="Sudah diterima").first).to_be_visible()
    assert scalar("SELECT count(*) FROM presence") == 1
    at.leave()


def test_another_officer_takes_over_by_signing_in(desk: Page, near: Near) -> None:
    goes_away(desk, near, minutes=31)
    desk.once("dialog", lambda leave: leave.accept())
    desk.get_by_role("dialog").get_by_role("button", name="Keluar").click()
    desk.wait_for_url("**/petugas/masuk")
