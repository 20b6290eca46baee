"""The ten questions of a newcomer lead to places that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUESTIONS = (ROOT / "docs" / "NEWCOMER.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| ([^|]+\?[^|]*) \| (.+) \|$", QUESTIONS, re.MULTILINE)


def defined_in(path: Path) -> set[str]:
    """Everything that a file gives a name to: functions, classes, methods, constants."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def test_there_are_ten_questions_and_each_has_a_place() -> None:
    assert [int(number) for number, _question, _answer in ROWS] == list(range(1, 11))
    assert [question for _number, question, answer in ROWS if not re.search(r"`[\w/]+/", answer)] == []


def test_each_place_exists_and_holds_what_is_said_of_it() -> None:
    wrong = []
    for _number, _question, answer in ROWS:
        for place, name in re.findall(r"`([\w./]+/[\w.]*)(?:: (\w+))?`", answer):
            path = next((root / place for root in (ROOT, ROOT / "mpaspor") if (root / place).exists()), None)
            if path is None or (name and name not in defined_in(path)):
                wrong.append(f"{place}: {name}")
    assert wrong == []
