"""Is it alive, is it ready? For the machine in front; says no versions and nothing about people."""

from __future__ import annotations

from flask import Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from mpaspor.foundation import migrations
from mpaspor.foundation.database import db
from mpaspor.public import blueprint
from mpaspor.server import draining
from mpaspor.web.access import Audience, open_to


@blueprint.get("/sehat/hidup")
@open_to(Audience.ANYONE)
def alive() -> Response:
    """The process answers; the database is not asked."""
    return _say("hidup", 200)


@blueprint.get("/sehat/siap")
@open_to(Audience.ANYONE)
def ready() -> Response:
    """The process stays, the database answers, and this code may run on its schema."""
    if draining.is_draining():
        return _say("sedang berhenti", 503)
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except SQLAlchemyError:
        return _say("database tidak menjawab", 503)
    return _say("siap", 200) if migrations.may_run_on(found) else _say("skema lain", 503)


def _say(word: str, status: int) -> Response:
    answer = Response(word + "\n", status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
