"""What a browser of text makes of a page: it has no styles, so only blanks in the source part two words."""

from __future__ import annotations

import re

_UNREAD = re.compile(r"<!--.*?-->|<(svg|script|style)\b.*?</\1>", re.S)
_INLINE = r"</?(?:a|b|button|code|em|i|label|small|span|strong|time)\b[^>]*>"
_GLUED = re.compile(rf"([^\s<>]*[^\W_][.:]?)((?:{_INLINE})+)([^\W_][^\s<>]*)")
_TEMPLATE = re.compile(r"<template\b[^>]*>(.*?)</template>", re.S)


def words_of(html: str) -> str:
    """The words of a page, or of a part of it, as a person reads them: without marks and line breaks."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def text_complaints(html: str) -> list[str]:
    """Words that run into each other, and sentences kept for a script that everybody would read."""
    bare = _UNREAD.sub("", html)
    wrong = [
        f"words glue together: {before}{after}"
        for before, between, after in _GLUED.findall(bare)
        # The digits of a number that is copied belong together, however they are spaced.
        if "</" in between and not (before[-1].isdigit() and after[0].isdigit())
    ]
    for kept in _TEMPLATE.findall(bare):
        said = " ".join(re.sub(r"<[^>]+>", " ", kept).split())
        if said:
            wrong.append(f"a template says: {said[:60]}")
    return wrong
