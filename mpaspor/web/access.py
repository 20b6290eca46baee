"""Closed unless opened: every view says for whom it is, and a view that says nothing never runs."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import structlog
from flask import Flask, abort, current_app, redirect, url_for
from flask_login import current_user
from htmx_flask import make_response, request
from werkzeug.wrappers import Response

from mpaspor.config import settings
from mpaspor.people.rules import Role
from mpaspor.web import form_tokens

log = structlog.get_logger()
# What proxies write; whoever sits at this machine sends none of it.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """For whom a view is, beside the officers' roles."""

    ANYONE = "anyone"  # public and without personal content: no cookie, may be cached
    VISITOR = "visitor"  # not signed in, but with a session: signing up, a form
    APPLICANT = "applicant"
    OFFICER = "officer"  # any officer, whatever the role
    BANK = "bank"  # a partner: authenticated by token and signature in the view's own room
    DEMO = "demo"  # only in demo mode, and only from this machine unless opened


def open_to(*who: Audience | Role) -> Callable[[View], View]:
    """Open a view to these audiences or roles."""
    if not who:
        raise ValueError("open_to needs somebody")

    def mark(view: View) -> View:
        view.open_to = frozenset(who)  # type: ignore[attr-defined]
        return view

    return mark


def asks_again(*roles: Role) -> Callable[[View], View]:
    """Mark an act that overrides, moves identity or gives rights: it wants a second factor shown lately, of
    officers with one of these roles, or of all."""

    def mark(view: View) -> View:
        view.asks_again = frozenset(roles or Role)  # type: ignore[attr-defined]
        return view

    return mark


def audiences(endpoint: str | None) -> frozenset[Audience | Role]:
    """For whom an endpoint is; empty when nobody said so."""
    view = current_app.view_functions.get(endpoint or "")
    found: frozenset[Audience | Role] = getattr(view, "open_to", frozenset())
    return found


def is_cacheable(endpoint: str | None) -> bool:
    return audiences(endpoint) == frozenset({Audience.ANYONE})


def init_app(app: Flask) -> None:
    app.before_request(guard)


def guard() -> Response | None:
    """Let the request in, send it to a sign-in page, or refuse it."""
    if request.endpoint is None or request.routing_exception is not None:
        return None  # an unknown address: the router answers 404 by itself
    if request.blueprint == "officers" and not _is_officers_door():
        abort(404)
    who = audiences(request.endpoint)
    if not who:
        log.error("view_without_audience", endpoint=request.endpoint)
        abort(404)
    if Audience.DEMO in who:
        return None if _demo_may_be_seen() else abort(404)
    if who & {Audience.ANYONE, Audience.VISITOR, Audience.BANK}:
        return None
    if not current_user.is_authenticated:
        held_up = _ask_to_sign_in(officer=Audience.APPLICANT not in who)
        if held_up is not None:
            return held_up
    if Audience.APPLICANT in who and current_user.account_id is not None:
        form_tokens.mark(current_user.account_id)
        return None
    if current_user.staff_id is not None and (Audience.OFFICER in who or who & current_user.roles):
        form_tokens.mark(current_user.staff_id)
        return _ask_again() if _is_grave() else None
    log.warning("refused", endpoint=request.endpoint)
    return abort(403)


def _is_grave() -> bool:
    view = current_app.view_functions[str(request.endpoint)]
    asked: frozenset[Role] = getattr(view, "asks_again", frozenset())
    return request.method == "POST" and bool(asked & current_user.roles)


def _ask_again() -> Response | None:
    from mpaspor.web import reentry

    return reentry.hold_up()


def _is_officers_door() -> bool:
    """Whether the request came by the officers' own host and network, where such are set (abuse 10)."""
    found = settings()
    if found.officer_host and request.host.partition(":")[0] != found.officer_host:
        return False
    if not found.officer_networks:
        return True
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in found.officer_networks)


def _demo_may_be_seen() -> bool:
    found = settings()
    return found.demo and (found.demo_open or _sits_at_this_machine())


def _sits_at_this_machine() -> bool:
    """Whether the peer itself is this machine, asking for it by its own name.

    What a proxy passes on is a stranger's, and so is a page that had its own name point here.
    """
    before = request.environ.get("werkzeug.proxy_fix.orig", {})
    peer = before.get("REMOTE_ADDR", request.remote_addr)
    name = _split(f"//{request.host}").hostname
    return (
        _is_this_machine(peer)
        and (name == "localhost" or _is_this_machine(name))
        and not any(header in request.headers for header in _FORWARDED)
    )


def _split(url: str) -> SplitResult:
    """The parts of an address that a stranger wrote; of one that is none, the parts of an empty one."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_this_machine(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _ask_to_sign_in(*, officer: bool) -> Response | None:
    """Send the person to sign in and back again; what was typed is kept meanwhile. None where an officer has
    just unlocked the screen with this very form."""
    from mpaspor.web import kept_forms, reentry, sessions

    if officer and sessions.person_locked_out() is not None:
        return reentry.unlock()
    hx = request.htmx
    endpoint = "officers.sign_in" if officer else "applicants.sign_in"
    back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    kept = None
    if request.method == "POST" and officer and (not hx or hx.target == "isi"):
        kept = kept_forms.keep_at_the_desk()
    elif request.method == "POST" and not officer:
        kept = kept_forms.keep()
        back = request.path
    elif hx and hx.current_url:
        back = _split(hx.current_url).path  # the page that asked, not its part
    url = url_for(endpoint, next=back, kembali=kept)
    if hx:
        return make_response("", 401, redirect=url)
    return redirect(url, 303)
