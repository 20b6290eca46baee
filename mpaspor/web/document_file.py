"""Handing out a stored picture: only from here, only as a file, never as a page of ours."""

from __future__ import annotations

from flask import Response, abort

from mpaspor.foundation import files

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def serve_picture(key: str | None, name: str) -> Response:
    """The picture under `key` as a download called `name` (plain ASCII, without ending); 404 without one.

    The caller has already decided that this person may see it.
    """
    if key is None:
        abort(404)
    try:
        data = files.store().get(key)
    except files.FileMissing:
        abort(404)
    response = Response(data, content_type="image/jpeg", headers=_HEADERS)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.jpg"'
    return response
