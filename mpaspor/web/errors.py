"""When the answer is no: the same plain page, or banner for htmx, whatever went wrong. Never a trace."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from htmx_flask import make_response
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from mpaspor.applications.rules import CODE_LENGTH
from mpaspor.foundation.logs import place_of
from mpaspor.foundation.refusals import KeyReused, NotFound, Refusal
from mpaspor.server import last_resort
from mpaspor.web import form_tokens, kept_forms
from mpaspor.web.headers import when_again
from mpaspor.web.htmx import wants_part
from mpaspor.web.labels.refusals import sentence

log = structlog.get_logger()
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SQLAlchemyError, database_error)
    app.register_error_handler(Exception, unexpected)
    # What is put away after the answer may fail as well: the connection that it gives back is dead.
    for place, put_away in enumerate(app.teardown_appcontext_funcs):
        app.teardown_appcontext_funcs[place] = _quietly(put_away)


def _quietly(put_away: Callable[..., object]) -> Callable[..., None]:
    """The same teardown, except that it never takes the place of the answer."""

    def attempt(*args: object) -> None:
        try:
            put_away(*args)
        except Exception as error:
            log.error("teardown_failed", kind=type(error).__name__)

    return attempt


def refused(refusal: Refusal) -> Response:
    """An operation said no and the view had nothing better to show."""
    log.info("refusal", name=type(refusal).__name__, endpoint=request.endpoint)
    first = _first_result(refusal.facts.get("answer")) if isinstance(refusal, KeyReused) else None
    # What is not there has a page of its own, which speaks to officers as officers.
    words = None if type(refusal) is NotFound else sentence(refusal)
    answer = error_page(refusal.status, words, first=first)
    answer.headers.update(when_again(refusal))
    return answer


def _first_result(answer: object) -> dict[str, str] | None:
    """The address of what the first submission made: operations on a case answer with its code."""
    code = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(code, str) or len(code) != CODE_LENGTH:
        return None
    place = "/petugas/kasus" if request.path.startswith("/petugas") else "/permohonan"
    return {"url": f"{place}/{code}"}


def stale_form(error: CSRFError) -> Response:
    """The form's token does not fit this sign-in: an old page, or a request from another site."""
    log.warning("csrf_refused", endpoint=request.endpoint, why=str(error.description))
    try:
        return _stale_page()
    except SQLAlchemyError as away:
        return database_error(away)


def _stale_page() -> Response:
    """The same person goes on with what was typed; somebody else is told whose page it was."""
    account_id = getattr(current_user, "account_id", None)
    staff_id = getattr(current_user, "staff_id", None)
    owner = account_id or staff_id
    was_mine = form_tokens.was_made_for(owner) if owner is not None else None
    if was_mine is False:
        return error_page(
            403,
            _(
                "Halaman itu dibuka saat akun lain masuk di peramban ini. Sekarang akun Anda yang masuk, "
                "jadi isiannya tidak disimpan."
            ),
            heading=_("Halaman ini milik akun lain"),
        )
    filled = None
    if was_mine and staff_id is not None:
        filled = url_for("officers.send_again", isian=kept_forms.keep_for(staff_id))
    elif was_mine:
        filled = kept_forms.way_back(kept_forms.keep())
    if filled is not None:
        return error_page(
            403,
            _("Anda keluar lalu masuk lagi sejak halaman ini dibuka. Belum ada yang tersimpan."),
            heading=_("Kirim sekali lagi"),
            next_words=_("Isian Anda masih ada. Buka halamannya, lalu kirim lagi."),
            next_text=_("Buka halaman dengan isian saya"),
            next_href=filled,
        )
    return error_page(
        403,
        _(
            "Halaman ini sudah lama terbuka, jadi belum ada yang tersimpan. "
            "Muat ulang halaman, lalu kirim lagi."
        ),
        heading=_("Halaman ini sudah lama terbuka"),
        next_words=_("Buka lagi halamannya, lalu kirim sekali lagi."),
        next_text=_("Muat ulang halaman"),
        next_href=kept_forms.page_of(request.path),
    )


def http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    code = error.code or 500
    above = _page_above() if code == 405 and request.method in ("GET", "HEAD") else None
    if above is not None:
        return redirect(above, 303)  # type: ignore[return-value]
    answer = error_page(code if code in PAGES else (400 if code < 500 else 500), status=code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _page_above() -> str | None:
    """The page whose form posts to this address: Back, a reload or a kept link asks for it without a form."""
    path, router = request.path, current_app.create_url_adapter(request)
    while router is not None and path.count("/") > 1 and not path.startswith("/snap/"):
        path = path.rpartition("/")[0]
        if router.test(path, method="GET"):
            query = request.query_string.decode("ascii", "ignore")
            return f"{path}?{query}" if query else path
    return None


def database_error(error: SQLAlchemyError) -> Response:
    """The database is away or too busy: say so, and when to come back."""
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None)
    if not isinstance(error, DBAPIError | PoolTimeout):
        return unexpected(error)
    log.error("database_error", sqlstate=state, endpoint=request.endpoint, kind=type(error).__name__)
    is_away = (
        isinstance(error, PoolTimeout)
        or error.connection_invalidated
        or state is None
        or state[:2] in ("08", "53", "57")
        or state == "55P03"
    )
    return error_page(503 if is_away else 500)


def unexpected(error: Exception) -> Response:
    # The name and place of the fault, never its text: the text may quote what a person typed.
    log.error("unexpected", kind=type(error).__name__, where=place_of(error), endpoint=request.endpoint)
    if request.environ.get("werkzeug.debug.preserve_context"):
        raise error
    return error_page(500)


def error_page(
    page: int, message: str | None = None, *, status: int | None = None, first: object = None, **words: object
) -> Response:
    """The page (or htmx banner) of a status, with the request's id to quote to a helper.

    `words` may replace the page's `heading`, `next_words`, `next_text` and `next_href`. It asks nothing of
    the database, and where even drawing it fails, a page that was written beforehand is sent.
    """
    g.is_error_page = True
    part = wants_part() if hasattr(request, "htmx") else False
    status = status or page
    try:
        text = render_template(
            f"errors/{page}.html",
            as_part=part,
            message=message,
            first=first,
            request_id=g.get("request_id"),
            own=words,
        )
    except Exception as error:  # whatever it is, the person gets a page
        log.error("error_page_failed", kind=type(error).__name__, where=place_of(error))
        last = last_resort.answer(max(status, 500), path=request.path, is_htmx=part)
        return Response(last.body, status, last.headers)
    answer: Response = make_response(text, status)
    if part:
        answer.headers["HX-Retarget"] = "#kabar"
        answer.headers["HX-Reswap"] = "innerHTML"
    if status == 503:
        answer.headers["Retry-After"] = str(last_resort.RETRY_AFTER)
    return answer
