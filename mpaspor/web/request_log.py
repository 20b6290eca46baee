"""One line per request: route, status, milliseconds, statements. The route's name, never its address."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import event

from mpaspor.foundation.database import db

log = structlog.get_logger()
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def init_app(app: Flask) -> None:
    app.before_request(begin)
    app.after_request(end)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _count)


def begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(6)
    g.began = time.perf_counter()
    g.statements = 0
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    if "began" in g and request.endpoint not in (None, "assets.serve"):
        log.info(
            "request",
            route=request.endpoint,
            method=request.method,
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
            statements=g.statements,
        )
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response


def _count(*_args: object) -> None:
    if g and "statements" in g:
        g.statements += 1
