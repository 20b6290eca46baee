"""Keys at the desk: letters open and move, two fingers decide, and a scanner acts on nobody who lies open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mpaspor.demo.cast import DEWI, RATNA
from tests.journeys.conftest import NewVisitor
from tests.journeys.house import House
from tests.journeys.officer import ADJUDICATOR, BIOMETRICS, SUPERVISOR, VERIFIER, Officer
from tests.journeys.visitor import DESK, Visitor

# The moment of a key comes from the browser's installed clock, so that no machine is too slow or too fast.
OpenCase = Callable[[str, str], Visitor]
AT_PAPERS, AT_PHOTO = "Ahmad Rizky", "Kartika Sari"  # where the demo's guests of today stand
KINDS = {"text", "radio", "textarea", "file"}  # with the parts of a date, which are text


@pytest.fixture
def opens(visitor: NewVisitor, house: House) -> OpenCase:
    """An officer with somebody's case open, on a clock that stands still between keys."""

    def open_case(officer: str, name: str) -> Visitor:
        at = Officer(visitor(DESK), officer).signs_in().at
        page = at.page
        page.clock.install()
        at.opens(f"/petugas/kasus/{code_of(house, name)}")
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))
        return at

    return open_case


def code_of(house: House, name: str) -> str:
    return str(house.ask("SELECT code FROM application WHERE full_name = %s", name)[0])


def state_of(house: House, name: str) -> str:
    return str(house.ask("SELECT state FROM application WHERE full_name = %s", name)[0])


def types(page: Page, text: str) -> None:
    """By hand: a fifth of a second between two keys."""
    for sign in text:
        page.keyboard.press("Space" if sign == " " else sign)
        page.clock.run_for(200)


def scans(page: Page, text: str, end: str = "Enter") -> None:
    """By a scanner: no time between two keys."""
    for sign in text:
        page.keyboard.press(sign)
    if end:
        page.keyboard.press(end)


def posts(page: Page) -> list[str]:
    """The addresses that forms are sent to from now on, except the place that looks at scans."""
    sent: list[str] = []
    page.on(
        "request", lambda r: sent.append(r.url) if r.method == "POST" and "/pindai" not in r.url else None
    )
    return sent


def test_typing_a_reason_for_refusing_grants_nothing(opens: OpenCase, house: House) -> None:
    page = opens(ADJUDICATOR, DEWI.name).page
    sent = posts(page)
    page.keyboard.press("F9")
    expect(page.get_by_label("Tangguhkan")).to_be_focused()
    types(page, "data meragukan a l b n")
    page.get_by_label("Tangguhkan").check()
    types(page, "ama")
    page.get_by_label("Alasan", exact=False).first.focus()
    types(page, "alamat tidak sama")
    page.locator("h1").click()  # out of the form, which still holds what was typed
    types(page, "amlb")
    page.keyboard.press("Control+Enter")
    page.clock.run_for(200)
    assert not sent and state_of(house, DEWI.name) == "interviewed"
    expect(page.get_by_label("Alasan", exact=False).first).to_have_value("alamat tidak sama")


def test_holding_a_key_sends_nothing(opens: OpenCase, house: House) -> None:
    page = opens(ADJUDICATOR, DEWI.name).page
    sent = posts(page)
    for key in ("a", "m", "Control+Enter"):
        page.locator("body").dispatch_event(
            "keydown", {"key": key.rpartition("+")[2], "ctrlKey": "+" in key, "repeat": True}
        )
    for _ in range(60):
        page.keyboard.down("a")
        page.clock.run_for(30)
    page.keyboard.up("a")
    assert not sent and state_of(house, DEWI.name) == "interviewed"


def test_a_scan_on_an_open_case_names_the_other_person_and_acts_on_nobody(
    opens: OpenCase, house: House
) -> None:
    page = opens(ADJUDICATOR, DEWI.name).page
    address, sent = page.url, posts(page)
    scans(page, code_of(house, RATNA.name))
    expect(page.locator("#kabar")).to_contain_text("Kode orang lain dipindai")
    expect(page.locator("#kabar")).to_contain_text(RATNA.name)
    expect(page.get_by_role("link", name="Buka permohonan ini")).to_be_visible()
    page.clock.run_for(500)
    assert page.url == address and not sent
    assert (state_of(house, DEWI.name), state_of(house, RATNA.name)) == ("interviewed", "scheduled")


def test_a_scan_into_a_reason_leaves_the_reason_as_it_was(opens: OpenCase, house: House) -> None:
    page = opens(ADJUDICATOR, DEWI.name).page
    sent = posts(page)
    page.keyboard.press("F9")
    reason = page.get_by_label("Alasan", exact=False).first
    reason.focus()
    types(page, "baru")
    for end in ("Enter", "Tab", ""):
        reason.focus()
        scans(page, "]Q1" + code_of(house, DEWI.name), end)
        page.clock.run_for(500)
        expect(page.locator("#kabar")).to_contain_text("permohonan yang sedang terbuka ini")
        expect(reason).to_have_value("baru")
        page.evaluate("document.getElementById('kabar').replaceChildren()")
    assert not sent


@pytest.mark.long
def test_letters_in_a_field_of_any_kind_open_and_decide_nothing(opens: OpenCase, house: House) -> None:
    seen: set[str] = set()
    for officer, name in ((VERIFIER, AT_PAPERS), (BIOMETRICS, AT_PHOTO)):
        page = opens(officer, name).page
        address, sent, state = page.url, posts(page), state_of(house, name)
        for key in ("F9", "d"):
            page.locator("h1").click()
            page.keyboard.press(key)
            page.clock.run_for(200)
        for field in page.locator("main form[method=post] :is(select, textarea, input:visible)").all():
            kind = str(field.evaluate("field => field.type"))
            if kind in seen:
                continue
            seen.add(kind)
            field.focus()
            types(page, "bdnj1+/")
            expect(field).to_be_focused()
        assert page.url == address and not sent and state_of(house, name) == state
    assert seen >= KINDS


def test_a_letter_opens_and_an_unreadable_scan_speaks_of_the_scanner(opens: OpenCase) -> None:
    at = opens(VERIFIER, DEWI.name)
    page = at.page
    with at.expecting(422):
        scans(page, "mp1.k7m4q2xd.palembang.202612080400.abcdefgh")
        expect(page.locator("#kabar")).to_contain_text("CapsLock")
    page.clock.run_for(500)
    page.keyboard.press("b")
    page.clock.run_for(200)
    page.wait_for_url("**/petugas")
    page.keyboard.press("/")  # meant for the page before
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.clock.run_for(500)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.clock.resume()
    page.clock.resume()
    at.looks()


def test_a_scan_that_a_busy_computer_interrupts_arrives_whole(visitor: NewVisitor, house: House) -> None:
    at = Officer(visitor(DESK), SUPERVISOR).signs_in().at
    page, scanned = at.page, "MP2ABCDEFGHJKLMNPQRSTUVWXYZ234567"
    page.clock.install()
    at.opens("/petugas/hadir")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    is_sent = page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/hadir"))
    with at.expecting(422), is_sent as sent, page.expect_navigation():
        for sign in scanned[:4]:
            page.keyboard.press(sign)
            page.clock.run_for(60)
        scans(page, scanned[4:14], end="")
        page.clock.run_for(150)
        scans(page, scanned[14:])
    assert scanned in (sent.value.post_data or "")
    page.clock.resume()
    at.looks()
