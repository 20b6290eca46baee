"""One address, two shapes: a whole page, or the part of it that htmx asked for."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, render_template, url_for
from flask.wrappers import Response
from htmx_flask import Htmx, make_response, request

_VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request", "HX-Target")
_MAIN = "isi"


def wants_part() -> bool:
    """Whether htmx asks for the part alone: never for a boost or for the Back button."""
    hx = request.htmx
    return bool(hx) and not hx.boosted and not hx.history_restore_request


def wants_main() -> bool:
    """Whether htmx will put the answer in the place of `main`: a form sent in place, a page that watches."""
    return wants_part() and request.htmx.target == _MAIN


def page_or_part(page: str, part: str, /, status: int = 200, **context: Any) -> Response:
    """Render the part for htmx and the page for everybody else; the same context feeds both.

    Where the whole main is asked for, the page is the part: `base.html` leaves its frame out by itself.
    """
    return answer(render_template(template_of(page, part), **context), status)


def template_of(page: str, part: str) -> str:
    """Which of the two this request wants."""
    return part if wants_part() and not wants_main() else page


def answer(html: str, status: int) -> Response:
    """What `page_or_part` has drawn, as an answer."""
    response: Response = make_response(html, status)
    response.vary.update(_VARY)
    return response


def go_to(endpoint: str, **values: Any) -> Response:
    """After an operation: 303 to a page, in the way that the asker follows."""
    return go_to_url(url_for(endpoint, **values))


def go_to_url(url: str) -> Response:
    hx = request.htmx
    return make_response("", 204, redirect=url) if hx else redirect(url, 303)  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    Htmx(app)
