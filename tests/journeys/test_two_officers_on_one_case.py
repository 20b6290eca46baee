"""Two officers with the same case on two screens, and a desk whose CapsLock is on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from mpaspor.applications.rules import CaseState
from mpaspor.applications.visit_token import Visit, sign
from mpaspor.config import settings
from mpaspor.demo.cookies import cookie_for
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.journeys.near import Near
from tests.journeys.visitor import DESK, Visitor
from tests.stage import cast
from tests.stage.desk import House

LOOKED = 600  # ms: keys that come sooner after a page were meant for the one before it
A_KEY = 100  # ms
Desk = Callable[[Role, str], Page]
Scalar = Callable[[str], object]


@pytest.fixture
def desk(near: Near, browser: Browser, app: Flask, palembang: Office, now: datetime) -> Iterator[Desk]:
    """Seats an officer with this role and name, on a clock that stands still between keys."""
    seated: list[Visitor] = []

    def sits_down(role: Role, name: str) -> Page:
        who = cast.officer(palembang, role, now=now, name=name)
        at = Visitor(browser, near, DESK)
        seated.append(at)
        with app.test_request_context("/petugas"):
            cookie, value = cookie_for(who.token, "officer")
        at.context.add_cookies([{"name": cookie, "value": value, "url": near.url}])
        at.page.clock.install(time=now)
        at.page.clock.pause_at(now + timedelta(hours=1))  # however long a busy machine took until here
        return at.page

    yield sits_down
    for at in seated:
        at.leave()


@pytest.fixture
def house(app: Flask, palembang: Office, now: datetime) -> House:
    return House(app, palembang, now)


def opens(page: Page, path: str) -> Page:
    page.goto(path)
    page.clock.run_for(LOOKED)
    return page


def presses(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.clock.run_for(A_KEY)


def scans(page: Page, text: str) -> None:
    for letter in text:
        page.keyboard.press(letter)
    presses(page, "Enter")


def accepts(page: Page, key: str = "a") -> None:
    """All of it matches, the original lies on the desk: the next paper comes, or what follows."""
    page.clock.run_for(LOOKED)
    presses(page, key, "Space")
    with page.expect_response("**/terima"):
        presses(page, "Control+Enter")
    expect(page.locator("main button:disabled")).to_have_count(0)


def test_of_two_officers_who_accept_the_same_paper_one_has_the_case_and_the_other_is_told(
    desk: Desk, house: House, scalar: Scalar
) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    sari, rudi = (opens(desk(Role.VERIFIER, name), f"/petugas/kasus/{code}") for name in ("Sari", "Rudi"))
    for page in (sari, rudi):
        expect(page.get_by_role("button", name="Cocok dengan aslinya")).to_be_visible()
        presses(page, "a", "Space")
    presses(sari, "Control+Enter")
    expect(sari.get_by_role("status").filter(has_text="Tersimpan: ")).to_be_visible()
    presses(rudi, "Control+Enter")
    told = rudi.get_by_role("status").filter(has_text="Langkah tadi tidak dijalankan")
    expect(told).to_contain_text("Sedang dilayani Sari. Ambil alih dulu")
    expect(rudi.get_by_role("button", name="Cocok dengan aslinya")).to_have_count(0)
    assert scalar("SELECT count(*) FROM document WHERE state = 'accepted'") == 1

    opens(rudi, "/petugas")
    expect(rudi.locator("#papan tbody tr")).to_contain_text("Sari")
    for _ in range(2):
        accepts(sari)
    opens(rudi, f"/petugas/kasus/{code}")
    expect(rudi.get_by_text("Sedang dilayani")).to_have_count(0)
    assert scalar("SELECT count(*) FROM event WHERE to_state = 'documents_checked'") == 1
    assert scalar("SELECT count(DISTINCT actor_id) FROM event WHERE to_state = 'documents_checked'") == 1


def test_a_desk_with_capslock_works_like_any_other_and_so_does_its_scanner(
    desk: Desk, house: House, scalar: Scalar
) -> None:
    code = house.guest()
    starts_at = scalar("SELECT starts_at FROM slot JOIN booking ON booking.slot_id = slot.id")
    token = sign(Visit(code, house.office.code, starts_at), settings().secrets.signing_key)  # type: ignore[arg-type]
    door = opens(desk(Role.RECEPTION, "Dewi"), "/petugas/hadir")
    scans(door, token.swapcase())
    expect(door.get_by_role("heading", name="Sudah diterima").first).to_be_visible()

    sari = opens(desk(Role.VERIFIER, "Sari"), "/petugas")
    sari.get_by_label("Loket saya").select_option("3")
    with sari.expect_navigation():
        sari.get_by_role("button", name="Pakai").press("Enter")
    sari.clock.run_for(LOOKED)
    with sari.expect_navigation():
        presses(sari, "N")
    expect(sari.get_by_text("Dipanggil ke loket 3")).to_be_visible()
    sari.clock.run_for(LOOKED)
    scans(sari, code.swapcase())
    expect(sari.locator("#kabar")).to_contain_text("permohonan yang sedang terbuka ini")
    for _ in range(3):
        accepts(sari, "A")
    assert house.state_of(code) == "documents_checked"
