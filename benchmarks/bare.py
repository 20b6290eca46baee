"""The floors: the least that a Flask application with a signed-in person can do, on the same server.

Written as a user of Flask and Flask-SQLAlchemy writes it, with the defaults of both; nothing of ours but the
web server around it, and the bank's signature where a bank's call is the measure.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Flask, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, update
from sqlalchemy.orm import Mapped, mapped_column

from mpaspor.billing.snap import signing
from mpaspor.foundation import clock

TABLES = """
CREATE TABLE bare_hour (id integer PRIMARY KEY, released integer NOT NULL, taken integer NOT NULL DEFAULT 0);
CREATE TABLE bare_place (
    id uuid PRIMARY KEY, hour_id integer NOT NULL REFERENCES bare_hour,
    account_id uuid NOT NULL REFERENCES account, made_at timestamptz NOT NULL
);
INSERT INTO bare_hour VALUES (1, 1000000000);
GRANT SELECT, INSERT, UPDATE ON bare_hour, bare_place TO app;
"""
HOUR = 1
_KEY = "only for benches, and signs nothing else"
_COOKIE = "session"

db = SQLAlchemy()


class Account(db.Model):  # type: ignore[name-defined,misc]
    """The person of the session, in the product's own table."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    birth_on: Mapped[date]
    gender: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str]


class BareHour(db.Model):  # type: ignore[name-defined,misc]
    """The one hot row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    released: Mapped[int]
    taken: Mapped[int]


class BarePlace(db.Model):  # type: ignore[name-defined,misc]
    """What everybody wants."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    hour_id: Mapped[int] = mapped_column(ForeignKey("bare_hour.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


@dataclass(frozen=True)
class Bare:
    """What a floor answers with: a page as a template, the values in it; the secret of its bank."""

    page: str = ""
    values: list[str] = field(default_factory=list)
    status: int = 200
    is_compressed: bool = False
    secret: str = ""


def create_app(url: str, bare: Bare) -> Flask:
    """The floor as a WSGI application on the database at `url`."""
    app = Flask("bare", static_folder=None)
    app.config.update(SECRET_KEY=_KEY, SQLALCHEMY_DATABASE_URI=url, COMPRESS_ALGORITHM=["zstd", "br", "gzip"])
    app.jinja_loader = DictLoader({"page.html": bare.page})  # type: ignore[assignment]
    db.init_app(app)
    if bare.is_compressed:
        Compress(app)

    @app.get("/page")
    def page() -> ResponseReturnValue:
        person = _person()
        return render_template("page.html", person=person, values=bare.values), bare.status

    @app.post("/post")
    def post() -> ResponseReturnValue:
        if not _take(_person(), int(request.form["hour"])):
            return "full", 409
        return redirect("/page", 303)

    @app.post("/call")
    def call() -> ResponseReturnValue:
        person = _person()
        fit = signing.match_service(
            bare.secret,
            request.headers["X-SIGNATURE"],
            method=request.method,
            path=request.path,
            token=request.headers["Authorization"].partition(" ")[2],
            body=request.get_data(),
            timestamp=request.headers["X-TIMESTAMP"],
        )
        if not fit.accepted:
            abort(401)
        return {"taken": _take(person, HOUR)}

    return app


def _person() -> Account:
    return db.get_or_404(Account, uuid.UUID(session["account_id"]))


def _take(person: Account, hour: int) -> bool:
    taken = db.session.execute(
        update(BareHour)
        .where(BareHour.id == hour, BareHour.taken < BareHour.released)
        .values(taken=BareHour.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        db.session.rollback()
        return False
    db.session.add(BarePlace(hour_id=hour, account_id=person.id, made_at=clock.now()))
    db.session.commit()
    return True


def cookies_for(account_id: uuid.UUID) -> dict[str, str]:
    """The cookie of a session that belongs to this account."""
    app = Flask("bare")
    app.secret_key = _KEY
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return {_COOKIE: str(serializer.dumps({"account_id": str(account_id)}))}
