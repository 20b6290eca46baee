"""The headers of every answer: nothing inline but a sheet that is ours to the letter, nothing framed, nothing
personal kept on the way."""

from __future__ import annotations

from flask import Flask, Response, request

from mpaspor.config import settings
from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.server import last_resort
from mpaspor.web.access import is_cacheable
from mpaspor.web.assets import source_of_inlined

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
ALWAYS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, **last_resort.ALWAYS}
_OVER_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}

# What the door writes down while the server is away waits in the storage of its browser, which says so by
# this cookie (static/js/kept-list.js). Nobody's signing out may take it along (DECISIONS §53).
ARRIVALS_WAIT = "mp_antre"
# After signing out. The session is emptied by its own cookie; `"cookies"` would take the mark of a known
# device with it, and `"cache"` makes a browser walk through its whole cache, for seconds, although every
# page of a person is `no-store`.
_LEAVE_NOTHING = {"Clear-Site-Data": '"storage"'}


def init_app(app: Flask) -> None:
    app.after_request(set_headers)


def set_headers(response: Response) -> Response:
    """Add what is missing; a view that said something stricter keeps its word."""
    said = {name.lower() for name, _value in response.headers}
    always = ALWAYS | _OVER_HTTPS if settings().is_https else ALWAYS
    response.headers.extend([pair for pair in always.items() if pair[0].lower() not in said])
    if "cache-control" not in said:
        _say_how_to_cache(response)
    return response


def with_own_styles(page: str, bundle: str) -> Response:
    """A page that holds this sheet of ours itself; its policy allows that text and no other."""
    response = Response(page, content_type="text/html; charset=utf-8")
    policy = CONTENT_SECURITY_POLICY.replace(
        "style-src 'self'", f"style-src 'self' {source_of_inlined(bundle)}"
    )
    response.headers["Content-Security-Policy"] = policy
    return response


def when_again(refusal: Refusal | None) -> dict[str, str]:
    """Of whoever was too fast, in how many seconds to come back; nothing of any other refusal."""
    return {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooFast) else {}


def leave_nothing(response: Response) -> Response:
    """Signing out: let the browser clear what it holds, unless it holds arrivals that were not told yet."""
    if request.cookies.get(ARRIVALS_WAIT, "0") == "0":
        response.headers.update(_LEAVE_NOTHING)
    return response


def framed_by_ourselves(response: Response) -> Response:
    """A file that a page of ours shows in a frame, to print it; nobody else's page may."""
    response.headers.update(last_resort.FRAMED_BY_OURSELVES)
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy.replace("object-src 'none'", "object-src 'self'")
    return response


def _say_how_to_cache(response: Response) -> None:
    if is_cacheable(request.endpoint) and request.method in ("GET", "HEAD") and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=60, stale-while-revalidate=600"
        if not response.is_streamed:
            response.add_etag()
            response.make_conditional(request)
    else:
        response.headers["Cache-Control"] = "private, no-store"
