"""Two hands at a desk: a keyboard, a scanner, and no mouse. Every key and every page is counted.

The browser's clock stands still between keys, so that no machine is too slow or too fast: a hand needs a
tenth of a second for a key, a scanner none, and a new page has been looked at before the first key. Whatever
is waited for has an end, which says what it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Dialog, Page, Request, TimeoutError

A_KEY, A_LOOK = 100, 600  # ms
A_GLANCE, PATIENCE = 500, 60_000  # ms: the machine may be busy with everything else
TRIES = 8
SCREEN = {"width": 1366, "height": 768}
_OLD = """
  document.querySelector("main").setAttribute("data-lama", "");
  document.getElementById("kabar")?.replaceChildren();
"""
# Another main part; the question of a locked screen; a server that is too busy, and the form as it was.
_ANSWERS = "main:not([data-lama]), dialog[open], #kabar > *"
# A hand on a mouse is written down where it outlives the page.
_MOUSE = "addEventListener('mousedown', () => (sessionStorage.mouse = 1 + Number(sessionStorage.mouse || 0)))"


@dataclass
class Spent:
    """What something cost: keys pressed, scans, signs of notes typed, pages loaded, parts fetched."""

    keys: int = 0
    scans: int = 0
    typed: int = 0
    pages: int = 0
    parts: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Spent)))


class Hands:
    """A page, and what an officer does with it."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page
        self.code: Callable[[], str] | None = None  # what the app on the telephone shows
        self.does = "sits down"  # told when the day does not end
        self._spent = Spent()
        self.troubles: list[str] = []
        page.on("load", lambda _page: self._add(pages=1))
        page.on("request", self._on_request)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("dialog", self._on_dialog)

    def spent(self) -> Spent:
        """What was spent since this was asked last."""
        found, self._spent = self._spent, Spent()
        return found

    def _add(self, **more: int) -> None:
        self._spent += Spent(**more)

    def _on_request(self, request: Request) -> None:
        headers = request.headers
        if "hx-request" in headers and "x-poll" not in headers:
            self._add(parts=1)

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"{self.page.url}: a window said {dialog.type} {dialog.message!r}")
        await dialog.accept()

    async def press(self, *keys: str) -> None:
        """One key after the other, by hand."""
        for key in keys:
            await self.page.keyboard.press(key)
            await self.context.clock.run_for(A_KEY)
            self._add(keys=1)

    async def note(self, text: str) -> None:
        """Words that belong to this person alone: counted apart."""
        await self.page.keyboard.insert_text(text)
        self._add(typed=len(text))

    async def scan(self, text: str) -> None:
        """What a scanner types, with its Enter, in no time; two lines as one."""
        for line in text.split("\n"):
            for sign in line:
                await self.page.keyboard.press(sign)
            await self.page.keyboard.press("Enter")
        await self.context.clock.run_for(A_KEY)
        self._add(scans=1)

    @asynccontextmanager
    async def answered(self) -> AsyncIterator[None]:
        """What is done inside brings another page, or another main part of this one."""
        await self.page.evaluate(_OLD)
        yield
        await self.looks()

    async def looks(self) -> None:
        """Wait until the new page is there, and look at it."""
        await self.until(self._new_main_is_there, "another main part")
        await self.page.wait_for_load_state("load")
        await self.context.clock.run_for(A_LOOK)
        if self.code is not None and await self.has("main input[name=bukti]"):
            await self._unlocks(self.code())

    async def _new_main_is_there(self) -> bool:
        with suppress(TimeoutError):
            await self.page.wait_for_selector(_ANSWERS, timeout=A_GLANCE)
            return True
        return False

    async def until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        """Wait until it is so, while the page's own clock goes on; raises what it was that never came."""
        end = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < end:
            if await holds():
                return
            await self.context.clock.run_for(A_KEY)
        raise AssertionError(f"{self.page.url}: waited in vain for {what} ({self.does})")

    async def until_true(self, script: str, what: str) -> None:
        """Wait for what a device does meanwhile, which needs its own time."""

        async def holds() -> bool:
            if await self.page.evaluate(script):
                return True
            await asyncio.sleep(A_KEY / 1000)
            return False

        await self.until(holds, what)

    async def _unlocks(self, code: str) -> None:
        """A screen that was left alone for half an hour asks who is there; that belongs to nobody's case."""
        before = replace(self._spent)
        await self.note(code)
        await self.sends("Enter")
        self._spent = before

    async def is_asked_over_the_page(self) -> bool:
        """Whether the question stood over the page; then what was done is to be done once more."""
        if self.code is None or not await self.has("dialog[open]"):
            return False
        before = replace(self._spent)
        await self.note(self.code())
        await self.press("Enter")
        await self.until(self._is_unlocked, "a screen that is unlocked again")
        self._spent = before
        return True

    async def _is_unlocked(self) -> bool:
        return not await self.has("dialog[open]")

    async def sends(self, *keys: str) -> None:
        """Press these keys; the last one sends something, and once more where it was not taken: the screen
        had to be unlocked first, or the server was too busy. Only the press that was taken counts."""
        *others, last = keys
        await self.press(*others)
        for _ in range(TRIES):
            before = replace(self._spent)
            async with self.answered():
                await self.press(last)
            if not await self.is_asked_over_the_page() and not await self.has("#kabar > *"):
                return
            self._spent = before
        raise AssertionError(f"{self.page.url}: {TRIES} times {last}, and it was not taken ({self.does})")

    async def chooses_file(self, data: bytes, key: str = "Enter") -> None:
        """Open the file field that has the focus, and choose a picture."""
        async with self.page.expect_file_chooser() as chooser:
            await self.press(key)
        picture = {"name": "surat.jpg", "mimeType": "image/jpeg", "buffer": data}
        await (await chooser.value).set_files(picture)  # type: ignore[arg-type]

    async def waits(self, milliseconds: int) -> None:
        """Look at the page, which may bring news by itself."""
        await self.context.clock.run_for(milliseconds)

    async def has(self, selector: str) -> bool:
        return await self.page.locator(selector).count() > 0

    def open_case(self) -> str:
        """The code of the case that lies open, by the address; empty elsewhere."""
        _, _, found = urlsplit(self.page.url).path.partition("/petugas/kasus/")
        return found.partition("/")[0]

    async def clicks(self) -> int:
        """How often this window was clicked into."""
        return int(await self.page.evaluate("Number(sessionStorage.mouse || 0)"))

    async def goes_to(self, selector: str, key: str = "Tab", most: int = 40) -> None:
        """Tab until what is looked for has the focus."""
        for _ in range(most):
            if await self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
            await self.press(key)
        raise AssertionError(f"{self.page.url}: {most} times {key}, and {selector} has no focus")


async def new_hands(context: BrowserContext, now: datetime) -> Hands:
    """A browser profile of one officer, whose clock stands still at `now`."""
    context.set_default_timeout(PATIENCE)
    await context.clock.install(time=now)
    await context.clock.pause_at(now)
    await context.add_init_script(_MOUSE)
    return Hands(context, await context.new_page())
