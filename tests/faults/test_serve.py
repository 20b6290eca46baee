"""What `bin/serve` starts: all of it comes up, survives a killed parent once, and goes down together."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from mpaspor.foundation.embedded_postgres import home_of, running_url, start
from tests.faults.conftest import Serve
from tests.waiting import until


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sehat/siap", timeout=60) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("not ready after 60 s")


def postmaster(data_dir: Path) -> int:
    pid_file = home_of(data_dir, make=False) / "data" / "postmaster.pid"
    return int(pid_file.read_text().split()[0])


@pytest.mark.long
def test_killed_and_started_again_it_works_and_there_is_one_database_server(
    serve: Serve, data_dir: Path, port: int
) -> None:
    first = serve()
    wait_until_ready(port)
    first_nice = psutil.Process(first.pid).nice()
    server, children = postmaster(data_dir), psutil.Process(first.pid).children()
    assert len(children) >= 2
    assert sorted(child.nice() - first_nice for child in children)[-1] == 10, "the worker gives way"
    first.kill()
    first.wait()

    second = serve()
    wait_until_ready(port)
    assert postmaster(data_dir) == server
    until(lambda: all(not child.is_running() or child.status() == "zombie" for child in children))

    second.send_signal(signal.SIGTERM)
    said, trouble = second.communicate(timeout=60)
    assert second.returncode == 0, trouble
    assert said.rstrip().endswith("Stopped.")
    assert running_url(data_dir) is None


def test_a_taken_port_is_told_and_disturbs_nobody(serve: Serve, data_dir: Path, port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        _, trouble = serve().communicate(timeout=60)
    assert f"Port {port}" in trouble
    assert f"PORT={port + 1}" in trouble
    assert "Traceback" not in trouble
    assert running_url(data_dir) is None


@pytest.mark.long
def test_a_database_stays_what_it_was_made_as_demo_or_real(serve: Serve, data_dir: Path) -> None:
    said, trouble = serve("migrate").communicate(timeout=60)
    assert "The schema is at version" in said, trouble
    process = serve("serve", MPASPOR_DEMO="1")
    _, trouble = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "real installation" in trouble
    assert "Traceback" not in trouble


def test_without_keys_a_real_installation_does_not_start(serve: Serve, data_dir: Path) -> None:
    process = serve("serve", MPASPOR_SECRET_KEY="short")
    _, trouble = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "MPASPOR_SECRET_KEY" in trouble
    assert "Traceback" not in trouble
    assert not home_of(data_dir, make=False).exists()


def test_a_database_that_does_not_answer_is_told_in_words(serve: Serve) -> None:
    process = serve("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    _, trouble = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "does not answer" in trouble
    assert "Traceback" not in trouble


@pytest.mark.long
def test_the_application_can_make_nobody_an_officer_and_others_can_read_no_file(
    serve: Serve, data_dir: Path, port: int
) -> None:
    before = os.umask(0)
    try:
        serve(MPASPOR_DEMO="1")
    finally:
        os.umask(before)
    wait_until_ready(port)
    for _ in range(600):
        if (data_dir / "bank" / "address").exists():
            break
        time.sleep(0.1)
    found = [data_dir, *data_dir.rglob("*")]
    inside = home_of(data_dir, make=False)
    readable = [
        path
        for path in found
        if inside not in path.parents and path != inside and path.stat().st_mode & 0o077
    ]
    assert found and not readable
    with psycopg.connect(plain(running_url(data_dir)), autocommit=True) as connection:
        for statement in (
            "UPDATE staff_role SET role = 'supervisor'",
            "DELETE FROM staff_kin",
            "UPDATE staff SET email = ''",
            "UPDATE staff SET office_id = NULL",
            "INSERT INTO staff_role SELECT id, 'adjudicator', office_id FROM staff",
            "INSERT INTO staff_role SELECT a.id, 'printer', a.office_id, b.id FROM staff a, staff b"
            " WHERE a.email LIKE 'loket%' AND b.email LIKE 'berkas%'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
    said, _ = serve("doctor", MPASPOR_DEMO="1", MPASPOR_SMTP_URL="").communicate(timeout=60)
    assert "Nothing is wrong." in said


@pytest.mark.long
def test_a_role_with_rights_of_its_own_is_refused_with_all_that_is_wrong(
    serve: Serve, data_dir: Path
) -> None:
    with start(data_dir) as server:
        powerful = plain(server.url_for("postgres"))
        real = {"DATABASE_URL": powerful, "MPASPOR_PUBLIC_URL": "https://paspor.example"}
        assert serve("migrate", **real).wait(60) == 0
        process = serve("doctor", **real)
        said, _ = process.communicate(timeout=60)
        _, refused = serve("serve", **real).communicate(timeout=60)
    assert process.returncode == 1
    for words in (
        "(postgres) is a superuser",
        "may make roles",
        "owns the database",
        "must name another role",
        "statement_timeout is not set",
        "may UPDATE, DELETE, TRUNCATE in event.",
        "may UPDATE, TRUNCATE in staff_role.",
        "MPASPOR_TRUSTED_PROXIES is 0",
    ):
        assert words in said and words in refused
    assert "The mail server of MPASPOR_SMTP_URL cannot be used" in said
    assert "Traceback" not in said + refused


def plain(url: str | None) -> str:
    assert url is not None
    return url.replace("postgresql+psycopg", "postgresql")
