"""A page that differs from reader to reader in a few words is drawn once for all, with gaps in their places.

Drawing is a third of what such a page costs. While it is drawn nobody is at hand: whoever is signed in is a
stand-in that says nothing; tokens, keys and the page's own address are gaps as well. Each reader's words are
put in afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, g, render_template, request
from flask.wrappers import Response
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from mpaspor.foundation.kept import kept
from mpaspor.web import htmx, language
from mpaspor.web.keys import fresh_key

_MARK = "\ue001"  # a private sign, which no text of ours has
_GAP = re.compile(r"\ue001(\w+)\ue001")
_LONGEST_QUERY = 100
_TOKEN, _KEY, _PATH = "csrf_token", "one_time_key", "path"


class Somebody:
    """Who is signed in while a page is drawn for many: true, and nothing else."""


def page_or_part(
    page: str,
    part: str,
    status: int = 200,
    *,
    same: Hashable,
    own: Mapping[str, str],
    context: Callable[[], Mapping[str, Any]],
    since: float,
) -> Response:
    """As `htmx.page_or_part`, drawn once a second for all who ask for the `same`.

    `own` are the reader's own words by their names in the template. `context` gives the rest, in which
    nobody is named; it is asked only when the page is drawn. Nothing begun before `since` is shown.
    """
    template = htmx.template_of(page, part)
    where = (template, htmx.wants_main(), language.choose(), request.method == "POST", request.query_string)

    def draw() -> list[str]:
        return _drawn(template, context, {name: Markup(gap(name)) for name in own})  # noqa: S704

    fits = len(request.query_string) <= _LONGEST_QUERY
    pieces = kept().get(("gaps", same, *where), draw, since=since) if fits else draw()
    words = {**own, _TOKEN: generate_csrf(), _KEY: fresh_key(), _PATH: quote(request.path)}
    filled = [str(escape(words[piece])) if number % 2 else piece for number, piece in enumerate(pieces)]
    return htmx.answer("".join(filled), status)


def is_drawing() -> bool:
    """Whether a page is drawn for many at this moment."""
    return "draws_for_many" in g


def init_app(app: Flask) -> None:
    """Give templates tokens and keys that know of gaps. Imported macros see globals only."""
    app.jinja_env.globals["csrf_token"] = lambda: gap(_TOKEN) if is_drawing() else generate_csrf()
    app.jinja_env.globals["one_time_key"] = lambda: gap(_KEY) if is_drawing() else fresh_key()


def _drawn(template: str, context: Callable[[], Mapping[str, Any]], gaps: Mapping[str, Markup]) -> list[str]:
    """The page in pieces: what is everybody's, and between them the names of the gaps."""
    g.draws_for_many = True
    setattr(g, language.PATH_IN_LINKS, gap(_PATH))
    try:
        token = {_TOKEN: lambda: gap(_TOKEN)}  # Flask-WTF gives templates its own
        return _GAP.split(render_template(template, **{**context(), **gaps, **token}))
    finally:
        del g.draws_for_many
        delattr(g, language.PATH_IN_LINKS)


def gap(name: str) -> str:
    """What stands where a reader's own word of this name belongs."""
    return f"{_MARK}{name}{_MARK}"
