"""From a kind and its facts to subject and body: a text template per language, the subject first."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment, StrictUndefined

from mpaspor.config import settings
from mpaspor.foundation.plain_text import one_line


def render(kind: str, language: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Subject and body of a message. Text of people among the `facts` stays text, on one line."""
    template = _templates().get_template(f"messages/{language}/{kind}.txt")
    shown = {name: one_line(value) if isinstance(value, str) else value for name, value in facts.items()}
    with force_locale(language):
        text = template.render(url=settings().public_url, demo=settings().demo, **shown)
    subject, _, body = text.partition("\n")
    return one_line(subject), body.strip("\n") + "\n"


def _templates() -> Environment:
    """The application's own environment, in which a forgotten fact is an error and not a gap."""
    kept: Environment | None = current_app.extensions.get("message_templates")
    if kept is None:
        kept = current_app.jinja_env.overlay(undefined=StrictUndefined)
        current_app.extensions["message_templates"] = kept
    return kept
