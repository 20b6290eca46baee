"""The page by which people come needs nothing but itself to be shown as it is meant."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.journeys.conftest import NewVisitor
from tests.journeys.visitor import DESK, PHONE


def _nothing(route: Route) -> None:
    route.fulfill(status=200, content_type="text/css", body="")


def _seen(page: Page, scheme: str) -> bytes:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    return page.screenshot(full_page=True)


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_start_page_looks_alike_before_the_sheet_is_there(
    visitor: NewVisitor, screen: dict[str, int]
) -> None:
    early, later = visitor(screen), visitor(screen)
    early.page.route("**/site.css", _nothing)
    for guest in (early, later):
        guest.opens("/")
    for scheme in ("light", "dark"):
        assert _seen(early.page, scheme) == _seen(later.page, scheme), scheme
    # The twin: without what the page brings along, that would show.
    early.page.evaluate("document.querySelector('style').remove()")
    assert _seen(early.page, "dark") != _seen(later.page, "dark")
