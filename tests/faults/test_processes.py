"""The parent of `bin/serve`: children come back when they die, and none outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys, time
from pathlib import Path
from mpaspor.cli.processes import Parent
folder = Path(sys.argv[1])
def work(name):
    def forever(beat):
        import os
        try:
            # inside: the signal may come as soon as the file is there
            (folder / f"{name}.{os.getpid()}").touch()
            while True:
                beat()
                time.sleep(0.1)
        finally:
            (folder / f"{name}.ended").touch()
    return forever
parent = Parent()
went_well = parent.run_once(lambda: (folder / "prepared").touch())
failed = parent.run_once(lambda: sys.exit("no"))
print(went_well, failed, flush=True)
parent.keep("one", work("one"))
parent.keep("two", work("two"))
parent.run()
"""
Running = Callable[[str], int]


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ
    )
    yield process
    process.kill()
    process.communicate()


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "waited for 30 s"
        time.sleep(0.02)


def pids(folder: Path, name: str) -> list[int]:
    return [int(path.suffix[1:]) for path in folder.glob(f"{name}.*") if path.suffix[1:].isdigit()]


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_both(folder: Path) -> tuple[int, int]:
    wait_for(lambda: pids(folder, "one") and pids(folder, "two"))
    return pids(folder, "one")[0], pids(folder, "two")[0]


def test_what_comes_first_is_done_and_its_failure_is_told(
    parent: subprocess.Popen[str], tmp_path: Path
) -> None:
    wait_for_both(tmp_path)
    assert parent.stdout is not None
    assert parent.stdout.readline().split() == ["True", "False"]
    assert (tmp_path / "prepared").exists()


def test_a_killed_child_comes_back_and_the_other_stays(parent: subprocess.Popen[str], tmp_path: Path) -> None:
    one, two = wait_for_both(tmp_path)
    os.kill(one, signal.SIGKILL)
    wait_for(lambda: len(pids(tmp_path, "one")) == 2)
    assert is_running(two)
    assert len(pids(tmp_path, "two")) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_of_them_cleanly(
    parent: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    one, two = wait_for_both(tmp_path)
    parent.send_signal(number)
    assert parent.wait(timeout=30) == 0
    assert not is_running(one)
    assert not is_running(two)
    assert (tmp_path / "one.ended").exists()
    assert (tmp_path / "two.ended").exists()


def test_no_child_outlives_a_killed_parent(parent: subprocess.Popen[str], tmp_path: Path) -> None:
    one, two = wait_for_both(tmp_path)
    parent.kill()
    wait_for(lambda: not is_running(one) and not is_running(two))
