"""`first_paint`: when a weak phone on a slow line shows the start page, beside its HTML alone.

Chromium plays the phone: 400 ms for a round trip, 400 kbit/s, a sixth of our speed, an empty cache.
The floor is the same HTML without style sheet and scripts, compressed alike.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks import web
from benchmarks.bare import Bare, cookies_for
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import fetch
from benchmarks.people import ready
from benchmarks.requests import NO_COOKIES, get
from benchmarks.stage import stage
from mpaspor.foundation import clock

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server"]
_LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # bytes/s
_SLOWER = 6
_PHONE = {"width": 360, "height": 740}
_PAINTED = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0]"
# What makes a browser wait or work beside the HTML itself.
_WEIGHT = re.compile(
    r"<(script|style)\b.*?</\1>|<link\b[^>]*\b(?:stylesheet|preload|modulepreload)\b[^>]*>", re.DOTALL
)


def run(*, quick: bool) -> Figure:
    """Milliseconds until something is to be seen."""
    rounds = 1 if quick else 5
    with stage() as found, web.product(found) as product:
        page = fetch(product.port, get("/", Accept_Encoding="identity")).body.decode()
        [somebody] = ready(found.office, 1, clock.now())
        cookies = cookies_for(somebody.account_id)
        alone = f"{{% raw %}}{without_weight(page)}{{% endraw %}}"
        with web.bare(found, Bare(alone, is_compressed=True)) as bare, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=_ARGUMENTS)
            times = [
                (_paint(browser, product.port, "/"), _paint(browser, bare.port, "/page", cookies))
                for _ in range(rounds)
            ]
            browser.close()
    value, floor = (median(side) for side in zip(*times, strict=True))
    return figure(
        "first_paint", value, "ms", floor, aims=(Aim("ratio", 1.5, at_most=True),),
        notes=("400 ms, 400 kbit/s, processor 6 times slower",),
    )  # fmt: skip


def without_weight(page: str) -> str:
    """The HTML alone: no style sheet and no script, neither in the page nor linked."""
    return _WEIGHT.sub("", page)


def _paint(browser: Browser, port: int, path: str, cookies: Mapping[str, str] = NO_COOKIES) -> float:
    """Milliseconds from asking for the address to the first text or picture, with an empty cache."""
    url = f"http://127.0.0.1:{port}"
    context = browser.new_context(viewport=_PHONE)  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", _LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(url + path, timeout=60_000)
    page.wait_for_function(_PAINTED, timeout=60_000)
    painted = float(page.evaluate(_PAINTED))
    context.close()
    return painted


def _chromium() -> str:
    path = os.environ.get("MPASPOR_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise SystemExit("first_paint needs Chromium or Chrome: install it, or set MPASPOR_CHROMIUM.")
    return path
