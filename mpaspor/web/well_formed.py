"""Forms larger than any of ours, and text that no database can hold, are refused before any view runs."""

from __future__ import annotations

from flask import Flask, abort, current_app, request

_NUL = "\x00"


def init_app(app: Flask) -> None:
    app.before_request(refuse_large_form)
    app.before_request(refuse_nul)


def refuse_large_form() -> None:
    """413 for a plain form above the limit that multipart has already.

    Werkzeug reads a URL-encoded body whole, up to the size of an upload, and splits it into any number of
    fields: megabytes of `&` would keep a process busy (abuse 26).
    """
    if request.mimetype == "application/x-www-form-urlencoded":
        most = current_app.config["MAX_FORM_MEMORY_SIZE"]
        # Without a length there is no body: the server has read a chunked one whole, and says how long it is.
        if (request.content_length or 0) > most:
            abort(413)


def refuse_nul() -> None:
    """400 for a NUL sign in the address or a field: PostgreSQL has no text with it, and nobody types one."""
    texts = [request.path, *request.args.values()]
    # A bank signs its body as it sent it, under whatever content type: only its own room may read it.
    if request.blueprint != "snap" and request.mimetype in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        texts += request.form.values()
    if any(_NUL in text for text in texts):
        abort(400)
