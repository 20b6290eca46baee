"""What every template may use."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_login import current_user

from mpaspor.config import settings
from mpaspor.web import language
from mpaspor.web.access import audiences, is_cacheable
from mpaspor.web.keys import fresh_key
from mpaspor.web.labels.passports import document_name, passport_name


def init_app(app: Flask) -> None:
    app.context_processor(everywhere)
    app.jinja_env.filters.update(passport_name=passport_name, document_name=document_name)
    # Imported macros see globals only, not what a context processor gives.
    app.jinja_env.globals["one_time_key"] = fresh_key


def everywhere() -> dict[str, Any]:
    """Values common to all pages. A cacheable page knows nobody."""
    found = settings()
    known = audiences(request.endpoint) and not is_cacheable(request.endpoint)
    return {
        "demo": found.demo,
        "signed_in": current_user._get_current_object() if known and current_user.is_authenticated else None,
        "language": language.choose(),
        "language_links": language.links(),
        "keep_language": language.keep,
        "here": request.path,
        "one_time_key": fresh_key,
        "settings_public_url": found.public_url,
    }
