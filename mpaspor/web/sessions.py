"""Two audiences, two cookies, chosen by the request's path; neither side reads the other's."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user, login_user, logout_user

from mpaspor.config import settings
from mpaspor.foundation import clock
from mpaspor.people.rules import SIGN_IN_LIFE
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.signed_in import SignedIn
from mpaspor.web.access import is_cacheable

TOKEN = "_user_id"  # Flask-Login's own name for what `get_id` said
_BROWSER = "browser"
_FOUND = "signed_in"
# One for each audience: neither side reads the other's.
_DEVICE_COOKIES = {"applicant": "mp_perangkat", "officer": "mp_perangkat_petugas"}


def audience_of(path: str) -> str:
    """Whose half of the house a path lies in."""
    return "officer" if path == "/petugas" or path.startswith("/petugas/") else "applicant"


class TwoCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, under a name of its own for each audience."""

    def get_cookie_name(self, app: Flask) -> str:
        name = "mp_petugas" if audience_of(request.path) == "officer" else "mp_warga"
        return host_name(name)

    def get_cookie_path(self, app: Flask) -> str:
        return "/"

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith("/snap/"):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # A page that everybody may cache never carries a cookie.
        if not is_cacheable(request.endpoint):
            super().save_session(app, session, response)


def host_name(name: str) -> str:
    return f"__Host-{name}" if settings().is_https else name


def _device_cookie() -> str:
    return host_name(_DEVICE_COOKIES[audience_of(request.path)])


def person_locked_out() -> SignedIn | None:
    """The officer whose screen is locked, if this is such a screen."""
    return current_user if getattr(current_user, "is_locked", False) else None


def look_again() -> None:
    """Read anew who is signed in: something about it has just changed."""
    person = _find(str(session[TOKEN]))
    if person is not None:
        login_user(person)
        _forget_unused()


def begin_sign_in(token: str, *, shared_device: bool) -> None:
    """Put a fresh sign-in into the browser: a new session, so that a planted one is worth nothing."""
    # A code that another tab of this browser still waits for can be answered there.
    kept = {name: session[name] for name in ("language", _BROWSER) if session.get(name)}
    session.clear()
    session.update(kept)
    person = _find(token)
    login_user(person) if person is not None else logout_user()
    _forget_unused()
    session.permanent = not shared_device


def _forget_unused() -> None:
    """Of use only to `session_protection`, which would sign out a phone that changes its network."""
    for unused in ("_id", "_fresh"):
        session.pop(unused, None)


def end_sign_in() -> None:
    """Forget everything this browser holds for this audience (the row is revoked by its operation)."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    g.pop(_FOUND, None)


def person_found() -> SignedIn | None:
    """Who is known to be signed in without asking the database: for error pages, which it may have caused."""
    person: SignedIn | None = g.get(_FOUND)
    return person if person is not None and person.is_authenticated else None


def has_token() -> bool:
    """Whether this browser once signed in here and did not sign out, though its sign-in may have ended."""
    return TOKEN in session


def _find(token: str) -> SignedIn | None:
    """The person of a sign-in that still counts; Flask-Login asks at most once in a request."""
    person = signed_in.find(token, audience_of(request.path), now=clock.now())
    setattr(g, _FOUND, person)
    return person


def browser_token() -> str:
    """The random mark of this browser, to which the codes that it asks for are bound."""
    found = session.get(_BROWSER)
    if not isinstance(found, str):
        found = session[_BROWSER] = secrets.token_urlsafe(16)
    return found


def refreshes_itself() -> bool:
    """Whether a page asked by itself (macros/watch.html): no sign of a person in front of it.

    Else a bill left open on a phone that others use would keep its owner signed in for ever.
    """
    return "X-Poll" in request.headers or "otomatis" in request.args


def device_token() -> str | None:
    """The token by which this browser was remembered, which survives signing out."""
    return request.cookies.get(_device_cookie())


def remember_device(response: Response, token: str, life: timedelta) -> None:
    response.set_cookie(
        _device_cookie(),
        token,
        max_age=int(life.total_seconds()),
        secure=settings().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def init_app(app: Flask) -> None:
    app.session_interface = TwoCookies()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=app.extensions["settings"].is_https,
        PERMANENT_SESSION_LIFETIME=SIGN_IN_LIFE,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    # Without its context processor, by which every template would ask who is signed in.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def by_token(token: str) -> SignedIn | None:
        person = _find(token)
        if person is not None and not person.is_locked and not refreshes_itself():
            signed_in.seen(person, now=clock.now())
        return person
