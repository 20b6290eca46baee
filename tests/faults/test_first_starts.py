"""First starts at once, on one machine or one server, make each thing once and hinder nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mpaspor.foundation.embedded_postgres import Server, home_of, start

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 8
ROLES = """
import sys
from tests.postgres import GivenServer
sys.stdin.readline()
GivenServer(sys.argv[1])
"""
# A list of users in a file stands in for /etc/passwd, and a useradd as careless as the real one: it reads,
# thinks, and writes the whole list back.
ACCOUNT = """
import os, pwd, sys
from pathlib import Path
from mpaspor.foundation import postgres_account
folder = Path(sys.argv[1])

def found(name):
    lines = [line for line in (folder / "passwd").read_text().splitlines() if line]
    return next((pwd.struct_passwd((name, "x", int(uid), 1, "", "/", "/")) for uid in lines), None)

os.geteuid = lambda: 0
postgres_account._entry = found
postgres_account._WHERE_ROOT_TAKES_TURNS = folder
sys.stdin.readline()
print(postgres_account.for_this_process().uid)
"""
USERADD = """#!/bin/sh
before=$(cat {folder}/passwd)
sleep 0.1
printf '%s\\n%s\\n' "$$" "$before" > {folder}/passwd
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of this test's own, without the roles of the suite."""
    data = tmp_path / "var"
    with start(data, options={"fsync": "off"}) as running:
        yield running
    shutil.rmtree(home_of(data, make=False))


def at_once(program: str, argument: str, environ: dict[str, str]) -> Sequence[str]:
    """What so many processes say that begin at the same moment; none of them may fail."""
    command = [sys.executable, "-c", program, argument]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, env=environ)
        for _ in range(AT_ONCE)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120) for process in running]
    assert [error for _out, error in said if error] == []
    assert [process.returncode for process in running] == [0] * AT_ONCE
    return [out.strip() for out, _error in said]


@pytest.mark.long
def test_test_processes_on_a_given_server_make_its_roles_once(server: Server) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    at_once(ROLES, server.url_for("postgres", "postgres"), environ)


def test_root_makes_one_account_for_postgresql(tmp_path: Path) -> None:
    useradd = tmp_path / "useradd"
    useradd.write_text(USERADD.format(folder=tmp_path))
    useradd.chmod(0o755)
    (tmp_path / "passwd").touch()
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    numbers = at_once(ACCOUNT, str(tmp_path), environ)
    assert set(numbers) == set((tmp_path / "passwd").read_text().split())
    assert len(set(numbers)) == 1, "each process got a number, and only one of them is still there"
