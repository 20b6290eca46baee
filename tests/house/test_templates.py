"""Templates: pages and the parts that they include, with every word for people in a place of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
ALL = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))
PAGES = [path for path in ALL if path.suffix == ".html"]
PARTS = [path for path in ALL if path.name.startswith("_")]

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# {% include "x" %}, {% extends "x" %}, {% import "x" %}, {% from "x" import … %}
NAMED = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+[\"']([^\"']+)[\"']")

# Chosen by a value at run time: by status, by kind of message, by topic and language, by step of the desk.
CHOSEN = ("errors/", "messages/", "public/info/", "officers/steps/")
# Whole texts of one language each, chosen by `?bahasa=`; the demo's own pages speak to developers.
ONE_LANGUAGE = ("public/info/", "messages/", "demo/")
# Names, abbreviations and units that are the same in every language.
NAMES = {
    "m-paspor", "m-paspor web", "web", "ntb", "ntpn", "nik", "pdf", "kk", "ktp", "qr", "rp", "wib", "x",
    "enter", "esc", "ctrl", "shift", "tab", "alt", "jpg", "png", "jpeg", "mb", "kb", "e-ktp", "e-mail",
    "demo/pesan",
}  # fmt: skip
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
        "path", "circle", "rect", "use", "line", "polyline"}  # fmt: skip


def place(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


@cache
def code() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "mpaspor").rglob("*.py")))


@cache
def named_by_templates() -> frozenset[str]:
    return frozenset(name for path in ALL for name in NAMED.findall(source(path)))


def served_alone() -> list[Path]:
    """The parts that a route answers with, or that are sent beside another part."""
    found = [path for path in PARTS if f'"{place(path)}"' in code()]
    return found + [path for path in PARTS if "hx-swap-oob" in source(path) and path not in found]


def faulty(paths: Iterable[Path], fault_in: Callable[[Path], object]) -> dict[str, object]:
    """Each of these templates in which something is wrong, with what it is."""
    found = {place(path): fault_in(path) for path in paths}
    assert found, "nothing was looked at"
    return {name: fault for name, fault in found.items() if fault}


def test_every_part_is_included_by_a_page() -> None:
    def lonely(part: Path) -> bool:
        return not any(path != part and place(part) in NAMED.findall(source(path)) for path in ALL)

    assert faulty(PARTS, lonely) == {}


def test_every_part_says_what_it_needs() -> None:
    # One line of configuration, nothing goes in.
    parts = [part for part in PARTS if part.suffix == ".html" and part.name != "_htmx_config.html"]
    assert faulty(parts, lambda part: not re.match(r"\{# needs: \S", part.read_text("utf-8"))) == {}


def test_every_template_is_used() -> None:
    def unused(path: Path) -> bool:
        name = place(path)
        if name.startswith(CHOSEN) or name in named_by_templates():
            return False
        quoted = (f'"{name}"', f'"{path.name}"', f'"{path.stem}"')
        return not any(text in code() for text in quoted)

    assert faulty(ALL, unused) == {}


def test_what_is_chosen_by_a_value_exists_for_a_value() -> None:
    for path in ALL:
        name = place(path)
        if name.startswith(("messages/", "officers/steps/")) and not path.name.startswith("_"):
            assert f'"{path.stem}"' in code() or f"= {path.stem!r}" in code(), name


def test_messages_and_topics_exist_in_both_languages() -> None:
    messages = {
        folder: {path.name for path in (TEMPLATES / "messages" / folder).iterdir()} for folder in ("id", "en")
    }
    assert messages["id"] == messages["en"]
    topics = {path.name for path in (TEMPLATES / "public" / "info").iterdir()}
    assert {name for name in topics if name.endswith(".id.html")} == {
        name.replace(".en.", ".id.") for name in topics if name.endswith(".en.html")
    }


class Roots(HTMLParser):
    """The elements of a part that lie in no other, with their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.ids: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.ids.append(dict(attrs).get("id"))
        if tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.ids.append(dict(attrs).get("id"))


def test_a_part_that_is_served_alone_has_one_root_with_an_id() -> None:
    parts = served_alone()
    assert len(parts) >= 5
    for part in parts:
        roots = Roots()
        roots.feed(EXPRESSION.sub("x", STATEMENT.sub("", source(part))))
        assert len(roots.ids) == 1 and roots.ids[0], (place(part), roots.ids)
        assert roots.depth == 0, place(part)


# What makes a page or a part ask by itself, in any quotes and with anything around it.
BY_ITSELF = re.compile(r"\bevery\s+(?:\d|\{\{)|http-equiv=.?refresh|X-Poll|[?&]otomatis", re.IGNORECASE)


def test_what_refreshes_itself_does_so_by_one_macro_and_says_so() -> None:
    macros = TEMPLATES / "macros" / "watch.html"
    marks = [text.casefold() for text in BY_ITSELF.findall(source(macros))]
    assert sorted(marks) == ["?otomatis", "every {{", 'http-equiv="refresh', "x-poll"]
    elsewhere = [path for path in PAGES if path != macros]
    assert faulty(elsewhere, lambda path: BY_ITSELF.findall(source(path))) == {}


def test_nothing_typed_by_people_is_taken_for_markup() -> None:
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(")
    assert faulty(PAGES, lambda path: trusting.findall(source(path))) == {}


def _bare_words(text: str) -> list[str]:
    """What would reach a page without having passed through a translation."""
    text = EXPRESSION.sub(" ", STATEMENT.sub(" ", text))
    attributes = re.findall(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]*[A-Za-z][^\"]*)\"", text)
    text = re.sub(r"<(template|script|style|svg|symbol)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text)
    text = re.sub(r"[\w-]+=\"[^\"]*\"", " ", text)  # a macro that writes the attributes of a tag
    text = re.sub(r"&\w+;", " ", text)
    words = (line.strip(" .,:;()·→←+%/-–\t") for line in [*text.split("\n"), *attributes])
    return [found for found in words if re.search(r"[A-Za-z]{2}", found) and found.lower() not in NAMES]


def test_every_word_on_a_page_can_be_translated() -> None:
    pages = [path for path in PAGES if not place(path).startswith(ONE_LANGUAGE)]
    assert faulty(pages, lambda path: _bare_words(source(path))) == {}


def test_no_letter_presses_a_button() -> None:
    """A reason is typed, a key is held, a code is scanned: letters open and move, they never decide.

    The queue's own button is the one exception (STATES §1.4): a call, a skip, a parking, a pause is undone by
    the next key and tells nobody anything; what else it may be used for is said here.
    """
    assert source(ROOT / "templates/macros/desk.html").count("data-turn data-key=") == 1
    calls = {
        use
        for path in PAGES
        for use in re.findall(
            r"turn_button\(_\(\"[^\"]*\"[^)]*\), url_for\(\"(\w+\.\w+)\".*?\), \"(\w)\"", source(path)
        )
    }
    assert calls == {
        ("officers.call_next", "N"),
        ("officers.call_again", "R"),
        ("officers.skip", "L"),
        ("officers.park", "P"),
        ("officers.pause", "I"),
        # Over the page, after T has asked to whom; called back by whoever handed on.
        ("officers.hand_on", "0"),
        ("officers.hand_on", "1"),
    }

    def deciding(path: Path) -> list[str]:
        keys = re.findall(r"key_fold\([^\n]*?\"([A-Z0-9]{1,2})\"", source(path))
        return [
            *re.findall(r"<(?:button|input type=.submit)(?:(?!data-turn)[^>])*data-key", source(path)),
            *(key for key in keys if key != "F9" and key not in "DUXZ"),
        ]

    pages = [path for path in PAGES if "officers" in place(path) or "desk" in place(path)]
    assert faulty(pages, deciding) == {}
