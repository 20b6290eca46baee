"""The two fonts of the letters, read once in a process: reading one again costs as much as half a letter."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

FAMILY = "Roboto"
_FOLDER = Path(__file__).parent / "fonts"
_FILES = {"": _FOLDER / "Roboto-Regular.ttf", "B": _FOLDER / "Roboto-Bold.ttf"}


def add_to(letter: FPDF) -> None:
    """Give a letter both fonts, as `add_font` would: what was read is shared, what it uses is its own."""
    for style in _FILES:
        read, contents, order = _read(style)
        font = copy.copy(read)
        font.i = len(letter.fonts) + 1
        font.missing_glyphs = []
        font.desc = copy.copy(read.desc)  # gets its number in the file when the letter is written
        font.subset = SubsetMap(font)
        font.ttfont = _to_cut(contents, order)
        letter.fonts[font.fontkey] = font


@cache
def glyphs() -> frozenset[int]:
    """The characters that the letters can show."""
    return frozenset(_read("")[0].cmap)


@cache
def _read(style: str) -> tuple[Any, bytes, Sequence[str]]:
    """A font as fpdf2 reads it, its file, and the names of its glyphs in order."""
    path = _FILES[style]
    read = TTFFont(FPDF(), path, f"{FAMILY.lower()}{style}", style)
    return read, path.read_bytes(), tuple(read.ttfont.getGlyphOrder())


def _to_cut(contents: bytes, order: Sequence[str]) -> TTFont:
    """The font from which fpdf2 cuts what a letter uses. The outlines stay as they are in the file: nothing
    of them has to be measured again."""
    font = TTFont(BytesIO(contents), recalcBBoxes=False, recalcTimestamp=False, lazy=True)
    font.setGlyphOrder(list(order))
    return font
