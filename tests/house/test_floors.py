"""The house stands as designed: floors, pure rules, one reader of the environment."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "mpaspor"
MODULES = sorted(PRODUCT.rglob("*.py"))
RULES = sorted(PRODUCT.rglob("rules.py"))

# What a rule may not know: frameworks, the database, the clock, the outside.
IMPURE = {"flask", "sqlalchemy", "flask_sqlalchemy", "psycopg", "werkzeug", "os", "pathlib", "io", "socket",
          "subprocess", "secrets", "random", "time", "urllib", "structlog", "tempfile", "shutil"}  # fmt: skip
# Reads of a scan are ended before each of its operations begins.
ENDS_READS = {"billing/due.py"}
# "Ready" asks the database itself, and belongs to no room.
ASKS_THE_DATABASE = {"public/health_routes.py"}
# Who looks at the environment: the settings; and where a child process is started with a clean one.
ENVIRONMENT = {
    "config.py",
    "foundation/postgres_account.py",  # what `initdb` and `pg_ctl` get to see
    "foundation/postgres_binaries.py",  # PATH: PostgreSQL binaries of this machine
    "foundation/embedded_postgres.py",
    "applications/images.py",  # the child that opens strangers' pictures gets an empty one
}
# The same file knows them as texts, so that it does not accuse itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|Users|home/[a-z]\w*)/[\w.-]")
REGISTRY = re.compile(
    r"(?:pypi\.org/simple|files\.pythonhosted|index-url|registry\.npmjs|artifactory|://[^/\s]*\.internal\b)",
    re.IGNORECASE,
)


def place(path: Path) -> str:
    return path.relative_to(PRODUCT).as_posix()


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def calls(tree: ast.AST) -> Iterator[str]:
    """Each call's dotted name, as it is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_imports_only_go_down_the_floors() -> None:
    check = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    found = subprocess.run(
        [sys.executable, "-c", check, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("path", RULES, ids=place)
def test_rules_are_pure(path: Path) -> None:
    tree = parsed(path)
    strangers = [name for name in imports(tree) if name.split(".")[0] in IMPURE]
    ours = [
        name
        for name in imports(tree)
        if name.startswith("mpaspor.") and not re.fullmatch(r"mpaspor\.\w+\.rules", name)
    ]
    told = [name for name in calls(tree) if name in ("open", "print", "input") or name.endswith(".today")]
    assert strangers + ours + told == []


def test_only_the_settings_read_the_environment() -> None:
    found = [
        place(path)
        for path in MODULES
        if place(path) not in ENVIRONMENT
        and re.search(r"\bos\.(?:environ|getenv)\b", path.read_text("utf-8"))
    ]
    assert found == []


def _repository_files() -> list[Path]:
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        )
        names = listed.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    folders = (
        "mpaspor",
        "templates",
        "static",
        "migrations",
        "locales",
        "tests",
        "benchmarks",
        "docs",
        "bin",
    )
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in _repository_files():
        if path == Path(__file__) or path.suffix in (".png", ".jpg", ".mo", ".ttf", ".woff2", ".pdf"):
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in MACHINE_PATH.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in REGISTRY.finditer(text)]
    assert found == []


def test_no_room_is_empty_of_meaning() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "stuff", "tools"}
    named = [path for path in _repository_files() if path.stem.strip("_").lower() in vague]
    assert named == []


@pytest.mark.parametrize("operation", ["commit", "rollback"])
def test_only_the_unit_of_work_ends_a_transaction(operation: str) -> None:
    found = [
        f"{place(path)}: {name}"
        for path in MODULES
        if not place(path).startswith(("foundation/", "cli/", "worker/")) and place(path) not in ENDS_READS
        for name in calls(parsed(path))
        if name == f"db.session.{operation}"
    ]
    assert found == []


def test_routes_and_pages_ask_no_table_themselves() -> None:
    """Blueprints read through `queries` and write through operations."""
    found = []
    for room in ("applicants", "officers", "payments", "public"):
        for path in sorted((PRODUCT / room).glob("*.py")):
            if place(path) in ASKS_THE_DATABASE:
                continue
            tree = parsed(path)
            if any(name.split(".")[0] == "sqlalchemy" for name in imports(tree)):
                found.append(f"{place(path)}: imports sqlalchemy")
            found += [f"{place(path)}: {name}" for name in calls(tree) if name.startswith("db.session")]
    assert found == []


# Everything that serves an installation, in a process that has loaded nothing yet.
REAL = """
import sys
from pathlib import Path
from mpaspor.cli import main, serve, worker
from mpaspor.config import Secrets, Settings
from mpaspor.wiring import create_app
secrets = Secrets("k" * 32, (), (b"d" * 32,), b"l" * 32, b"s" * 32)
app = create_app(Settings(data_dir=Path("."), secrets=secrets, database_url="postgresql://h/d", demo=False))
print(*(f"{rule.rule}" for rule in app.url_map.iter_rules()))
print(*sys.modules)
"""


def test_a_real_installation_loads_nothing_of_the_demo() -> None:
    """Neither its pages nor its people, and no simulator."""
    told = subprocess.run([sys.executable, "-c", REAL], cwd=ROOT, capture_output=True, text=True, check=True)
    addresses, loaded = (line.split() for line in told.stdout.splitlines()[-2:])
    assert "/permohonan" in addresses and "mpaspor.worker.loop" in loaded
    assert [address for address in addresses if address.startswith("/demo")] == []
    assert [name for name in loaded if name.startswith(("mpaspor.demo", "mpaspor.simulators"))] == []
