"""Small enough to be read at once: files, functions, templates."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = sorted(
    path
    for folder in ("mpaspor", "tests", "benchmarks", "migrations")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
# Alembic writes them; one file makes one version of the schema.
WRITTEN_BY_A_TOOL = ("migrations/versions/",)

FILE, FUNCTION, TEMPLATE = 400, 40, 150


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def by_hand(path: Path) -> bool:
    return not place(path).startswith(WRITTEN_BY_A_TOOL)


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in PYTHON if by_hand(path)}
    assert {name: lines for name, lines in lengths.items() if lines > FILE} == {}


def _lengths(path: Path) -> list[tuple[str, int]]:
    """Each function with the lines of its statements: signature and docstring are not what makes it long."""
    tree = ast.parse(path.read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if statements:
                found.append((node.name, (node.end_lineno or 0) - statements[0].lineno + 1))
    return found


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{place(path)}:{name}": lines
        for path in PYTHON
        if by_hand(path)
        for name, lines in _lengths(path)
        if lines > FUNCTION
    }
    assert long == {}


def test_no_template_is_longer_than_150_lines() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in TEMPLATES}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > TEMPLATE} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        place(path)
        for path in PYTHON
        if path.name != "__init__.py"
        and by_hand(path)
        and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []
