"""Fixed words are part of a compiled template, one for each language; what is filled in is said later."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader

FIXED = '<p>{{ _("Masuk") }} &amp; {{ "<b>" }}</p>'
PLAIN = '{{ _("Masuk") }} {{ "<b>" }}'
FILLED = '{{ _("Sisa kuota %(count)s", count=count) }}'


@pytest.fixture
def pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    loader = DictLoader(
        {"fixed.html": FIXED, "filled.html": FILLED, "plain.txt": '{{ _("Masuk") }} {{ "<b>" }}'}
    )
    monkeypatch.setattr(app.jinja_env, "loader", loader)
    return app


def said(app: Flask, name: str, language: str, **values: object) -> str:
    with app.test_request_context(), force_locale(language):
        return app.jinja_env.get_template(name).render(**values)


def test_each_language_has_its_own_words_whoever_came_first(pages: Flask) -> None:
    for _ in range(2):
        assert said(pages, "fixed.html", "id") == "<p>Masuk &amp; &lt;b&gt;</p>"
        assert said(pages, "fixed.html", "en") == "<p>Sign in &amp; &lt;b&gt;</p>"


def test_what_is_filled_in_is_said_when_it_is_known(pages: Flask) -> None:
    assert said(pages, "filled.html", "id", count=7) == "Sisa kuota 7"
    assert said(pages, "filled.html", "en", count="<i>") != said(pages, "filled.html", "en", count="8")
    assert "<i>" not in said(pages, "filled.html", "en", count="<i>")


def test_a_plain_text_stays_plain(pages: Flask) -> None:
    assert said(pages, "plain.txt", "en") == "Sign in <b>"


def test_no_fixed_word_is_looked_up_while_a_page_is_drawn(app: Flask) -> None:
    with app.test_request_context():
        code = app.jinja_env.compile(FIXED, name="fixed.html", raw=True)
        assert "Masuk" in code and "'_'" not in code
        assert "'_'" in app.jinja_env.compile(FILLED, name="filled.html", raw=True)
        assert render_template_string(FIXED).startswith("<p>Masuk")
