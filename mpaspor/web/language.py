"""Indonesian first, English second. Public pages carry the language in their address, so that they may
be cached; signed-in pages remember it in the session."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

from mpaspor.web import sessions
from mpaspor.web.access import audiences, is_cacheable

LANGUAGES = ("id", "en")
PARAMETER = "bahasa"
PATH_IN_LINKS = "path_in_links"  # in `g`, while a page is drawn for readers at several addresses


def choose() -> str:
    """The language of this request; Indonesian where there is none (worker, command line)."""
    if not has_request_context():
        return "id"
    if "language" not in g:
        g.language = _choose()
    return str(g.language)


def _choose() -> str:
    asked = request.args.get(PARAMETER)
    if is_cacheable(request.endpoint):
        return asked if asked in LANGUAGES else "id"
    if asked in LANGUAGES:
        if audiences(request.endpoint):
            session["language"] = asked
        return asked
    kept = session.get("language") or _of_account()
    return kept if kept in LANGUAGES else "id"


def _of_account() -> str | None:
    """What the signed-in person chose for letters: also the language of pages on a new device.

    Only a person whom the guard has already looked up: an error page must not ask the database.
    """
    person = sessions.person_found()
    return person.language if person is not None else None


def links() -> list[tuple[str, str, bool]]:
    """(code, address of this page in that language, whether it is the current one).

    A form that came back with what was typed has none: following one would lose it.
    """
    if request.method not in ("GET", "HEAD") and "is_error_page" not in g:
        return []
    current = choose()
    path = here(with_query=False)
    # Written out and not handed to `url_for`, to which `endpoint=` or `_external=` would be orders.
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    return [(code, f"{path}?{urlencode([*kept, (PARAMETER, code)])}", code == current) for code in LANGUAGES]


def here(*, with_query: bool = True) -> str:
    """The address of this page, safe to stand in a link: `/\\host` would lead away from us."""
    path = g.get(PATH_IN_LINKS) or quote(request.path)
    query = urlencode(list(request.args.items(multi=True))) if with_query else ""
    return f"{path}?{query}" if query else path


def carry(endpoint: str, values: dict[str, Any]) -> None:
    """Let links between public pages, and from them inwards, keep the reader's language."""
    if not request or PARAMETER in values or endpoint == "assets.serve":
        return
    if choose() != "id" and (is_cacheable(endpoint) or is_cacheable(request.endpoint)):
        values[PARAMETER] = choose()


def keep(path: str) -> str:
    """A public page's address in the reader's language; for pages that may be shown where no route fits
    (errors), so that `url_for` and `carry` have nothing to work with."""
    return path if choose() == "id" else f"{path}?{PARAMETER}={choose()}"


def init_app(app: Flask) -> None:
    app.config.update(BABEL_TRANSLATION_DIRECTORIES="locales", BABEL_DEFAULT_LOCALE="id")
    Babel(app, locale_selector=choose)
    app.url_defaults(carry)
