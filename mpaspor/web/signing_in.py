"""What both sign-in pages need of a request: which browser asks, which code is pending, where to go then."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from flask.wrappers import Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from mpaspor.people.rules import DEVICE_LIFE
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.device_names import device_name
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.web import kept_forms, keys, sessions
from mpaspor.web.access import Audience, audiences
from mpaspor.web.htmx import go_to, go_to_url

_CHALLENGE = "ref"
_SHARED = "bersama"
# What our own addresses are made of. No escapes: nothing of ours needs them, and they hide things.
# One repetition each: a repetition inside a repetition never ends on a text that a stranger may choose.
_PATH = re.compile(r"/[A-Za-z0-9_./-]*")
_QUERY = re.compile(r"[A-Za-z0-9_.=&-]*")


def this_browser(*, is_shared: bool = False) -> Browser:
    """The browser behind the request at hand."""
    return Browser(
        name=device_name(request.user_agent.string),
        token=sessions.browser_token(),
        device_token=sessions.device_token(),
        is_shared=is_shared,
        form_key=request.form.get(keys.FIELD, "")[:64] or None,
        address=request.remote_addr,
    )


def enter(entered: NewSignIn, *, is_shared: bool, url: str) -> Response:
    """Give the browser its sign-in and send it on."""
    sessions.begin_sign_in(entered.sign_in_token, shared_device=is_shared)
    response = go_to_url(url)
    if entered.device_token is not None:
        sessions.remember_device(response, entered.device_token, DEVICE_LIFE)
    return response


def to_code_page(
    endpoint: str, challenge_id: uuid.UUID, *, is_shared: bool = False, **values: Any
) -> Response:
    """On to the page that asks for this challenge's code."""
    return go_to(endpoint, **values, **asking(challenge_id, is_shared=is_shared))


def asking(challenge_id: uuid.UUID, *, is_shared: bool | None = None) -> dict[str, str]:
    """What the address of a page about a challenge carries.

    It stands there and not in the session: two tabs are two challenges. The reference says nothing about
    anybody and is worth nothing in another browser.
    """
    shared = asked_as_shared() if is_shared is None else is_shared
    return {**carried(), _CHALLENGE: str(challenge_id), **({_SHARED: "1"} if shared else {})}


def asked_code() -> uuid.UUID | None:
    """The challenge that the page is about."""
    try:
        return uuid.UUID(request.args.get(_CHALLENGE, ""))
    except ValueError:
        return None


def asked_as_shared() -> bool:
    """Whether the person said, a step ago, that others use this device too."""
    return _SHARED in request.args


def way_on(default: str, *, officer: bool = False) -> str:
    """Where to go after signing in: back to a kept form, to the page that was asked for, or home."""
    token = request.args.get("kembali")
    if officer and token:
        return url_for("officers.send_again", isian=token[:64])
    kept = kept_forms.way_back(token)
    return kept or own_path(request.args.get("next"), officer=officer) or default


def carried() -> dict[str, str]:
    """What the address of the next step must repeat so that the way on is not lost."""
    return {name: request.args[name] for name in ("next", "kembali") if request.args.get(name)}


def own_path(text: str | None, *, officer: bool = False) -> str | None:
    """The path if it is a page of ours that this audience may open after signing in, else None.

    An allow-list, not a search for tricks: plain characters only, and a route must answer (abuse case 43).
    """
    if not text or len(text) > 500 or not text.isascii():
        return None
    try:
        parts = urlsplit(text)
    except ValueError:  # "//[": half an IPv6 address
        return None
    if parts.scheme or parts.netloc or "//" in parts.path or not _PATH.fullmatch(parts.path):
        return None
    try:
        endpoint, _values = current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return None
    if endpoint.startswith("officers.") is not officer or audiences(endpoint) & _NOT_A_GOAL:
        return None
    return f"{parts.path}?{parts.query}" if parts.query and _QUERY.fullmatch(parts.query) else parts.path


_NOT_A_GOAL = frozenset({Audience.VISITOR, Audience.DEMO, Audience.BANK})
