"""`bin/mpaspor doctor`: what is wrong with an installation and what it reaches, all at once, in words."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from mpaspor.cli import installation
from mpaspor.cli.office import UNKNOWN_HOLIDAYS
from mpaspor.config import BadSetting, Settings
from mpaspor.foundation import clock, embedded_postgres, migrations
from mpaspor.foundation.database import engine_options
from mpaspor.foundation.files import store_of
from mpaspor.foundation.mail import CannotSend, SmtpGateway

_OLDEST_POSTGRES = 15
# Tables that the application's role reads and never rewrites, with what it must not be able to do there.
_KEPT_FROM_APP = {
    "event": ("UPDATE", "DELETE", "TRUNCATE"),
    "event_seal": ("UPDATE", "DELETE", "TRUNCATE"),
    "staff": ("UPDATE", "DELETE", "TRUNCATE"),
    "staff_role": ("UPDATE", "TRUNCATE"),
    "staff_kin": ("INSERT", "UPDATE", "DELETE", "TRUNCATE"),
}


@click.command()
def doctor() -> None:
    """Judge the settings and what they lead to; exit 1 with every fault. Starts and changes nothing."""
    try:
        settings = installation.load_settings()
    except BadSetting as trouble:
        faults = list(trouble.faults)
    else:
        if settings.database_url is None:
            url = embedded_postgres.running_url(settings.data_dir)
            owner_url = embedded_postgres.running_url(settings.data_dir, "owner")
            settings = settings.with_database(url, owner_url) if url else settings
            if not url:
                click.echo(
                    "The embedded database does not run (bin/serve starts it), so it was not looked at."
                )
        faults = [*of_settings(settings), *of_database(settings), *of_mail(settings), *of_files(settings)]
        faults += [] if faults else [*of_holidays(settings), *of_administrators(settings)]
    for fault in faults:
        click.echo(f"- {fault}")
    if faults:
        raise SystemExit(1)
    click.echo("Nothing is wrong.")


def refuse_faults(settings: Settings) -> None:
    """Raises `BadSetting` with all faults that must keep an installation from serving."""
    # A mail server may be away for an hour: letters wait for it, and visitors need not.
    faults = [*of_settings(settings), *of_database(settings), *of_files(settings)]
    if faults:
        raise BadSetting(*faults)


def of_settings(settings: Settings) -> Iterator[str]:
    """Settings that are each fine, and together are not."""
    if settings.is_https and not settings.trusted_proxies:
        yield (
            "MPASPOR_PUBLIC_URL is https, which a proxy in front must speak, but MPASPOR_TRUSTED_PROXIES is "
            "0: all visitors would share the proxy's address and its limits."
        )


def of_database(settings: Settings) -> Iterator[str]:
    """Whether the database answers, as whom we enter it, and what that role could do."""
    if settings.database_url is None:
        return
    engine = create_engine(settings.database_url, poolclass=NullPool, **_connecting(settings))
    try:
        with engine.connect() as connection:
            yield from _of_server(connection)
            if not settings.demo:
                yield from _of_role(connection, settings)
        if migrations.is_behind(settings.database_url):
            yield "The database's schema is older than this program. Run: bin/mpaspor migrate"
    except SQLAlchemyError as error:
        words = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
        yield f"The database does not answer: {words[0]}"


def of_holidays(settings: Settings) -> Iterator[str]:
    """Whether the holidays are known of every year that is about to be opened. Serving goes on without."""
    if settings.database_url is None:
        return
    engine = create_engine(settings.database_url, poolclass=NullPool, **_connecting(settings))
    with engine.connect() as connection:
        weeks = connection.scalar(text("SELECT max(opens_weeks_ahead) FROM office WHERE in_service"))
        if weeks is None:
            return
        years = text("SELECT DISTINCT extract(year FROM on_date)::int FROM holiday WHERE office_id IS NULL")
        known = set(connection.scalars(years))
    today = clock.now().date()
    for year in range(today.year, (today + timedelta(weeks=weeks)).year + 1):
        if year not in known:
            yield UNKNOWN_HOLIDAYS.format(year=year)


def of_administrators(settings: Settings) -> Iterator[str]:
    """Whether each office in service has somebody who looks after its officers. Serving goes on without."""
    if settings.database_url is None or settings.demo:
        return
    engine = create_engine(settings.database_url, poolclass=NullPool, **_connecting(settings))
    with engine.connect() as connection:
        alone = connection.scalars(
            text(
                "SELECT o.code FROM office o WHERE o.in_service AND NOT EXISTS ("
                " SELECT FROM staff s JOIN staff_role r ON r.staff_id = s.id"
                " JOIN staff_totp t ON t.staff_id = s.id"
                " WHERE s.office_id = o.id AND r.role = 'admin' AND s.dismissed_at IS NULL"
                " AND s.password_hash IS NOT NULL) ORDER BY o.code"
            )
        ).all()
    for code in alone:
        yield (
            f"The office {code} has no administrator who has come in. Run: bin/mpaspor staff first-admin "
            f"--office {code}"
        )


def _connecting(settings: Settings) -> dict[str, object]:
    options = engine_options(settings)
    return {name: options[name] for name in ("connect_args", "hide_parameters")}


def _of_server(connection: Connection) -> Iterator[str]:
    version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    if version < _OLDEST_POSTGRES:
        yield f"The database is PostgreSQL {version}; at least {_OLDEST_POSTGRES} is needed."
    skew = installation.clock_skew(connection)
    if skew > installation.CLOCK_SKEW:
        yield f"The clock of this machine and the database's differ by {skew:.0f} s."


def _of_role(connection: Connection, settings: Settings) -> Iterator[str]:
    assert settings.database_url is not None
    row = connection.execute(
        text(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, "
            "pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), "
            "'MEMBER') AS owns_database, has_schema_privilege('public', 'CREATE') AS makes_tables "
            "FROM pg_roles WHERE rolname = current_user"
        )
    ).one()
    found = row._mapping
    for column, words in (
        ("rolsuper", "is a superuser"),
        ("rolcreaterole", "may make roles"),
        ("rolcreatedb", "may make databases"),
        ("rolreplication", "may copy the whole server"),
        ("rolbypassrls", "passes by the rules of rows"),
        ("owns_database", "owns the database"),
        ("makes_tables", "may change the schema"),
    ):
        if found[column]:
            yield f"The application's role ({row.rolname}) {words}. Use one without rights of its own."
    if (
        settings.owner_url
        and make_url(settings.owner_url).username == make_url(settings.database_url).username
    ):
        yield "MPASPOR_OWNER_URL must name another role than DATABASE_URL."
    for limit in ("statement_timeout", "lock_timeout"):
        if connection.scalar(text(f"SHOW {limit}")) == "0":
            yield f"{limit} is not set. Run: ALTER ROLE {row.rolname} SET {limit} = '10s'"
    yield from _of_rights(connection)


def _of_rights(connection: Connection) -> Iterator[str]:
    for table, rights in _KEPT_FROM_APP.items():
        have = [
            right
            for right in rights
            if connection.scalar(
                text("SELECT has_table_privilege(to_regclass(:table), :right)"),
                {"table": f"public.{table}", "right": right},
            )
        ]
        if have:
            yield f"The application's role may {', '.join(have)} in {table}. Run: bin/mpaspor migrate"


def of_mail(settings: Settings) -> Iterator[str]:
    """Whether the mail server answers and takes our password."""
    if not settings.smtp_url:
        return
    try:
        SmtpGateway(settings.smtp_url, socket.gethostname()).knock()
    except CannotSend as error:
        yield f"The mail server of MPASPOR_SMTP_URL cannot be used: {error}"


def of_files(settings: Settings) -> Iterator[str]:
    """Whether files can be kept, and by others not be read."""
    for name, folder in (
        ("MPASPOR_DATA", settings.data_dir),
        ("MPASPOR_STORAGE_URL", store_of(settings).root),
    ):
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        yield from _of_folder(name, nearest, _is_readable_by_others if nearest == folder else lambda _: False)


def _of_folder(name: str, folder: Path, is_open: Callable[[Path], bool]) -> Iterator[str]:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield f"Nothing can be written in {folder} ({name}): {error.strerror}"
    if is_open(folder):
        yield f"Others may look into {folder} ({name}). Run: chmod 700 {folder}"


def _is_readable_by_others(folder: Path) -> bool:
    return bool(stat.S_IMODE(os.stat(folder).st_mode) & 0o007)
