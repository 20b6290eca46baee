"""Reads a regular expression as the engine does, and says whether a stranger's text could keep it busy.

Two shapes make the work grow faster than the text: a repetition of what itself repeats, or of choices that
begin alike (exponential), and two repetitions side by side that take the same characters (a square and more).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# Characters that tell the sets of a pattern apart: ASCII, a few letters and spaces beyond, a mark.
_SIGNS = frozenset([chr(code) for code in range(0x180)] + list("–—’ \u2009\u00a0\u0301Ωж漢٣Ⅷ😀"))
# So many repetitions are as bad as endless ones.
_MANY = 16
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)


def faults(pattern: str, flags: int = 0) -> list[str]:
    """What in a pattern can be made slow; empty for a pattern that cannot."""
    return sorted(set(_faults(parser.parse(pattern, flags))))


def begins_with_a_repeat(pattern: str, flags: int = 0) -> bool:
    """Whether searching tries again at each character of a run and walks it each time (a square of work)."""
    items = list(parser.parse(pattern, flags))
    branches = [list(branch) for branch in items[0][1][1]] if items and items[0][0] is ops.BRANCH else [items]
    for branch in branches:
        begins_with_many = branch and branch[0][0] in _REPEATS and _is_many(branch[0][1])
        if begins_with_many and any(item[0] is ops.AT or not _may_be_nothing(item) for item in branch[1:]):
            return True
    return False


def _is_many(repeat: Any) -> bool:
    low, high, _body = repeat
    return low != high and (high == ops.MAXREPEAT or high >= _MANY)


def _faults(items: Any) -> Iterator[str]:
    found = list(items)
    for place, (op, value) in enumerate(found):
        for inner in _inside(op, value):
            yield from _faults(inner)
        if op not in _REPEATS or not _is_many(value):
            continue
        if _repeats(value[2]):
            yield "a repetition inside a repetition"
        if any(_overlapping_choices(list(value[2]))):
            yield "repeated choices that begin alike"
        if _meets_its_like(found, place):
            yield "two repetitions of the same characters side by side"


def _inside(op: Any, value: Any) -> list[Any]:
    """The parts of an item that hold items themselves."""
    if op in _REPEATS or op is ops.POSSESSIVE_REPEAT:
        return [value[2]]
    if op is ops.SUBPATTERN:
        return [value[3]]
    if op is ops.BRANCH:
        return list(value[1])
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return [value[1]]
    if op is ops.ATOMIC_GROUP:
        return [value]
    return []


def _repeats(items: Any) -> bool:
    return any(
        (op in _REPEATS and _is_many(value)) or any(_repeats(inner) for inner in _inside(op, value))
        for op, value in items
    )


def _overlapping_choices(items: list[Any]) -> Iterator[bool]:
    for op, value in items:
        if op is ops.BRANCH:
            firsts = [_alphabet(list(branch)[:1]) for branch in value[1]]
            for place, first in enumerate(firsts):
                yield any(first & other for other in firsts[place + 1 :])
        for inner in _inside(op, value):
            yield from _overlapping_choices(list(inner))


def _meets_its_like(items: list[Any], place: int) -> bool:
    """Whether a later repetition takes what this one takes, with nothing else required between them."""
    characters = _alphabet([items[place]])
    for item in items[place + 1 :]:
        common = characters & _alphabet([item])
        if item[0] in _REPEATS and _is_many(item[1]) and common:
            return True
        if not _may_be_nothing(item):
            characters = common
        if not characters:
            return False
    return False


def _may_be_nothing(item: Any) -> bool:
    op, value = item
    if op in _REPEATS:
        return bool(value[0] == 0) or all(_may_be_nothing(inner) for inner in value[2])
    if op is ops.SUBPATTERN:
        return all(_may_be_nothing(inner) for inner in value[3])
    if op is ops.BRANCH:
        return any(all(_may_be_nothing(inner) for inner in branch) for branch in value[1])
    return op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT, ops.GROUPREF)


def _alphabet(items: Any) -> frozenset[str]:
    """All characters that these items may take, of those that we look at."""
    found: frozenset[str] = frozenset()
    for op, value in items:
        if op in (ops.ASSERT, ops.ASSERT_NOT, ops.AT):
            continue
        inner = _inside(op, value)
        if inner:
            found |= frozenset().union(*(_alphabet(part) for part in inner))
        elif op is ops.GROUPREF:
            found |= _SIGNS
        else:
            found |= frozenset(character for character in _SIGNS if _takes(op, value, character))
    return found


def _takes(op: Any, value: Any, character: str) -> bool:
    """Whether one item that stands for one character takes this one."""
    if op is ops.LITERAL:
        return bool(ord(character) == value)
    if op is ops.NOT_LITERAL:
        return bool(ord(character) != value)
    if op is ops.ANY:
        return True
    if op is ops.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    if op is ops.CATEGORY:
        return _in_category(value, character)
    if op is ops.IN:
        parts = [part for part in value if part[0] is not ops.NEGATE]
        is_in = any(_takes(kind, what, character) for kind, what in parts)
        return is_in is (len(parts) == len(value))
    raise NotImplementedError(f"a pattern with {op} is new to this test")


def _in_category(category: Any, character: str) -> bool:
    shapes = {
        ops.CATEGORY_DIGIT: r"\d", ops.CATEGORY_NOT_DIGIT: r"\D", ops.CATEGORY_SPACE: r"\s",
        ops.CATEGORY_NOT_SPACE: r"\S", ops.CATEGORY_WORD: r"\w", ops.CATEGORY_NOT_WORD: r"\W",
    }  # fmt: skip
    return re.fullmatch(shapes[category], character) is not None
