"""No pattern of the product can be kept busy by a text that a stranger chooses, however long it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import patterns

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "mpaspor"
_FROM_EVERYWHERE = {"re.search", "re.sub", "re.subn", "re.split", "re.findall", "re.finditer"}
_TAKES_A_PATTERN = _FROM_EVERYWHERE | {
    "re.compile",
    "re.match",
    "re.fullmatch",
    "Regexp",
    "validators.Regexp",
}
# Read our own style sheets, and what the operator set: once, when everything starts.
_OWN_TEXT = {"web/assets.py", "environment.py"}
# A pattern in a script stands between two slashes, after a sign that no division follows.
_IN_SCRIPTS = re.compile(
    r"(?:(?<=[(=,:!&|?])|(?<=return))\s?/(?![*/])((?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/[a-z]*"
)


def _of_the_code() -> Iterator[tuple[str, str, str]]:
    """(file, function, pattern) of every pattern that the code names."""
    for path in sorted(PRODUCT.rglob("*.py")):
        place = path.relative_to(PRODUCT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _TAKES_A_PATTERN:
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{place}: a pattern that no test can read"
                yield place, ast.unparse(node.func), str(first.value)


def _of_the_pages() -> Iterator[tuple[str, str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for found in re.findall(r'\bpattern="([^"]+)"', path.read_text("utf-8")):
            yield path.name, "pattern", found
    for path in sorted((ROOT / "static" / "js").glob("*.js")):
        for found in _IN_SCRIPTS.findall(path.read_text("utf-8")):
            yield path.name, "script", found


def test_abuse_26_no_pattern_of_the_product_repeats_what_repeats() -> None:
    found = [*_of_the_code(), *_of_the_pages()]
    assert len(found) > 25
    wrong = {
        f"{place}: {pattern}": patterns.faults(pattern)
        for place, _how, pattern in found
        if place not in _OWN_TEXT and patterns.faults(pattern)
    }
    assert wrong == {}


def test_abuse_26_no_search_begins_with_a_repetition() -> None:
    wrong = [
        f"{place}: {pattern}"
        for place, how, pattern in _of_the_code()
        if how in _FROM_EVERYWHERE and place not in _OWN_TEXT and patterns.begins_with_a_repeat(pattern)
    ]
    assert wrong == []


def test_the_scripts_patterns_are_found() -> None:
    script = "if (!(/^a+$/.test(x)) || y.replace(/\\{(\\d)\\}/g, z)) return /b[/]c/;"
    assert _IN_SCRIPTS.findall(script) == ["^a+$", r"\{(\d)\}", "b[/]c"]
    assert ("upload.js", "script", r"\{(\d)\}") in set(_of_the_pages())


@pytest.mark.parametrize(
    "pattern",
    [
        r"/(?:[A-Za-z0-9_.-]+/?)*",
        r"(a+)+$",
        r"(?:a*b?)*c",
        r"(?:ab|a.)*c",
        r"(?:\w|\d\d)+x",
        r"\s*\s*x",
        r"\d+\.?\d+$",
        r".*,.*,.*x",
        r"(?=(a+)+$)b",
        r"(?:[a-z]{2,40}\s?){2,}",
    ],
)
def test_a_pattern_that_could_be_kept_busy_is_told(pattern: str) -> None:
    assert patterns.faults(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"/[a-z/]*", r"[A-Z]{1,2}[0-9]{6,8}", r"[a-z]+:[0-9]+", r"(?:ab|cd)*", r"a+b*", r"\d\d(?:\.\d\d)?"],
)
def test_a_plain_pattern_is_let_through(pattern: str) -> None:
    assert patterns.faults(pattern) == []


def test_a_search_that_walks_a_run_again_and_again_is_told() -> None:
    assert patterns.begins_with_a_repeat(r"[\W\d]+$")
    assert patterns.begins_with_a_repeat(r"^a|\s+x")
    assert not patterns.begins_with_a_repeat(r"[^a-z]+")
    assert not patterns.begins_with_a_repeat(r"^[\W\d]+x")


def test_texts_are_normalised_in_one_place() -> None:
    """Anywhere else a long run of accents would be sorted, which takes the square of its length."""
    found = {
        path.relative_to(PRODUCT).as_posix()
        for path in PRODUCT.rglob("*.py")
        if re.search(r"unicodedata\.(?:normalize|is_normalized)\(|import normalize", path.read_text("utf-8"))
    }
    assert found == {"foundation/plain_text.py", "offices/rules.py"}  # the latter sign by sign
