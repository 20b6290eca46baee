"""A man of 67 without an appointment: from the door to the photo, and no hand leaves the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from tests.journeys.near import Near
from tests.journeys.visitor import DESK, Visitor
from tests.stage import cast
from tests.stage.desk import photo
from tests.stage.walk_ins import NIK, Door

DEAF = 500  # ms; a key that comes sooner after a page was meant for the one before it
BY_HAND = 60  # ms between two keys; who is quicker is a scanner
PATIENT = 20_000  # ms until the page has looked for news by itself


@pytest.fixture
def desk(app: Flask, near: Near, browser: Browser, door: Door) -> Iterator[Page]:
    """One officer of a small office, at the door first, then at the papers and the camera."""
    roles = (Role.RECEPTION, Role.VERIFIER, Role.BIOMETRICS)
    who = cast.officer(door.house.office, *roles, now=door.house.now, name="Rina Kusuma")
    at = Visitor(browser, near, DESK)
    with app.test_request_context():
        name, value = cookie_for(who.token, "officer")
    at.context.add_cookies([{"name": name, "value": value, "url": near.url}])
    yield at.page
    at.leave()


def presses(page: Page, *keys: str) -> None:
    page.wait_for_timeout(DEAF)
    for key in keys:
        page.keyboard.press(key)


def goes_to(page: Page, selector: str) -> None:
    """By Tab alone."""
    for _ in range(60):
        if page.evaluate("at => document.activeElement.matches(at)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def types(page: Page, *texts: str) -> None:
    """Each into the next field."""
    for text in texts:
        page.keyboard.type(text, delay=BY_HAND)
        page.keyboard.press("Tab")


def the_code() -> str:
    found = db.session.scalars(select(Application.code)).one()
    db.session.remove()
    return found


def fills_in(page: Page) -> None:
    expect(page.get_by_label("NIK", exact=True)).to_be_focused()
    types(page, NIK, "Hasan Basri Lubis", "7", "8", "1959")
    page.keyboard.press("Space")
    goes_to(page, "#ground")
    types(page, "Lansia", "Baru")
    goes_to(page, "input[name=kind]")
    page.keyboard.press("Space")
    goes_to(page, "#card_held")
    page.keyboard.press("Space")


def shows_the_originals(page: Page) -> None:
    for paper in ("ktp", "kk", "bukti"):
        expect(page.locator(f'form[action$="/berkas/{paper}/terima"]')).to_be_visible()
        expect(page.get_by_text("cukup aslinya")).to_be_visible()
        page.wait_for_timeout(DEAF)
        goes_to(page, "#asli")
        presses(page, "Space", "Control+Enter")


def test_a_walk_in_of_67_goes_from_the_door_to_the_photo_by_keyboard_alone(
    holds: None, desk: Page, door: Door
) -> None:
    desk.add_init_script("addEventListener('mousedown', () => document.body.dataset.mouse = 'used')")
    desk.goto("/petugas/hadir")
    presses(desk, "Escape", "d")
    expect(desk.get_by_role("heading", name="Daftar di tempat")).to_be_visible()
    fills_in(desk)
    presses(desk, "Control+Enter")
    expect(desk.get_by_role("heading", name="Kode billing sedang diminta")).to_be_visible()
    code = the_code()
    door.gets_code(code)
    expect(desk.get_by_role("heading", name=re.compile("Bayar sebelum pukul"))).to_be_visible(timeout=PATIENT)
    expect(desk.locator(".pay-slip")).to_contain_text("Rp650.000")
    door.is_paid(code)
    expect(desk.get_by_role("heading", name="Sudah dibayar")).to_be_visible(timeout=PATIENT)
    presses(desk, "Control+Enter")
    expect(desk.locator(".let-in .bignum")).to_have_text("B001")
    presses(desk, "Escape", "o")
    expect(desk.get_by_role("heading", name=re.compile("Hasan Basri Lubis"))).to_be_visible()
    shows_the_originals(desk)
    file = {"name": "kamera.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    desk.get_by_label("Foto dari kamera loket").set_input_files(file)
    presses(desk, "Control+Enter")
    expect(desk.get_by_text("Foto loket").first).to_be_visible()
    assert door.house.state_of(code) == "biometrics_taken"
    assert desk.evaluate("document.body.dataset.mouse") is None
