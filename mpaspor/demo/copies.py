"""One applicant's rows and files, copied for others: what operations wrote for one, in bulk for thousands.

So a complete draft is described nowhere a second time. Only what must differ is replaced: ids, codes,
keys, and who the person is. Sealed values are sealed anew for each row, as in service.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from psycopg import sql
from sqlalchemy import inspect, select

from mpaspor.applications.models import AnswerPage, Application, Document
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.applications.transitions import fresh_code
from mpaspor.foundation import files
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.events import in_order
from mpaspor.foundation.models import Event
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.people.models import Account, SignIn
from mpaspor.people.sign_in.signed_in import TOKEN_PURPOSE

Row = dict[str, Any]
# In an order in which each table's rows find those that they point at.
_TABLES: tuple[type[Any], ...] = (Account, SignIn, Application, AnswerPage, Document, Event)
_BY_THE_DATABASE = {"seq"}  # the order of events


@dataclass(frozen=True)
class Identity:
    """What no two people may have in common, and what follows from it."""

    email: str
    phone: str
    nik: str
    birth_on: date
    sex: str
    device_name: str


@dataclass(frozen=True)
class Copied:
    """Somebody who is there now. `token` is what the cookie of the sign-in carries."""

    account_id: uuid.UUID
    code: str
    email: str
    token: str


class Sample:
    """Everything that is kept about one applicant with one case, to be copied."""

    def __init__(self, account_id: uuid.UUID) -> None:
        case_id = db.session.scalars(select(Application.id).where(Application.account_id == account_id)).one()
        of_case = AnswerPage.application_id == case_id
        found = {
            Account: select(Account).where(Account.id == account_id),
            SignIn: select(SignIn).where(SignIn.account_id == account_id),
            Application: select(Application).where(Application.id == case_id),
            AnswerPage: select(AnswerPage).where(of_case).order_by(AnswerPage.page),
            Document: select(Document).where(Document.application_id == case_id).order_by(Document.id),
            Event: select(Event).where(Event.application_id == case_id).order_by(*in_order()),
        }
        self._rows = {table: [_values(row) for row in db.session.scalars(found[table])] for table in _TABLES}
        self._pictures = [files.store().get(key) for key in self._file_keys()]
        db.session.remove()

    def copy_for(self, people: Sequence[Identity]) -> list[Copied]:
        """Write the same for these people: the files first, then all rows in one transaction."""
        keys = iter(files.store().put_many([picture for _ in people for picture in self._pictures]))
        made = [_Copy(person, self._rows, keys) for person in people]
        _write(made)
        return [copy.copied for copy in made]

    def _file_keys(self) -> Iterator[str]:
        for document in self._rows[Document]:
            yield from (document["file_key"], document["thumb_key"])


class _Copy:
    """The rows of one of them."""

    def __init__(self, person: Identity, sample: dict[type[Any], list[Row]], keys: Iterator[str]) -> None:
        token = secrets.token_urlsafe(32)
        self.copied = Copied(uuid7(), fresh_code(), person.email, token)
        account_id, case_id = self.copied.account_id, uuid7()
        self.rows: dict[type[Any], list[Row]] = {
            Account: _each(
                sample[Account],
                id=account_id,
                email=person.email,
                phone=person.phone,
                birth_on=person.birth_on,
                gender=person.sex,
            ),
            SignIn: _each(
                sample[SignIn],
                account_id=account_id,
                token_hash=lookup_hash(token, TOKEN_PURPOSE),
                device_name=person.device_name,
            ),
            Application: _each(
                sample[Application],
                id=case_id,
                account_id=account_id,
                code=self.copied.code,
                nik=person.nik,
                nik_lookup=lookup_hash(person.nik, NIK_PURPOSE),
                phone=person.phone,
                birth_on=person.birth_on,
                sex=person.sex,
            ),
            AnswerPage: _each(sample[AnswerPage], application_id=case_id),
            Document: [
                {**row, "file_key": next(keys), "thumb_key": next(keys)}
                for row in _each(sample[Document], application_id=case_id)
            ],
            Event: _each(sample[Event], application_id=case_id, actor_id=account_id),
        }


def _each(sample: list[Row], **own: object) -> list[Row]:
    """Copies of rows with values of their own; a new id where the row has one that was not given."""
    return [{**row, **({"id": uuid7()} if "id" in row else {}), **own} for row in sample]


def _values(row: object) -> Row:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


@operation
def _write(made: Sequence[_Copy]) -> None:
    for table in _TABLES:
        _stream(table, chain.from_iterable(copy.rows[table] for copy in made))


@in_operation
def _stream(table: type[Any], rows: Iterable[Row]) -> None:
    """Rows of one table by COPY, which is several times as fast as INSERT; values pass through the columns'
    types as they do there."""
    connection = db.session.connection()
    columns = [column for column in inspect(table).column_attrs if column.key not in _BY_THE_DATABASE]
    kinds = [column.columns[0].type.dialect_impl(connection.dialect) for column in columns]
    converts = [kind.bind_processor(connection.dialect) or (lambda value: value) for kind in kinds]
    words = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(inspect(table).local_table.name),
        sql.SQL(", ").join(sql.Identifier(column.columns[0].name) for column in columns),
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(words) as stream:
        for row in rows:
            stream.write_row(
                [convert(row[column.key]) for column, convert in zip(columns, converts, strict=True)]
            )
