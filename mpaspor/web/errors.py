"""When the answer is no: the same plain page, or banner for htmx, whatever went wrong. Never a trace."""

from __future__ import annotations

import structlog
from flask import Flask, g, render_template, request
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from htmx_flask import make_response
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from mpaspor.foundation.refusals import KeyReused, Refusal, TooFast
from mpaspor.web.htmx import wants_part
from mpaspor.web.labels import sentence

log = structlog.get_logger()
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
_RETRY_AFTER = 5
_CODE_LENGTH = 8


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(Exception, unexpected)


def refused(refusal: Refusal) -> Response:
    """A deed said no and the view had nothing better to show."""
    log.info("refusal", name=type(refusal).__name__, endpoint=request.endpoint)
    first = _first_result(refusal.facts.get("answer")) if isinstance(refusal, KeyReused) else None
    answer = error_page(refusal.status, sentence(refusal), first=first)
    if isinstance(refusal, TooFast):
        answer.headers["Retry-After"] = str(refusal.retry_after)
    elif refusal.status == 503:
        answer.headers["Retry-After"] = str(_RETRY_AFTER)
    return answer


def _first_result(answer: object) -> dict[str, str] | None:
    """The address of what the first submission made: deeds on a case answer with its code."""
    code = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(code, str) or len(code) != _CODE_LENGTH:
        return None
    place = "/petugas/kasus" if request.path.startswith("/petugas") else "/permohonan"
    return {"url": f"{place}/{code}"}


def stale_form(error: CSRFError) -> Response:
    """The form's token does not fit this browser: an old page, or a request from another site."""
    log.warning("csrf_refused", endpoint=request.endpoint, why=str(error.description))
    return error_page(
        403,
        _(
            "Halaman ini sudah lama terbuka, jadi belum ada yang tersimpan. "
            "Muat ulang halaman, lalu kirim lagi."
        ),
    )


def http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    code = error.code or 500
    answer = error_page(code if code in PAGES else (400 if code < 500 else 500), status=code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def database_error(error: DBAPIError) -> Response:
    """The database is away or too busy: say so, and when to come back."""
    state = getattr(error.orig, "sqlstate", None)
    log.error("database_error", sqlstate=state, endpoint=request.endpoint, kind=type(error).__name__)
    is_away = (
        error.connection_invalidated or state is None or state[:2] in ("08", "53", "57") or state == "55P03"
    )
    answer = error_page(503 if is_away else 500)
    if is_away:
        answer.headers["Retry-After"] = str(_RETRY_AFTER)
    return answer


def unexpected(error: Exception) -> Response:
    # The name and place of the fault, never its text: the text may quote what a person typed.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    log.error("unexpected", kind=type(error).__name__, where=where, endpoint=request.endpoint)
    if request.environ.get("werkzeug.debug.preserve_context"):
        raise error
    return error_page(500)


def error_page(
    page: int, message: str | None = None, *, status: int | None = None, first: object = None
) -> Response:
    """The page (or htmx banner) of a status, with the request's id to quote to a helper."""
    part = wants_part() if hasattr(request, "htmx") else False
    answer: Response = make_response(
        render_template(
            f"errors/{page}.html",
            as_part=part,
            message=message,
            first=first,
            request_id=g.get("request_id"),
        ),
        status or page,
    )
    if part:
        answer.headers["HX-Retarget"] = "#kabar"
        answer.headers["HX-Reswap"] = "innerHTML"
    return answer
