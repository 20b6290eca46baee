"""A page that is the same for everybody is drawn and compressed once for all who ask within a second.

Its address is its key: public pages carry language and choice there, know nobody and set no cookie. What may
be kept elsewhere, and for how long, says `headers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_compress import Compress

from mpaspor.foundation.kept import kept
from mpaspor.web.htmx import wants_main, wants_part

P = ParamSpec("P")
_LONGEST_ADDRESS = 300
_LONGEST_ENCODINGS = 60


@dataclass(frozen=True)
class _Page:
    body: bytes
    headers: list[tuple[str, str]]


class _ForNow(Exception):
    """An answer that is not for everybody: a page that does not exist, another way to go."""

    def __init__(self, response: Response) -> None:
        self.response = response


def kept_page(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Keep what a public view draws for a moment, compressed, under the address and its encodings."""

    @wraps(view)
    def kept_or_drawn(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        address, encodings = request.full_path, request.headers.get("Accept-Encoding", "")
        if len(address) > _LONGEST_ADDRESS or len(encodings) > _LONGEST_ENCODINGS:
            return view(*args, **kwargs)
        key = ("page", request.host, address, encodings, wants_part(), wants_main())
        try:
            page = kept().get(key, lambda: _finished(make_response(view(*args, **kwargs))))
        except _ForNow as answer:
            return answer.response
        return Response(page.body, headers=page.headers)

    return kept_or_drawn


def _finished(response: Response) -> _Page:
    if response.status_code != 200:
        raise _ForNow(response)
    response.add_etag()
    compress: Compress = current_app.extensions["compress"]
    finished: Response = compress.after_request(response)
    return _Page(finished.get_data(), list(finished.headers.items()))
