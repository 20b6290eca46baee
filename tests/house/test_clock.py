"""One clock: every moment and every id comes from `mpaspor/foundation/clock.py`, which a test can hold still.

Clocks that only measure how long something takes (`time.monotonic`, `time.perf_counter`) are no clocks in
this sense, and anybody may use them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("mpaspor", "migrations", "benchmarks", "tests")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))

# Who may ask the machine or the database for the hour, and why.
EXCEPTIONS = {
    "mpaspor/foundation/clock.py": "is the clock",
    "mpaspor/cli/installation.py": "compares the database's clock with ours, once, at start",
    "tests/house/test_clock.py": "knows the forbidden words",
}
# Tests in which nobody holds the clock still, and why. All others take the fixture `now`.
RUNNING_CLOCK = {
    "tests/races": "real web processes, each with a clock of its own",
    "tests/faults/test_payment_killed.py": "a real web process with a clock of its own",
    "tests/faults/test_printing_killed.py": "a real web process with a clock of its own",
    "tests/conftest.py": "`owed_today` owes to real processes with a clock of their own",
    "tests/services/test_worker.py": "lanes are threads, and a held clock holds for one",
    "tests/pages/test_budgets.py": "a web process with a clock of its own is measured",
    "benchmarks": "real web processes are measured",
}
REAL = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "clock_gettime", "clock_gettime_ns")),
    *(f"time.{name}" for name in ("localtime", "gmtime", "ctime", "asctime", "strftime")),
    *(f"uuid.{name}" for name in ("uuid1", "uuid6", "uuid7")),
    *(f"email.utils.{name}" for name in ("localtime", "formatdate", "make_msgid")),
    *(f"sqlalchemy.func.{name}" for name in ("now", "current_timestamp", "localtimestamp", "current_date")),
    *(f"sqlalchemy.{name}" for name in ("func.current_time", "func.statement_timestamp")),
    *(f"sqlalchemy.func.{name}" for name in ("clock_timestamp", "transaction_timestamp", "uuidv7")),
}
IN_SQL = re.compile(
    r"(?<![.\w])(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|uuidv7|getdate)\s*\(\s*\)"
    r"|\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b|\bLOCALTIME(?:STAMP)?\b"
    r"|(?:date|time|datetime|julianday|unixepoch)\s*\(\s*'now'",
    re.IGNORECASE,
)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_one_of(path: Path, names: dict[str, str]) -> bool:
    return any(place(path) == name or place(path).startswith(f"{name}/") for name in names)


def names_in(tree: ast.AST) -> Iterator[str]:
    """Every name and attribute, written out in full: `from time import time as t` makes `t` `time.time`."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {(each.asname or each.name): each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {(each.asname or each.name): f"{node.module}.{each.name}" for each in node.names}
    known |= {"db.func": "sqlalchemy.func", "sa.func": "sqlalchemy.func"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            written = f"{known.get(first, first)}{dot}{rest}"
            for short, full in known.items():
                if "." in short and ast.unparse(node).startswith(f"{short}."):
                    written = ast.unparse(node).replace(short, full, 1)
            yield written


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Every text in the code that is not a docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def asked(source: str) -> list[str]:
    """What in this code asks the machine's or the database's clock."""
    tree = ast.parse(source)
    return sorted({name for name in names_in(tree) if name in REAL}) + [
        text[:60] for text in texts_in(tree) if IN_SQL.search(text)
    ]


def test_only_the_clock_looks_at_the_clock() -> None:
    found = {place(path): asked(path.read_text("utf-8")) for path in FILES if not is_one_of(path, EXCEPTIONS)}
    assert {name: uses for name, uses in found.items() if uses} == {}


def test_tests_hold_the_clock_still() -> None:
    """`clock.now()` in a test is the hour of whoever runs it, unless the fixture `now` holds it."""
    found = [
        f"{place(path)}:{node.lineno}"
        for path in FILES
        if place(path).startswith(("tests/", "benchmarks/")) and not is_one_of(path, RUNNING_CLOCK)
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and not _holds_it(function)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "clock.now"
    ]
    assert found == []


def _holds_it(function: ast.FunctionDef) -> bool:
    return any(argument.arg in ("now", "house") for argument in function.args.args)


@pytest.mark.parametrize("names", [EXCEPTIONS, RUNNING_CLOCK], ids=["exceptions", "running clock"])
def test_no_exception_outlives_its_reason(names: dict[str, str]) -> None:
    for name in names:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        sources = [file.read_text("utf-8") for file in files]
        assert any(asked(source) or "clock.now()" in source for source in sources), f"{name} asks no clock"


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime as d\nd.utcnow()",
        "from datetime import date\nfield = date.today",
        "from time import time_ns\ntime_ns()",
        "import time as t\nt.time()",
        "import uuid\nuuid.uuid1()",
        "from sqlalchemy import func\nfunc.now()",
        "from x import db\ndb.func.current_timestamp()",
        "import sqlalchemy as sa\nsa.func.now()",
        "column(server_default='now()')",
        "run('UPDATE x SET at = CURRENT_TIMESTAMP')",
        "ledger.execute(\"INSERT INTO x VALUES (datetime('now'))\")",
    ],
)
def test_every_way_to_ask_is_known(source: str) -> None:
    assert asked(source)
