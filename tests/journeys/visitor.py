"""A person with a browser. Every page that comes up is looked at: axe, the console, sideways scrolling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Request, Route, expect

from tests.journeys import fonts
from tests.journeys.house import PATIENCE, House

if TYPE_CHECKING:
    from tests.journeys.near import Near

MILLISECONDS = PATIENCE * 1000
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1366, "height": 768}
_GRAVE = {"serious", "critical"}
_CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_ALL = {"resultTypes": ["violations"]}
# What differs from one showing of a page to the next without making it another page to look at.
_PASSING = re.compile(r'"[A-Za-z0-9_.\-]{22,}"|\d+')
# On a desk's wide screen whose name stands where makes no other page either: that one is there, counts.
_WORDS = re.compile(r">[^<>]*[^<>\s][^<>]*<")
_WHERE = re.compile(r' (href|src|action|value|title|alt|aria-label|datetime)="[^"]+"')
# How wide the page is and how much of it is seen; and what stands out farthest, to be found again.
_WIDTHS = """() => {
  const seen = document.documentElement.clientWidth;
  const all = [...document.body.querySelectorAll("*")];
  const out = all.filter(e => e.getBoundingClientRect().right > seen + 1);
  return [document.documentElement.scrollWidth, seen, out.slice(-3).map(e => e.outerHTML.slice(0, 120))];
}"""
# Prices, hours and the terms of a summary that go on in the next line in the middle of a word. Lines are told
# apart by where the pieces stand.
_BROKEN = """() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const box = node.parentElement;
    if (!box.offsetParent || box.closest(".vh")) continue;
    const kept = box.closest("dt") ? /[^\\s-]{2,}/g : /Rp[\\d.]*\\d|\\b\\d\\d\\.\\d\\d\\b/g;
    for (const found of node.data.matchAll(kept)) {
      const piece = document.createRange();
      piece.setStart(node, found.index);
      piece.setEnd(node, found.index + found[0].length);
      const tops = [...piece.getClientRects()].filter(part => part.width > 0).map(part => part.top);
      if (Math.max(...tops) - Math.min(...tops) > 8) said.push(found[0]);
    }
  }
  return said;
}"""
# The size of letters that people set in their browser, in px.
_LETTERS = {"as usual": 16, "a third larger": 21, "twice as large": 32}
_checked: set[int] = set()


def answering(status: int, body: str) -> Callable[[Route], None]:
    """For `page.route`: a page that somebody else answers in our place."""
    return lambda route: route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")


def _is_list(field: Locator) -> bool:
    return bool(field.evaluate("field => field.tagName === 'SELECT'"))


expect.set_options(timeout=MILLISECONDS)


class Visitor:
    """Opens pages, presses what stands on them, and looks at each."""

    def __init__(
        self,
        browser: Browser,
        house: House | Near,
        screen: dict[str, int] = PHONE,
        *,
        scripts: bool = True,
        axe: bool = False,
    ) -> None:
        """A browser profile of their own, for the product that runs in this house."""
        self.house: Any = house
        # Without scripts axe cannot run; another family of letters changes what fits, and nothing it judges.
        self._has_axe = axe and scripts and fonts.other_family() is None
        self.has_scripts = scripts
        profile: dict[str, Any] = {"viewport": screen, "locale": "id-ID", "java_script_enabled": scripts}
        self.context = browser.new_context(base_url=house.url, **profile)
        self.context.set_default_timeout(MILLISECONDS)
        self.context.set_default_navigation_timeout(MILLISECONDS)
        self.page: Page = self.context.new_page()
        self.devtools = self.context.new_cdp_session(self.page)
        self.troubles: list[str] = []
        self._expected: set[int] = set()
        self._breaks_off = False
        self._unseen: list[str] = []
        self._is_phone = (self.page.viewport_size or {}).get("width", 0) < 800
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("requestfailed", self._on_failure)
        self.page.on("dialog", self._on_dialog)
        self.page.on("load", lambda page: self._on_load(page.url))

    # What a person does.

    def opens(self, path: str) -> Visitor:
        self.page.goto(path)
        return self.looks()

    def presses(self, name: str | re.Pattern[str], role: Any = "button", within: Any = None) -> Visitor:
        """Press a button, or with `role="link"` a link, and look at the page that it leads to."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role(role, name=name).click()
        return self.looks()

    def follows(self, name: str | re.Pattern[str]) -> Visitor:
        return self.presses(name, "link")

    @contextmanager
    def in_place(self, patience: float = MILLISECONDS) -> Iterator[Any]:
        """What is done inside changes a part of this page through htmx; the page is looked at again."""
        with self.page.expect_response(
            lambda answer: "hx-request" in answer.request.headers, timeout=patience
        ) as answer:
            yield answer
        expect(self.page.locator(".htmx-request, .htmx-swapping")).to_have_count(0)
        self.looks()

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """Inside, an answer of this status is no trouble; outside any refusal is."""
        self._expected.add(status)
        yield
        self.page.wait_for_load_state("load")
        self._expected.discard(status)

    @contextmanager
    def broken_off(self) -> Iterator[None]:
        """Inside, a request that is given up is no trouble; htmx notes it on the console."""
        self._breaks_off = True
        yield
        self._breaks_off = False

    def writes(self, fields: Mapping[str, str], group: str | None = None) -> Visitor:
        """Fill in fields by their labels, in the group of this name where labels repeat."""
        place: Any = self.page.get_by_role("group", name=group) if group else self.page
        for label, text in fields.items():
            field = place.get_by_label(re.compile(rf"^{re.escape(label)}( \(boleh kosong\))?$"))
            field.select_option(label=text) if _is_list(field) else field.fill(text)
        return self

    def picks(self, option: str, group: str | None = None) -> Visitor:
        """Choose one radio button, in the group of this name where several have the same choices."""
        place: Any = self.page.get_by_role("group", name=group) if group else self.page
        place.get_by_role("radio", name=option, exact=True).check()
        return self

    def reads(self, words: str | re.Pattern[str]) -> Visitor:
        """The words stand on the page (or appear)."""
        expect(self.page.locator("body")).to_contain_text(words, use_inner_text=True)
        return self

    def reads_heading(self, words: str | re.Pattern[str]) -> Visitor:
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()
        return self

    def waits_for(self, words: str) -> Visitor:
        """A heading that comes by itself where scripts run, and by loading again where they do not."""
        heading = self.page.get_by_role("heading", name=words)
        if self.has_scripts:
            expect(heading).to_be_visible()
            return self.looks()
        for _ in range(int(PATIENCE)):
            if heading.is_visible():
                break
            self.page.wait_for_timeout(1000)
            self.page.reload()
        return self.reads_heading(words).looks()

    def fetches(self, path: str) -> tuple[str, bytes]:
        """Type and content of a file, with this browser's cookies."""
        answer = self.context.request.get(path)
        assert answer.ok, (path, answer.status)
        return answer.headers["content-type"], answer.body()

    def reads_code_of(self, address: str) -> str:
        """The newest code for an address that never gets real mail, on the page of demo messages."""
        messages = self.context.new_page()
        messages.goto(f"/demo/pesan?alamat={address}")
        text = messages.locator(".message").filter(has_text="Kode berlaku sampai").first
        expect(text).to_have_count(1)
        found = re.match(r"\s*(\d{6})\b", text.text_content() or "")
        messages.close()
        assert found is not None
        return found[1]

    def reads_app_of(self, address: str) -> str:
        """What the simulated telephone of a demo's officer shows now."""
        shown = self.context.new_page()
        shown.goto(f"/demo/pesan?alamat={address}")
        code = shown.locator(".telephone").first.text_content() or ""
        shown.close()
        return code

    # How a page is looked at.

    def looks(self) -> Visitor:
        """Sideways scrolling, and axe in light and dark if it was asked for; what is wrong is said when the
        person leaves."""
        self.page.wait_for_load_state("load")
        self.troubles += [f"{url}: nobody looked at it" for url in self._unseen[:-1]]
        self._unseen.clear()
        self._is_within()
        if self._is_new():
            if self._has_axe:
                self._looks_with_axe()
            if self._is_phone:
                self._nothing_sticks_out()
        return self

    def leave(self) -> list[str]:
        """Close the browser, and say everything that was wrong on the way."""
        self.context.close()
        return self.troubles + [f"{url}: nobody looked at it" for url in self._unseen]

    def _is_new(self) -> bool:
        page = _PASSING.sub("", self.page.content())
        if not self._is_phone:
            page = _WHERE.sub(r" \1", _WORDS.sub(">x<", page))
        seen = hash((self._is_phone, page))
        if seen in _checked:
            return False
        _checked.add(seen)
        return True

    def _looks_with_axe(self) -> None:
        # The second has no script of its own: axe is half a megabyte, and the page has it by then.
        for scheme, axe, options in (("light", Axe(), _ALL), ("dark", Axe(""), _CONTRAST)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for fault in axe.run(self.page, options=options).response["violations"]:
                if fault["impact"] in _GRAVE:
                    where = [node["html"][:200] for node in fault["nodes"]][:4]
                    self.troubles.append(f"{self.page.url}: axe, {scheme}: {fault['id']}: {where}")
        self.page.emulate_media(color_scheme="light")

    def _nothing_sticks_out(self) -> None:
        screen = self.page.viewport_size
        assert screen is not None
        for width in (screen["width"], 320):
            self.page.set_viewport_size({"width": width, "height": screen["height"]})
            for letters in ("a third larger", "twice as large"):
                self._letters(_LETTERS[letters])
                self._is_within(letters)
            self._letters(_LETTERS["as usual"])
            self._is_within()
        self.page.set_viewport_size(screen)

    def _letters(self, size: int) -> None:
        """The size of letters that a person sets in the browser; lengths in em and rem follow it."""
        self.devtools.send("Page.setFontSizes", {"fontSizes": {"standard": size}})

    def _is_within(self, letters: str = "as usual") -> None:
        wide, seen, out = self.page.evaluate(_WIDTHS)
        if wide > seen:
            self.troubles.append(f"{self.page.url}: {wide} px wide on {seen} px, letters {letters}: {out}")
        # With letters twice as large a price may be wider than the screen: it is broken rather than cut.
        broken = self.page.evaluate(_BROKEN) if letters != "twice as large" else []
        if broken:
            self.troubles.append(f"{self.page.url}: broken inside on {seen} px, letters {letters}: {broken}")

    # What the browser complains about.

    def _on_load(self, url: str) -> None:
        self._unseen.append(url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if self._breaks_off and message.text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            return
        status = re.search(r"responded with a status of (\d+)", message.text)
        if status is None or int(status[1]) not in self._expected:
            self.troubles.append(f"{message.location.get('url')}: {message.type}: {message.text}")

    def _on_dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"{self.page.url}: a window said {dialog.message!r}")
        dialog.dismiss()

    def _on_failure(self, request: Request) -> None:
        # A poll that is under way when the person walks on is cut off; that is no trouble.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.troubles.append(f"{request.url}: {request.failure}")
