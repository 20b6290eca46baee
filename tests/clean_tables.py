"""A clean database for each test: emptied, with the reference data and the open places as they were kept.

DELETE, since TRUNCATE of forty small tables takes a second; as a replica, so that neither foreign keys nor
the guard of the events stand in the way; in a function, so that the server plans it once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import make_url

# What offices and fees are does not change from test to test; everything else is emptied.
REFERENCE = (
    "fee",
    "holiday",
    "offered_kind",
    "office",
    "opening_hour",
    "priority_group",
    "programme",
    "service_point",
)
T = TypeVar("T")
_UNTOUCHED = {"alembic_version"}
_TESTS_BEFORE_SWEEPING = 100  # nobody else clears dead rows here, and every later test would step over them


class Eraser:
    """Brings one database back to what is kept of it, over one connection."""

    def __init__(self, superuser_url: str) -> None:
        self._url = make_url(superuser_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None
        self._kept: set[str] = set()
        self._scenes: dict[str, tuple[sql.Composed, Any]] = {}
        self._emptied = 0

    def keep(self, *names: str) -> None:
        """Remember these tables as they are now."""
        connection = self._ready()
        connection.execute("CREATE SCHEMA IF NOT EXISTS kept")
        for name in names:
            table = sql.Identifier(name)
            connection.execute(sql.SQL("DROP TABLE IF EXISTS kept.{}").format(table))
            connection.execute(sql.SQL("CREATE TABLE kept.{} AS TABLE public.{}").format(table, table))
        self._kept.update(names)
        self._close()

    def bring_back(self, name: str) -> bool:
        """Fill an emptied table with what is remembered of it; False when nothing is."""
        if name not in self._kept:
            return False
        table = sql.Identifier(name)
        self._ready().execute(sql.SQL("INSERT INTO public.{} TABLE kept.{}").format(table, table))
        return True

    def scene(self, name: str, play: Callable[[], T]) -> T:
        """A story that is played only once in a run, beside what stands there already.

        Later what it wrote comes back, and what `play` gave then.
        """
        connection = self._ready()
        if name in self._scenes:
            rows, given = self._scenes[name]
            connection.execute(rows)
            return given
        before = connection.execute("SELECT txid_current()").fetchone()
        assert before is not None
        given = play()
        self._scenes[name] = self._written(name, before[0]), given
        return given

    def _written(self, name: str, since: int) -> sql.Composed:
        """Set aside every row written after the transaction `since`, but the reference data; returns the
        statements that bring them back."""
        connection = self._ready()
        schema = sql.Identifier(f"scene_{name}")
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        back = []
        for each in self._emptied_tables():
            table = sql.Identifier(each)
            here, there = sql.SQL("public.{}").format(table), sql.SQL("{}.{}").format(schema, table)
            rows = sql.SQL("FROM {} WHERE xmin::text::bigint > {}").format(here, since)
            found = connection.execute(sql.SQL("SELECT EXISTS (SELECT {})").format(rows)).fetchone()
            if found and found[0]:
                connection.execute(sql.SQL("CREATE TABLE {} AS SELECT * {}").format(there, rows))
                if each in self._kept:  # what the story changed stands there as it was
                    old = sql.SQL("DELETE FROM {} WHERE id IN (SELECT id FROM {})").format(here, there)
                    back.append(old)
                back.append(sql.SQL("INSERT INTO {} TABLE {}").format(here, there))
        return sql.SQL("; ").join(back)

    def empty(self) -> None:
        """Empty every table but the reference data, which is brought back where a test changed it."""
        connection = self._ready()
        connection.execute("SELECT pg_temp.empty_all()")
        self._emptied += 1
        if self._emptied % _TESTS_BEFORE_SWEEPING == 0:
            connection.execute("VACUUM")

    def _ready(self) -> psycopg.Connection:
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.OperationalError:  # a test stopped the server, or ended every session
                self._close()
        if self._connection is None:
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._connection.execute("SET session_replication_role = replica")
            self._connection.execute(self._function())
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _emptied_tables(self) -> list[str]:
        assert self._connection is not None
        tables = self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted({name for (name,) in tables} - set(REFERENCE) - _UNTOUCHED)

    def _function(self) -> sql.Composed:
        delete = sql.SQL("IF EXISTS (SELECT FROM public.{t}) THEN DELETE FROM public.{t}; END IF;")
        restore = sql.SQL(
            "IF EXISTS ((TABLE public.{t} EXCEPT TABLE kept.{t})"
            " UNION ALL (TABLE kept.{t} EXCEPT TABLE public.{t}))"
            " THEN DELETE FROM public.{t}; INSERT INTO public.{t} TABLE kept.{t}; END IF;"
        )
        steps = [delete.format(t=sql.Identifier(name)) for name in self._emptied_tables()]
        steps += [restore.format(t=sql.Identifier(name)) for name in REFERENCE if name in self._kept]
        return sql.SQL(
            "CREATE FUNCTION pg_temp.empty_all() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$"
        ).format(sql.SQL(" ").join(steps))


@cache
def eraser(superuser_url: str) -> Eraser:
    """The one eraser of this database."""
    return Eraser(superuser_url)
