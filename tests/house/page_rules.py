"""What is true of every page, said by a browser that complains about each one it sees.

`complaints(html, path)` lists what is wrong with a page; `Inspecting` is a test client that raises them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

from mpaspor.web.assets import build
from tests.house.text_browser import text_complaints

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What a person fills in; a button or a hidden field needs no label.
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
HX_VERBS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
LANGUAGES = {"id", "en"}
# The only text that may stand in a style element: the policy of such a page names its hash.
OWN_STYLES = build("site.css").plain.decode()


@dataclass
class Form:
    """A form of the page: its attributes and the names of what it sends."""

    attrs: dict[str, str]
    names: set[str] = field(default_factory=set)
    buttons: int = 0
    has_file: bool = False


@dataclass
class Seen:
    """What the parser met on one page."""

    language: str | None = None
    title: str = ""
    headings: list[int] = field(default_factory=list)
    h1: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    pointers: list[tuple[str, str]] = field(default_factory=list)
    label_for: set[str] = field(default_factory=set)
    fields: list[tuple[str, dict[str, str], bool]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    mains: int = 0
    inline: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    unclosed: list[str] = field(default_factory=list)
    htmx: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads one page into `Seen`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self._open: list[tuple[str, dict[str, str]]] = []
        self._text: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._note_everywhere(tag, found)
        self._note_structure(tag, found)
        self._note_form(tag, found)
        if tag not in VOID:
            self._open.append((tag, found))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note_everywhere(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            self.seen.unclosed.append(f"</{tag}> where <{self._open[-1][0] if self._open else '-'}> is open")
            while self._open and self._open[-1][0] != tag:
                self._open.pop()
        if self._open:
            _tag, attrs = self._open.pop()
            if tag in ("a", "button"):
                self._judge_name(tag, attrs)

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        inside = [tag for tag, _attrs in self._open]
        if "title" in inside and "svg" not in inside:
            self.seen.title += data
        if "h1" in inside:
            self.seen.h1[-1] += data
        if self._open and self._open[-1][0] == "style" and data != OWN_STYLES:
            self.seen.inline.append("style")
        for tag, attrs in self._open:
            if tag in ("a", "button"):
                attrs["_text"] = attrs.get("_text", "") + data

    def finish(self) -> Seen:
        self.close()
        self.seen.unclosed += [f"<{tag}> never closed" for tag, _attrs in self._open]
        return self.seen

    def _note_everywhere(self, tag: str, attrs: dict[str, str]) -> None:
        if "id" in attrs:
            self.seen.ids.append(attrs["id"])
        for name in (
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
            "aria-owns",
            "for",
            "form",
            "list",
        ):
            self.seen.pointers += [(name, value) for value in attrs.get(name, "").split()]
        if attrs.get("href", "").startswith("#") and len(attrs["href"]) > 1:
            self.seen.pointers.append(("href", attrs["href"][1:]))
        self.seen.inline += [f"{tag} {name}" for name in attrs if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in attrs:
            self.seen.inline.append(tag)
        if tag == "img" and "alt" not in attrs:
            self.seen.unsaid.append(f"img {attrs.get('src', '')}")
            return
        if attrs.get("alt") and self._open:
            for outer_tag, outer in self._open:
                if outer_tag in ("a", "button"):
                    outer["_text"] = outer.get("_text", "") + attrs["alt"]
        if any(verb in attrs for verb in HX_VERBS):
            self.seen.htmx.append((tag, attrs))

    def _note_structure(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "html":
            self.seen.language = attrs.get("lang")
        elif tag == "main":
            self.seen.mains += 1
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.seen.headings.append(int(tag[1]))
            if tag == "h1":
                self.seen.h1.append("")

    def _note_form(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "form":
            self.seen.forms.append(Form(attrs))
        elif tag == "label":
            self.seen.label_for.add(attrs.get("for", ""))
        elif tag in ("input", "select", "textarea"):
            inside_label = any(outer == "label" for outer, _attrs in self._open)
            self.seen.fields.append((tag, attrs, inside_label))
        form = self._form_around(attrs)
        if form is None:
            return
        if tag in ("input", "select", "textarea", "button") and attrs.get("name"):
            form.names.add(attrs["name"])
        if tag == "button" or attrs.get("type") in ("submit", "image"):
            form.buttons += 1
        form.has_file = form.has_file or attrs.get("type") == "file"

    def _form_around(self, attrs: dict[str, str]) -> Form | None:
        if attrs.get("form"):
            return next((form for form in self.seen.forms if form.attrs.get("id") == attrs["form"]), None)
        is_inside = any(tag == "form" for tag, _attrs in self._open)
        return self.seen.forms[-1] if is_inside and self.seen.forms else None

    def _judge_name(self, tag: str, attrs: dict[str, str]) -> None:
        named = attrs.get("_text", "").strip() or attrs.get("aria-label") or attrs.get("aria-labelledby")
        if not named:
            self.seen.unsaid.append(f"{tag} {attrs.get('href') or attrs.get('class') or ''}")


def read(html: str) -> Seen:
    reader = Reader()
    reader.feed(html)
    return reader.finish()


def complaints(html: str, path: str = "/") -> list[str]:
    """Everything that is wrong with a whole page that was asked for at `path`."""
    seen = read(html)
    return [
        *_frame(seen),
        *_as_text(html, path),
        *_headings(seen),
        *_names(seen),
        *_labels(seen),
        *(fault for form in seen.forms for fault in _form(form, path)),
        *(fault for tag, attrs in seen.htmx for fault in _htmx(tag, attrs, path)),
    ]


def part_complaints(html: str, path: str = "/") -> list[str]:
    """The same for a part, which has neither frame nor (always) a first heading."""
    seen = read(html)
    wrong = [fault for form in seen.forms for fault in _form(form, path)]
    wrong += [fault for tag, attrs in seen.htmx for fault in _htmx(tag, attrs, path)]
    wrong += [
        f"the id {name!r} stands {count} times" for name, count in Counter(seen.ids).items() if count > 1
    ]
    wrong += _as_text(html, path)
    return wrong + _labels(seen) + [f"inline: {what}" for what in seen.inline] + seen.unclosed


def _as_text(html: str, path: str) -> list[str]:
    """Officers have a browser of the office; applicants read with whatever they have."""
    return [] if path.startswith("/petugas") else text_complaints(html)


def _frame(seen: Seen) -> list[str]:
    wrong = [f"inline: {what}" for what in seen.inline] + seen.unclosed
    if seen.language not in LANGUAGES:
        wrong.append(f"lang is {seen.language!r}")
    if not seen.title.strip():
        wrong.append("no title")
    if seen.mains != 1:
        wrong.append(f"{seen.mains} main elements")
    return wrong


def _headings(seen: Seen) -> list[str]:
    wrong = []
    if len(seen.h1) != 1 or not seen.h1[0].strip():
        wrong.append(f"{len(seen.h1)} first headings: {seen.h1}")
    for above, below in zip(seen.headings, seen.headings[1:], strict=False):
        if below > above + 1:
            wrong.append(f"h{above} is followed by h{below}")
    return wrong


def _names(seen: Seen) -> list[str]:
    wrong = [
        f"the id {name!r} stands {count} times" for name, count in Counter(seen.ids).items() if count > 1
    ]
    wrong += [f"an id is empty or has a space: {name!r}" for name in seen.ids if not name or " " in name]
    known = {*seen.ids, ""}
    wrong += [f"{name} points to {target!r}, which is not there" for name, target in seen.pointers
              if target not in known]  # fmt: skip
    return wrong + [f"without a name: {what}" for what in seen.unsaid]


def _labels(seen: Seen) -> list[str]:
    wrong = []
    for tag, attrs, inside_label in seen.fields:
        if attrs.get("type") in UNLABELLED:
            continue
        if not (inside_label or attrs.get("id") in seen.label_for - {""} or attrs.get("aria-label")
                or attrs.get("aria-labelledby")):  # fmt: skip
            wrong.append(f"no label: {tag} {attrs.get('name')}")
    return wrong


def _form(form: Form, path: str) -> list[str]:
    attrs, wrong = form.attrs, []
    method = attrs.get("method", "get").lower()
    action = urljoin(path, attrs.get("action") or path)
    if method == "post" and "csrf_token" not in form.names:
        wrong.append(f"the form to {action} has no token")
    if urlsplit(action).netloc:
        wrong.append(f"the form leads away: {action}")
    # A hidden form is sent by a script (the scanner's): nobody can press anything in it.
    if not form.buttons and "hidden" not in attrs:
        wrong.append(f"the form to {action} has no button")
    if form.has_file and attrs.get("enctype") != "multipart/form-data":
        wrong.append(f"the form to {action} cannot carry its file")
    return wrong


def _htmx(tag: str, attrs: dict[str, str], path: str) -> list[str]:
    """Every htmx element is first a working form or link (rule 9)."""
    wrong = []
    if tag == "form":
        action, method = attrs.get("action") or path, attrs.get("method", "get").lower()
        asked = attrs.get(f"hx-{method}")
        if asked is None:
            wrong.append(f"the form to {action} asks htmx by another method")
        elif urljoin(path, asked) != urljoin(path, action):
            wrong.append(f"the form goes to {action}, htmx to {asked}")
    elif tag == "a":
        here, there = urljoin(path, attrs.get("href", "")), urljoin(path, attrs.get("hx-get", ""))
        if here.split("#")[0] != there.split("#")[0]:
            wrong.append(f"the link goes to {here}, htmx to {there}")
    if any(attrs.get(verb, "").startswith(("http:", "https:", "//")) for verb in HX_VERBS):
        wrong.append(f"htmx asks a stranger: {attrs}")
    return wrong


class Inspecting:
    """A client that complains about every page it is given; forms of parts are looked at as well."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.seen: list[str] = []

    def get(self, path: str, **kwargs: Any) -> Any:
        answer = self.client.get(path, **kwargs)
        self.judge(path, answer)
        return answer

    def post(self, path: str, **kwargs: Any) -> Any:
        answer = self.client.post(path, **kwargs)
        self.judge(path, answer)
        return answer

    def judge(self, path: str, answer: Any) -> None:
        is_html = answer.headers.get("Content-Type", "").startswith("text/html")
        if not is_html or not answer.data or 300 <= answer.status_code < 400:
            return
        html = answer.get_data(as_text=True)
        is_page = html.lstrip().lower().startswith("<!doctype")
        wrong = complaints(html, path) if is_page else part_complaints(html, path)
        if answer.status_code < 300:
            self.seen.append(path)
        assert not wrong, f"{path}: " + "; ".join(wrong)
