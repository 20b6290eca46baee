"""Requests that change something come from our own pages: browsers say where a request was born."""

from __future__ import annotations

from flask import Flask, abort, request

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    app.before_request(refuse_strangers)


def refuse_strangers() -> None:
    """403 for a cross-site form, beside the token that every form carries."""
    if request.method not in _SAFE and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(403)
