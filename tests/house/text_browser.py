"""What a browser of text makes of a page: it has no styles, so only blanks in the source part two words."""

from __future__ import annotations

import re

_UNREAD = re.compile(r"<!--.*?-->|<(svg|script|style)\b.*?</\1>", re.S)
_INLINE = r"</?(?:a|b|button|code|em|i|label|small|span|strong|time)\b[^>]*>"
_BETWEEN = re.compile(rf"(?:{_INLINE})+")
_BEFORE, _AFTER = re.compile(r"[^\s<>]*[^\W_][.:]?\Z"), re.compile(r"[^\W_][^\s<>]*")
_REACH = 60  # letters of a word that are looked at; more of it would only be quoted
_TEMPLATE = re.compile(r"<template\b[^>]*>(.*?)</template>", re.S)


def words_of(html: str) -> str:
    """The words of a page, or of a part of it, as a person reads them: without marks and line breaks."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def text_complaints(html: str) -> list[str]:
    """Words that run into each other, and sentences kept for a script that everybody would read."""
    bare = _UNREAD.sub("", html)
    wrong = []
    for between in _BETWEEN.finditer(bare):
        before = _BEFORE.search(bare[max(0, between.start() - _REACH) : between.start()])
        after = _AFTER.match(bare, between.end(), between.end() + _REACH)
        if before is None or after is None or "</" not in between[0]:
            continue
        # The digits of a number that is copied belong together, however they are spaced.
        if not (before[0][-1].isdigit() and after[0][0].isdigit()):
            wrong.append(f"words glue together: {before[0]}{after[0]}")
    for kept in _TEMPLATE.findall(bare):
        said = " ".join(re.sub(r"<[^>]+>", " ", kept).split())
        if said:
            wrong.append(f"a template says: {said[:60]}")
    return wrong
