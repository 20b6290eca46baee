"""Every word for people has its English, says the same facts in it, and is compiled as it is written."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale, gettext

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT / "locales" / "en" / "LC_MESSAGES"
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "gettext", "lazy_gettext")),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    **dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2)),
}
FACT = re.compile(r"%\((\w+)\)s|%%")


@cache
def used() -> Catalog:
    """Every msgid that code or a template asks for."""
    with (ROOT / "locales" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for folder in ("mpaspor", "templates"):
        here = [(pattern, method) for pattern, method in methods if pattern.startswith(folder)]
        rows = extract_from_dir(ROOT, here, options, keywords=KEYWORDS, directory_filter=_is_ours(folder))
        for path, line, msgid, _comments, context in rows:
            found.add(msgid, locations=[(path, line)], context=context)
    return found


def _is_ours(folder: str):  # type: ignore[no-untyped-def]
    def chosen(path: str | Path) -> bool:
        inside = Path(path).absolute().relative_to(ROOT)  # not resolved: .venv may be a link to elsewhere
        return not inside.parts or inside.parts[0] == folder

    return chosen


@cache
def english() -> Catalog:
    with (MESSAGES / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _sources(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _told() -> list[Message]:
    return [message for message in english() if message.id]


def test_the_words_are_found() -> None:
    assert len(used()) > 600
    assert "Masuk" in used()


def test_every_word_for_people_has_its_english() -> None:
    missing = []
    for message in used():
        if not message.id:
            continue
        there = english().get(message.id, context=message.context)
        if there is None or there.fuzzy or not all(text.strip() for text in _texts(there)):
            missing.append(f"{message.locations[0][0]}:{message.locations[0][1]} {_sources(message)[0]!r}")
    assert missing == [], f"{len(missing)} without English"


def test_no_translation_is_left_of_words_that_are_gone() -> None:
    gone = [
        _sources(message)[0] for message in _told() if used().get(message.id, context=message.context) is None
    ]
    assert gone == []


def test_a_translation_states_the_same_facts() -> None:
    for message in _told():
        wanted = {fact for text in _sources(message) for fact in FACT.findall(text)}
        for text in _texts(message):
            assert set(FACT.findall(text)) == wanted, message.id
            assert not re.search(r"%(?!\(\w+\)s|%)", text) or "%" in _sources(message)[0], message.id


def test_a_translation_keeps_the_white_space_at_its_ends() -> None:
    for message in _told():
        first = _sources(message)[0]
        for text in _texts(message):
            assert text[:1].isspace() == first[:1].isspace(), message.id
            assert text[-1:].isspace() == first[-1:].isspace(), message.id


def test_the_compiled_words_are_the_written_ones() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, english())
    compiled.seek(0)
    with (MESSAGES / "messages.mo").open("rb") as file:
        committed = read_mo(file)
    expected = {
        (m.id if isinstance(m.id, str) else m.id[0], m.context): m.string for m in read_mo(compiled) if m.id
    }
    found = {(m.id if isinstance(m.id, str) else m.id[0], m.context): m.string for m in committed if m.id}
    assert found == expected


def test_pages_speak_english_when_asked(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert gettext("Masuk") != "Masuk"
    with app.test_request_context():
        assert gettext("Masuk") == "Masuk"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_page_says_in_which_language_it_is(app: Flask, language: str) -> None:
    answer = app.test_client().get(f"/?bahasa={language}")
    assert f'<html lang="{language}">' in answer.text
