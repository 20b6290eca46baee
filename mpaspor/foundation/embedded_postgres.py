"""A real PostgreSQL without an administrator: started on first use, stopped by whoever leaves last.

The server speaks only through a socket in a folder of its own (no TCP); who connects is told by the
operating system (peer, mapped), so there is no password and no trust. In its home lie

    lock    held while the server is started or stopped, so that two starts make one server
    users   held, shared, by every process that uses the server; the last one out stops it. The kernel
            lets go of it when a process dies, so a killed `bin/serve` leaves nothing to clean up by hand
    etc/    its configuration, written anew at every start
    data/   what `initdb` made
    run/    the socket

PostgreSQL does not run as root. There it gets a system user of its own and a home under /var/lib, with
a copy of the binaries, because that user may not be able to read the clone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL

from mpaspor.foundation import postgres_account
from mpaspor.foundation.postgres_account import Account
from mpaspor.foundation.postgres_binaries import Binaries, find

DATABASE = "mpaspor"
Role = Literal["owner", "app", "postgres"]
ROOT_HOMES = Path("/var/lib/mpaspor")

_SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")  # bytes of sun_path, less what PostgreSQL appends
_PATIENCE = 60.0  # seconds for crash recovery, or for a shutdown that writes much
_CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",  # a week of logs, each day over last week's
    "log_truncate_on_rotation": "on",
    "log_rotation_size": "0",
    "log_error_verbosity": "terse",  # no row values of people in the log
    "log_min_error_statement": "panic",
}

_MAKING_ROLES = 0x524F4C45  # number of the advisory lock, "ROLE"
# A lock that is not had in time, and a statement that runs too long, are answered with "busy, try again".
_APP_LIMITS = {
    "lock_timeout": "4s",
    "statement_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


class DatabaseTrouble(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


class Server:
    """A running embedded PostgreSQL that this process uses until `stop()`."""

    def __init__(self, home: Path, account: Account, binaries: Binaries, *, joined: bool) -> None:
        self.home = home
        self.socket_dir = socket_folder(home)
        self.joined = joined
        self._account = account
        self.binaries = binaries
        self._users = os.open(home / "users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def url_for(self, role: Role, database: str = DATABASE) -> str:
        """The SQLAlchemy address for a role: `owner` migrates, `app` runs, `postgres` sets up."""
        return _url(self.socket_dir, role, database)

    def stop(self) -> None:
        """Leave the server, and stop it when nobody else uses it. Safe to call twice."""
        if self._users < 0:
            return
        with _locked(self.home):
            # The explicit unlock also counts for children that inherited the descriptor.
            fcntl.flock(self._users, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if _pid_of_ours(self.home) is not None:
                    _pg_ctl(self.binaries, self._account, self.home, "stop", "-m", "fast")
            finally:
                os.close(self._users)
                self._users = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    data_dir: Path,
    *,
    home: Path | None = None,
    connections: int = 100,
    options: Mapping[str, str] | None = None,
) -> Server:
    """Start the server of this installation, or join it when it runs already.

    `options` are PostgreSQL settings and count only when the server is started here. Raises
    `DatabaseTrouble` or `PostgresMissing`, with a message for the person at the keyboard.
    """
    account = postgres_account.for_this_process()
    home = home or home_of(data_dir, make=True)
    _make_folder(home.parent, 0o755 if account.is_other else 0o700)  # 700: the data folder itself
    _make_folder(home, 0o755)
    binaries = find(home.parent if account.is_other else None)
    with _locked(home):
        if _pid_of_ours(home) is not None:
            _wait_until_ready(home)
            return Server(home, account, binaries, joined=True)
        # A number in there that another program got meanwhile would keep PostgreSQL from starting.
        (home / "data" / "postmaster.pid").unlink(missing_ok=True)
        _make_cluster(home, account, binaries, is_safe=(options or {}).get("fsync") != "off")
        _configure(home, account, connections, options or {})
        _launch(home, account, binaries)
        _wait_until_ready(home)
        _make_roles_and_database(home)
        return Server(home, account, binaries, joined=False)


def running_url(data_dir: Path, role: Role = "app") -> str | None:
    """The address of the server of this installation if it runs, else None. Starts nothing."""
    home = home_of(data_dir, make=False)
    if _pid_of_ours(home) is None:
        return None
    return _url(socket_folder(home), role, DATABASE)


def home_of(data_dir: Path, *, make: bool) -> Path:
    """Where the server of the installation in `data_dir` lives.

    As root it lies under /var/lib, by a name that is kept in the data folder: so a clone may be moved, and
    a fresh clone at an old place does not meet an old database.
    """
    own = data_dir / "postgres"
    if os.geteuid() != 0:
        return own
    if own.exists():
        raise DatabaseTrouble(
            f"The database in {own} was made by an ordinary user. Run this as that user, or choose another "
            "folder with MPASPOR_DATA."
        )
    name_file = data_dir / "postgres-home"
    if make and not name_file.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = data_dir / f"postgres-home.{os.getpid()}"
        partial.write_text(f"{secrets.token_hex(6)}\n")
        with suppress(FileExistsError):  # the first of two starters wins
            os.link(partial, name_file)
        partial.unlink()
    return ROOT_HOMES / (name_file.read_text().strip() if name_file.exists() else "not-made-yet")


def socket_folder(home: Path) -> Path:
    """The folder of the socket: in the home, or, when that path is too long for a socket, a short one."""
    inside = home / "run"
    if len(os.fsencode(inside)) <= _SOCKET_LIMIT:
        return inside
    short = f"mpaspor-{os.geteuid()}-{sha256(os.fsencode(home)).hexdigest()[:12]}"
    for parent in (tempfile.gettempdir(), "/tmp"):
        if len(os.fsencode(parent)) + 1 + len(short) <= _SOCKET_LIMIT:
            return Path(parent) / short
    raise DatabaseTrouble("No folder with a path short enough for a socket; set TMPDIR=/tmp.")


def _url(socket_dir: Path, role: Role, database: str) -> str:
    url = URL.create("postgresql+psycopg", role, database=database, query={"host": str(socket_dir)})
    return url.render_as_string(hide_password=False)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    handle = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_folder(path: Path, mode: int, account: Account | None = None) -> None:
    """Make a folder. One that was there before is left as it is, its permissions included."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    except PermissionError as error:
        raise DatabaseTrouble(f"{path} cannot be made; choose another with MPASPOR_DATA.") from error
    path.chmod(mode)  # whatever the umask was
    if account is not None and account.is_other:
        os.chown(path, account.uid, account.gid)


def _make_cluster(home: Path, account: Account, binaries: Binaries, *, is_safe: bool) -> None:
    data = home / "data"
    if data.exists():
        made_by = int((data / "PG_VERSION").read_text())
        if made_by != binaries.major:
            raise DatabaseTrouble(
                f"The database in {data} was made by PostgreSQL {made_by}, but this installation brings "
                f"PostgreSQL {binaries.major}. Save it with pg_dump of version {made_by} and load it into a "
                "new MPASPOR_DATA folder; or, if it holds nothing of worth, move that folder away."
            )
        return
    # Made beside its place and then renamed: a start that was killed half-way leaves no half database.
    partial = home / "data.new"
    shutil.rmtree(partial, ignore_errors=True)
    _make_folder(partial, 0o700, account)
    _run(
        account,
        home,
        [binaries.program("initdb"), "-D", str(partial), "--username=postgres", "--encoding=UTF8"]
        + ["--locale=C", "--auth=peer", "--data-checksums", "--no-instructions"]
        + ([] if is_safe else ["--no-sync"]),
    )
    partial.rename(data)


def _configure(home: Path, account: Account, connections: int, options: Mapping[str, str]) -> None:
    etc = home / "etc"
    _make_folder(etc, 0o755)
    run = socket_folder(home)
    _make_folder(run, 0o700, account)
    found = run.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise DatabaseTrouble(f"{run} does not belong to {account.name} alone; remove it and start again.")
    wanted = {
        **_CONFIGURATION,
        "unix_socket_directories": f'"{run}"',
        "hba_file": str(etc / "pg_hba.conf"),
        "ident_file": str(etc / "pg_ident.conf"),
        "max_connections": str(connections),
        **options,
    }
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in wanted.items()]
    _write(etc / "postgresql.conf", lines)
    _write(etc / "pg_hba.conf", ["local all owner,app,postgres peer map=mpaspor"])
    caller = postgres_account.name_of_caller()
    _write(etc / "pg_ident.conf", [f'mpaspor "{caller}" {role}' for role in ("owner", "app", "postgres")])


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o644)


def _launch(home: Path, account: Account, binaries: Binaries) -> None:
    options = shlex.join(["-c", f"config_file={home / 'etc' / 'postgresql.conf'}"])
    log = str(home / "data" / "start.log")
    for attempt in range(5):
        try:
            _pg_ctl(binaries, account, home, "start", "-l", log, "-o", options)
            return
        except DatabaseTrouble as error:
            # Backends of a server that was killed may need a moment to notice it.
            if attempt == 4:
                with suppress(OSError):
                    error.args = (f"{error}\n{Path(log).read_text()[-2000:]}",)
                raise
            time.sleep(0.5)


def _pg_ctl(binaries: Binaries, account: Account, home: Path, *words: str) -> None:
    waiting = ["-w", "-s", "-t", str(int(_PATIENCE))]
    _run(account, home, [binaries.program("pg_ctl"), *words, "-D", str(home / "data"), *waiting])


def _run(account: Account, home: Path, command: list[str]) -> None:
    # stdin and stdout are not handed on: the server would keep the caller's terminal or pipe open.
    with tempfile.TemporaryFile() as said:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=home,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            start_new_session=True,  # Ctrl-C in the terminal is for us; we decide what becomes of the server
            **account.as_subprocess_arguments(),
        )
        if result.returncode != 0:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise DatabaseTrouble(f"{Path(command[0]).name} did not succeed: {words}")


def _pid_of_ours(home: Path) -> int | None:
    """The process id of our server if it lives; None when the number is another program's by now."""
    pid_file = home / "data" / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        command = psutil.Process(pid).cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return pid if str(home / "data") in command else None


def _wait_until_ready(home: Path) -> None:
    """Wait while the server recovers. Raises `DatabaseTrouble` after a minute."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            _as_superuser(home, "postgres").close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"PostgreSQL in {home} runs but does not answer: {error}") from error
            time.sleep(0.05)


def _as_superuser(home: Path, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_folder(home)), user="postgres", dbname=database, autocommit=True, connect_timeout=10
    )


def _make_roles_and_database(home: Path) -> None:
    """Make what is missing: at the first start all of it, after a start that was killed the rest."""
    with _as_superuser(home, "postgres") as connection:
        make_roles(connection)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if found is None:
            make_database(connection, DATABASE)


def make_roles(
    connection: psycopg.Connection, owner: str = "owner", app: str = "app", password: str = ""
) -> None:
    """Make the two roles where they are missing. Needs the superuser.

    Without a password the operating system tells who is who. Any number of processes may do it at once on one
    server: they take turns, as long as they are in the same database of it.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_MAKING_ROLES])
        _make_roles(connection, owner, app, password)


def _make_roles(connection: psycopg.Connection, owner: str, app: str, password: str) -> None:
    have = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in (owner, app):
        if role not in have:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if password:
            words = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(words.format(sql.Identifier(role), sql.Literal(password)))
    # On the role, not per session: a pooler in transaction mode keeps no session settings.
    for setting, value in _APP_LIMITS.items():
        words = sql.SQL("ALTER ROLE {} SET {} = {}")
        connection.execute(words.format(sql.Identifier(app), sql.Identifier(setting), sql.Literal(value)))


def make_database(
    connection: psycopg.Connection,
    name: str,
    template: str = "template0",
    owner: str = "owner",
    app: str = "app",
) -> None:
    """Make a database that `owner` owns and only `owner` and `app` may enter. Needs the superuser."""
    words = {
        "name": sql.Identifier(name),
        "template": sql.Identifier(template),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
    }
    for statement in (
        "CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}",
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {name} TO {app}",
    ):
        connection.execute(sql.SQL(statement).format(**words))
