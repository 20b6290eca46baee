"""The glossary names what is there: each name in code is found, and terms stand in order."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "mpaspor"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "GLOSSARY.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| Indonesian", "| ---"))
]


def test_every_name_in_code_is_there() -> None:
    source = "\n".join(path.read_text("utf-8") for path in PRODUCT.rglob("*.py"))
    words = set(re.findall(r"\w+", source + (PRODUCT / "offices/data/fees.csv").read_text("utf-8")))
    missing = []
    for term, _english, in_code in ROWS:
        names = re.findall(r"`([^`]+)`", in_code)
        assert names, term
        for name in names:
            if "/" in name:
                is_there = (PRODUCT / name).exists()
            elif "." in name:
                group, member = name.split(".")
                body = re.search(rf"^class {group}\(.*?(?=^\S|\Z)", source, re.MULTILINE | re.DOTALL)
                is_there = (
                    body is not None and re.search(rf"^    {member}\b", body[0], re.MULTILINE) is not None
                )
            else:
                is_there = name in words
            if not is_there:
                missing.append((term, name))
    assert missing == []


def test_terms_stand_in_order_and_once() -> None:
    terms = [re.sub(r"[^a-z0-9 ]", "", row[0].casefold()) for row in ROWS]
    assert len(terms) > 60
    assert terms == sorted(terms)
    assert len(set(terms)) == len(terms)
