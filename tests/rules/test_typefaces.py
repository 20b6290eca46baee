"""The fonts of the letters are read once in a process, and no letter shows what another one used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF

from mpaspor.correspondence import typefaces
from tests.rules.test_letters import DRAWN, HOSTILE, LONG, NAME


def test_the_fonts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them costs more than drawing a letter does."""
    DRAWN["visit"][0](NAME)
    read: list[Any] = []
    monkeypatch.setattr(TTFont, "getBestCmap", lambda font: read.append(font))
    monkeypatch.setattr(typefaces, "TTFFont", read.append)
    for draw, _told in DRAWN.values():
        draw(NAME)
    assert read == []


def test_letters_drawn_before_and_beside_it_change_nothing_in_a_letter() -> None:
    alone = {(kind, name): DRAWN[kind][0](name) for kind in DRAWN for name in (NAME, LONG, HOSTILE)}
    wanted = list(alone) * 3
    with ThreadPoolExecutor(6) as crowd:
        drawn = list(crowd.map(lambda each: DRAWN[each[0]][0](each[1]), wanted))
    assert all(pdf == alone[each] for each, pdf in zip(wanted, drawn, strict=True))


def test_what_drawing_changes_in_a_font_belongs_to_one_letter() -> None:
    first, second = FPDF(), FPDF()
    for letter in (first, second):
        typefaces.add_to(letter)
    for key, font in first.fonts.items():
        for name in ("desc", "subset", "ttfont", "missing_glyphs"):
            assert getattr(font, name) is not getattr(second.fonts[key], name), name
