"""Text that no database can hold is refused before any view runs."""

from __future__ import annotations

from flask import Flask, abort, request

_NUL = "\x00"


def init_app(app: Flask) -> None:
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """400 for a NUL sign in the address or a field: PostgreSQL has no text with it, and nobody types one."""
    texts = [request.path, *request.args.values()]
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        texts += request.form.values()
    if any(_NUL in text for text in texts):
        abort(400)
