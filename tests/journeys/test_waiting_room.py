"""The screen of the waiting room in a browser: it speaks each new call once, after it was asked to."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import NewVisitor
from tests.journeys.visitor import DESK

SCREEN = "/layar/palembang"
_SILENT = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (words) { this.words = words; };
Object.defineProperty(window, "speechSynthesis", {
  value: { speak: function (one) { window.spoken.push(one.words + " " + one.lang); } },
});
"""


def part(*calls: str) -> str:
    rows = "".join(f'<li data-call="{mark}" data-words="Nomor {mark}"></li>' for mark in calls)
    watch = f'<div hx-get="{SCREEN}" hx-trigger="every 5s" hx-target="#layar" hx-swap="outerHTML"></div>'
    return f'<div id="layar">{watch}<ol class="calls">{rows}</ol></div>'


def polls(page: Page, *calls: str) -> None:
    """What the next poll brings, and the five seconds until it has come."""

    def answer(route: Route) -> None:
        is_poll = "hx-request" in route.request.headers
        route.fulfill(body=part(*calls), content_type="text/html") if is_poll else route.fallback()

    page.route(f"**{SCREEN}", answer)
    page.clock.run_for(5_100)
    expect(page.locator("[data-call]")).to_have_count(len(calls))


def test_each_new_call_is_spoken_once_after_somebody_switched_the_voice_on(visitor: NewVisitor) -> None:
    screen = visitor(DESK)
    page = screen.page
    page.add_init_script(_SILENT)
    page.clock.install()
    screen.opens(SCREEN)
    polls(page, "A001")
    assert page.evaluate("spoken") == [], "nobody has switched it on"
    page.get_by_role("button", name="Nyalakan suara").click()
    polls(page, "A002", "A001")
    polls(page, "A002", "A001")
    assert page.evaluate("spoken") == ["Suara menyala id-ID", "Nomor A002 id-ID"]
