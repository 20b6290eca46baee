"""Where even drawing an error page fails, fixed words are sent, as where no page can be made at all."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from mpaspor.web import errors


@pytest.mark.parametrize("htmx", [False, True])
def test_an_error_page_that_cannot_be_drawn_is_replaced_by_fixed_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, htmx: bool
) -> None:
    def breaks(*_: object, **__: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_template", breaks)
    answer = client.get("/tidak-ada", headers={"HX-Request": "true", "HX-Target": "kabar"} if htmx else {})
    assert answer.status_code == 404 and "Ada kesalahan di pihak kami" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers.get("HX-Retarget") == ("#kabar" if htmx else None)
    assert ("<html" in answer.text) is not htmx
