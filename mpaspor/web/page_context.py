"""What every template may use."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_login import current_user

from mpaspor.config import settings
from mpaspor.people.rules import OFFICER_IDLE
from mpaspor.people.sign_in.signed_in import SignedIn
from mpaspor.web import gaps, language, sessions
from mpaspor.web.access import audiences, is_cacheable
from mpaspor.web.htmx import wants_main
from mpaspor.web.labels.applications import passport_name
from mpaspor.web.labels.desk import ground_in_words, reason_in_words
from mpaspor.web.labels.papers import document_name


def init_app(app: Flask) -> None:
    app.context_processor(everywhere)
    app.jinja_env.filters.update(
        passport_name=passport_name,
        document_name=document_name,
        reason_in_words=reason_in_words,
        ground_in_words=ground_in_words,
    )
    # Imported macros see globals only, not what a context processor gives.
    app.jinja_env.globals["officer_idle"] = int(OFFICER_IDLE.total_seconds())


def everywhere() -> dict[str, Any]:
    """Values common to all pages. A cacheable page knows nobody."""
    found = settings()
    return {
        "demo": found.demo,
        "signed_in": gaps.Somebody() if gaps.is_drawing() else _signed_in(),
        # One address has one form in a cache that others share.
        "only_main": _is_own_page() and hasattr(request, "htmx") and wants_main(),
        "language": language.choose(),
        "language_links": language.links(),
        "keep_language": language.keep,
        "here": language.here(),
        "settings_public_url": found.public_url,
    }


def _signed_in() -> SignedIn | None:
    """The person whose page this is. A cacheable page knows nobody.

    An error page asks nothing: it knows whom the guard has found already, and the database may be what
    is missing.
    """
    if not _is_own_page():
        return None
    if "is_error_page" in g:
        return sessions.person_found()
    person: Any = current_user._get_current_object()  # looked up once, and not for each word about them
    return person if person.is_authenticated else None


def _is_own_page() -> bool:
    """Whether the answer is for one reader alone, and lies in no cache that others share."""
    return bool(audiences(request.endpoint)) and not is_cacheable(request.endpoint)
