"""Whoever reads a reason can look it up: each section that is cited is a heading of a document in docs/."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WRITTEN_HERE = {".py", ".md", ".html", ".txt", ".css", ".js", ".toml", ".svg", ""}
# A name in capitals with a section: DOMAIN §3.2, and both of "STATES §6.1, §9".
CITED = re.compile(r"\b([A-Z]{3,})(?:\.md)?((?:,? ?(?:and )?§\d+(?:\.\d+)*)+)")
NUMBERED = re.compile(r"^#{2,4} (\d+(?:\.\d+)*)\.? ", re.MULTILINE)
ABUSE = re.compile(r"\b(?:abuse|ABUSE)(?: cases?)? (\d+)(?:(?:,| and| to) (\d+))?")
IN_A_NAME = re.compile(r"def (test_\w*abuse((?:_\d\d)+)\w*)\(")
OUTSIDERS = re.compile(r"\b(CORE|DESIGN|LOOK|STANDARDS|STYLE|SECURITY)(?:\.md)? ?(?:§|\d)")


def ours() -> Iterator[tuple[str, str]]:
    """Every text that we wrote: its place and what it says."""
    places = [
        ROOT / name for name in ("mpaspor", "tests", "docs", "templates", "static", "bin", "migrations")
    ]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    for path in sorted([*files, *ROOT.glob("*.md"), ROOT / "pyproject.toml"]):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in WRITTEN_HERE and "vendor" not in path.parts and path != Path(__file__):
            yield name, path.read_text("utf-8")


def sections(document: str) -> set[str]:
    path = DOCS / f"{document}.md"
    return set(NUMBERED.findall(path.read_text("utf-8"))) if path.exists() else set()


def test_every_section_that_is_cited_is_a_heading() -> None:
    cited = [
        (place, document, number)
        for place, text in ours()
        for document, numbers in CITED.findall(text)
        for number in re.findall(r"[\d.]*\d", numbers)
    ]
    assert len(cited) > 80
    assert [found for found in cited if found[2] not in sections(found[1])] == []


def test_a_section_sign_stands_behind_a_documents_name() -> None:
    """Alone it leads nowhere; inside a document it means that document."""
    loose = []
    for place, text in ours():
        own = sections(Path(place).stem) if place.startswith("docs/") else set()
        rest = CITED.sub("", text)
        loose += [(place, number) for number in re.findall(r"§ ?([\d.]*\d)", rest) if number not in own]
    assert loose == []


def test_nothing_that_the_repository_does_not_hold_is_cited() -> None:
    assert [(place, found[0]) for place, text in ours() for found in OUTSIDERS.finditer(text)] == []


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.name)
def test_numbered_headings_count_without_gaps(path: Path) -> None:
    numbers = [
        tuple(int(part) for part in found.split(".")) for found in NUMBERED.findall(path.read_text("utf-8"))
    ]
    last: dict[tuple[int, ...], int] = defaultdict(int)
    for number in numbers:
        assert number[-1] == last[number[:-1]] + 1, number
        last[number[:-1]] = number[-1]


def _cases() -> dict[int, tuple[str, str]]:
    """Number → what stands against it, what holds it."""
    rows = re.findall(
        r"^\| (\d+) \|[^|]*\|([^|]*)\|([^|]*)\|$", (DOCS / "ABUSE.md").read_text("utf-8"), re.MULTILINE
    )
    return {int(number): (against, held) for number, against, held in rows}


def _tests_by_number() -> dict[int, set[str]]:
    """Number → the files with tests that carry it in their name."""
    found = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for _name, numbers in IN_A_NAME.findall(path.read_text("utf-8")):
            for number in numbers.strip("_").split("_"):
                found[int(number)].add(path.relative_to(ROOT).as_posix())
    return found


def test_there_are_48_cases() -> None:
    assert list(_cases()) == list(range(1, 49))


def test_every_abuse_case_that_is_cited_is_in_the_table() -> None:
    cases = _cases()
    cited = [
        (place, int(number))
        for place, text in ours()
        for pair in ABUSE.findall(text)
        for number in pair
        if number
    ]
    assert len(cited) > 8
    assert [found for found in cited if found[1] not in cases] == []
    assert set(_tests_by_number()) <= set(cases)


def test_every_case_names_the_tests_that_carry_its_number() -> None:
    by_number = _tests_by_number()
    for number, (_against, held) in _cases().items():
        named = set(re.findall(r"`(tests/[\w/]+\.py)`", held))
        assert named == by_number.get(number, set()), number
        for file, test in re.findall(r"`(tests/[\w/]+\.py): (\w+)`", held):
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), (number, test)
        if not named:
            assert "no test by number" in held or "nothing" in held, number


def test_what_stands_against_a_case_is_there() -> None:
    for number, (against, _held) in _cases().items():
        for file, name in re.findall(r"`([\w/]+\.py)(?:: (\w+))?`", against):
            assert not name or re.search(rf"\b{name}\b", (ROOT / "mpaspor" / file).read_text("utf-8")), number
