"""As whom the embedded PostgreSQL runs: as ourselves, or, when we are root, as a system user of its own."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpaspor.foundation.postgres_binaries import PostgresMissing

SYSTEM_USER = "mpaspor-postgres"
# A folder that is always there and that only root can use as a lock among all clones of this machine.
_WHERE_ROOT_TAKES_TURNS = Path("/var/lib")


@dataclass(frozen=True)
class Account:
    """A user of the operating system; `is_other` when it is not the one we run as."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def as_subprocess_arguments(self) -> dict[str, Any]:
        """What `subprocess.run` needs to run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}


def for_this_process() -> Account:
    """The account that PostgreSQL gets. Raises `PostgresMissing` when root cannot make one."""
    if os.geteuid() != 0:
        return Account(name_of_caller(), os.geteuid(), os.getegid(), is_other=False)
    # Of two first starts at once the second waits: with two useradd at work, one may read back a number
    # that the other replaces a moment later.
    with _one_at_a_time():
        entry = _entry(SYSTEM_USER) or _made()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other=True)


def name_of_caller() -> str:
    """Our own name, as the operating system tells it to PostgreSQL."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as error:
        raise PostgresMissing(
            f"PostgreSQL needs a user with a name, and user id {os.geteuid()} has none in /etc/passwd. "
            "Add one, or set DATABASE_URL to a server that is already running."
        ) from error


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = os.open(_WHERE_ROOT_TAKES_TURNS, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd:
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    ways = (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        + ["--shell", "/usr/sbin/nologin", SYSTEM_USER],
        ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", SYSTEM_USER],  # BusyBox
    )
    for way in ways:
        program = shutil.which(way[0], path=path)
        if program is None:
            continue
        # What counts is that the user is there afterwards.
        subprocess.run([program, *way[1:]], capture_output=True, check=False)
        entry = _entry(SYSTEM_USER)
        if entry is not None:
            return entry
    raise PostgresMissing(
        f"PostgreSQL does not run as root and the system user {SYSTEM_USER} could not be made. Make it "
        f"(useradd --system {SYSTEM_USER}), run this as an ordinary user, or set DATABASE_URL."
    )
