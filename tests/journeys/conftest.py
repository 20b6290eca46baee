"""One running product and one Chromium for all journeys of a test process."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from mpaspor.demo.cast import BUDI
from tests import long_proofs
from tests.journeys import fonts
from tests.journeys.house import DEMO_PASSWORD, House, open_house
from tests.journeys.near import Near, served
from tests.journeys.visitor import PHONE, Visitor

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]
# (screen, scripts) → a new person with a browser profile of their own.
NewVisitor = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"browser", "house"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium or Chrome; without one the journeys are skipped loudly, and fail under CI=true.

    It has the fonts of this machine, or only the family that MPASPOR_TEST_FONT names; a family that makes no
    difference fails, since the run would prove nothing.
    """
    path = os.environ.get("MPASPOR_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        words = "NO BROWSER: the journeys did not run. Install Chromium, or set MPASPOR_CHROMIUM."
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    family = fonts.other_family()
    with sync_playwright() as playwright:
        launch = partial(playwright.chromium.launch, executable_path=path, args=_ARGUMENTS)
        running = launch()
        if family:
            usual = fonts.width_of_words(running)
            running.close()
            running = launch(env=fonts.browser_with(family, tmp_path_factory.mktemp("fonts")))
            assert fonts.width_of_words(running) != usual, f"{family} is what this browser uses anyway"
        yield running
        running.close()


@pytest.fixture(scope="package")
def house(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole product, running."""
    with open_house(worker_id, tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, house: House) -> Iterator[NewVisitor]:
    """Makes people with a browser; at the end each must have looked at every page that came up.

    Axe takes most of a look. Everyday runs ask it about the public pages and all building blocks; with the
    long proofs it looks at every page.
    """
    people: list[Visitor] = []

    def arrive(
        screen: dict[str, int] = PHONE, *, scripts: bool = True, axe: bool = long_proofs.ARE_WANTED
    ) -> Visitor:
        people.append(Visitor(browser, house, screen, scripts=scripts, axe=axe))
        return people[-1]

    yield arrive
    troubles = [trouble for person in people for trouble in person.leave()]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def near(app: Flask, now: datetime) -> Iterator[Near]:
    """The application of the test process, on a port."""
    with served(app, now) as running:
        yield running


def signs_in(at: Visitor, email: str) -> Visitor:
    """On a browser that we have not seen: password, then the code."""
    at.opens("/masuk").writes({"Alamat e-mail": email, "Kata sandi": DEMO_PASSWORD})
    at.presses("Masuk").reads_heading(re.compile("[Kk]ode"))
    at.writes({"Kode dari e-mail": at.reads_code_of(email)})
    return at.presses(re.compile("[Mm]asuk")).reads_heading("Permohonan saya")


def as_budi(at: Visitor) -> Visitor:
    """Budi, who has a complete draft in the demo, signed in on this browser."""
    if BUDI.email in at.house.cookies:
        at.context.add_cookies(at.house.cookies[BUDI.email])
    else:
        signs_in(at, BUDI.email)
        at.house.cookies[BUDI.email] = at.context.cookies()
    return at.opens("/permohonan")


@pytest.fixture
def at_budis(visitor: NewVisitor) -> Visitor:
    return as_budi(visitor())
