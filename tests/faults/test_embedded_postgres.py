"""The PostgreSQL that came with pip: one server whatever happens, private, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mpaspor.foundation import embedded_postgres, postgres_binaries
from mpaspor.foundation.embedded_postgres import DatabaseTrouble, Server, home_of, running_url, start
from mpaspor.foundation.postgres_binaries import PostgresMissing

ROOT = Path(__file__).resolve().parents[2]
FAST = {"fsync": "off"}
STARTER = """
import sys
from pathlib import Path
from mpaspor.foundation.embedded_postgres import start
server = start(Path(sys.argv[1]), options={"fsync": "off"})
pid = (server.home / "data" / "postmaster.pid").read_text().split()[0]
print(pid, server.joined, flush=True)
sys.stdin.readline()
server.stop()
"""
Starter = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder under a private one, whose server and home are gone afterwards."""
    data = tmp_path / "private" / "var"
    data.parent.mkdir(mode=0o700)
    yield data
    home = home_of(data, make=False)
    if home.exists():
        if running_url(data):
            start(data).stop()
        shutil.rmtree(home)


@pytest.fixture
def starter(data_dir: Path) -> Iterator[Starter]:
    """Starts another process that uses the server until it reads a line."""
    running: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", STARTER, str(data_dir)]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environ, cwd="/"))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> tuple[int, bool]:
    """The server's process id, and whether that process joined it."""
    assert process.stdout is not None
    pid, joined = process.stdout.readline().split()
    return int(pid), joined == "True"


def ask(server: Server, question: str, role: embedded_postgres.Role = "app") -> str:
    """The first value of the answer."""
    with psycopg.connect(
        host=str(server.socket_dir), user=role, dbname="mpaspor", autocommit=True
    ) as connection:
        answer = connection.execute(question.encode())
        row = answer.fetchone() if answer.description else None
        return str(row[0]) if row else ""


def postmaster(server: Server) -> int:
    return int((server.home / "data" / "postmaster.pid").read_text().split()[0])


def test_it_answers_through_a_private_socket_and_no_network(data_dir: Path) -> None:
    with start(data_dir, options=FAST) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert server.socket_dir.stat().st_uid == (server.home / "data").stat().st_uid
        rules = (server.home / "etc" / "pg_hba.conf").read_text()
        assert rules.split() == ["local", "all", "owner,app,postgres", "peer", "map=mpaspor"]
        assert "trust" not in rules


def test_the_apps_role_has_limits_and_cannot_change_the_schema(data_dir: Path) -> None:
    with start(data_dir, options=FAST) as server:
        assert ask(server, "SHOW lock_timeout") == "4s"
        assert ask(server, "SHOW statement_timeout") == "10s"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(server, "CREATE TABLE mine (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(server, "CREATE TEMP TABLE mine (id int)")
        assert ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = 'owner'") == "False"


def test_whoever_leaves_last_stops_it(data_dir: Path) -> None:
    first = start(data_dir, options=FAST)
    second = start(data_dir)
    assert (first.joined, second.joined) == (False, True)
    first.stop()
    assert ask(second, "SELECT 1") == "1"
    second.stop()
    second.stop()
    assert running_url(data_dir) is None
    assert not list(second.socket_dir.glob(".s.PGSQL*"))


@pytest.mark.long
def test_two_starts_at_once_make_one_server(starter: Starter) -> None:
    answers = [said(process) for process in [starter(), starter(), starter()]]
    assert len({pid for pid, _ in answers}) == 1
    assert sorted(joined for _, joined in answers) == [False, True, True]


def test_a_server_left_by_a_killed_parent_is_joined_and_then_stopped(
    starter: Starter, data_dir: Path
) -> None:
    process = starter()
    pid, _ = said(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    server = start(data_dir)
    assert server.joined
    assert postmaster(server) == pid
    server.stop()
    assert running_url(data_dir) is None


def test_after_the_server_itself_was_killed_committed_work_is_there(data_dir: Path) -> None:
    server = start(data_dir)
    ask(server, "CREATE TABLE kept AS SELECT 7 AS value", "owner")
    os.kill(postmaster(server), signal.SIGKILL)
    with start(data_dir) as again:
        assert ask(again, "SELECT value FROM kept", "owner") == "7"
    server.stop()


def test_a_pid_file_whose_number_another_program_has_does_not_block(data_dir: Path) -> None:
    with start(data_dir, options=FAST) as server:
        pid_file = server.home / "data" / "postmaster.pid"
        left = pid_file.read_text()
    pid_file.write_text(left.replace(left.split()[0], str(os.getpid()), 1))
    assert running_url(data_dir) is None
    with start(data_dir) as server:
        assert not server.joined


@pytest.mark.long
def test_a_first_start_that_was_killed_half_way_is_begun_anew(data_dir: Path) -> None:
    half = home_of(data_dir, make=True) / "data.new"
    half.mkdir(parents=True)
    half.parent.chmod(0o755)
    (half / "PG_VERSION").write_text("18\n")
    with start(data_dir, options=FAST) as server:
        assert ask(server, "SELECT 1") == "1"
        assert not half.exists()


@pytest.mark.long
def test_data_of_another_major_version_is_refused_with_advice(data_dir: Path) -> None:
    with start(data_dir, options=FAST) as server:
        pass
    (server.home / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseTrouble, match=r"made by PostgreSQL 14.*pg_dump.*MPASPOR_DATA"):
        start(data_dir)


def test_a_data_folder_that_is_made_here_is_its_owners_alone(data_dir: Path) -> None:
    """Others' eyes in it are a fault for which a real installation does not start."""
    with start(data_dir, options=FAST):
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700


@pytest.mark.long
def test_folders_that_were_there_before_keep_their_permissions(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    with start(data_dir, options=FAST):
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(data_dir.parent.stat().st_mode) == 0o700


@pytest.mark.long
def test_a_fresh_data_folder_at_an_old_place_gets_a_fresh_database(data_dir: Path) -> None:
    with start(data_dir, options=FAST) as server:
        ask(server, "CREATE TABLE old (id int)", "owner")
    shutil.rmtree(data_dir)
    with start(data_dir, options=FAST) as fresh:
        assert ask(fresh, "SELECT count(*) FROM pg_tables WHERE tablename = 'old'") == "0"
    shutil.rmtree(server.home, ignore_errors=True)


def test_the_path_of_the_socket_is_short_wherever_the_clone_lies() -> None:
    deep = Path("/home/somebody") / ("very-long-name-" * 8) / "var" / "postgres"
    assert len(str(embedded_postgres.socket_folder(deep) / ".s.PGSQL.5432.lock")) <= 107
    assert embedded_postgres.socket_folder(Path("/srv/m/var/postgres")) == Path("/srv/m/var/postgres/run")


def test_nothing_runs_while_only_asking(data_dir: Path) -> None:
    assert running_url(data_dir) is None
    assert not data_dir.exists()


def test_without_any_postgresql_the_message_names_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_wheel_root", lambda: None)
    monkeypatch.setattr(postgres_binaries, "_machine_folders", lambda: [])
    with pytest.raises(PostgresMissing, match="DATABASE_URL"):
        postgres_binaries.find()


def test_the_machines_newest_postgresql_is_used_when_pip_brought_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for major in (14, 15, 17, 16):
        folder = tmp_path / str(major)
        folder.mkdir()
        for name in ("initdb", "pg_ctl", "postgres"):
            (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.3'\n")
            (folder / name).chmod(0o755)
    folders = [*tmp_path.iterdir(), tmp_path / "not-there"]
    monkeypatch.setattr(postgres_binaries, "_wheel_root", lambda: None)
    monkeypatch.setattr(postgres_binaries, "_machine_folders", lambda: folders)
    assert postgres_binaries.find().major == 17
