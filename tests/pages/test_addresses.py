"""Addresses that are kept are the addresses that Flask would make."""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

_PLAIN = ["public.start", "applicants.show_applications", "officers.board"]
_OF_A_CASE = ["applicants.show_case", "officers.case", "public.verify_letter"]


@pytest.mark.parametrize("endpoint", _PLAIN)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_kept_address_is_the_one_that_flask_makes(app: Flask, endpoint: str, language: str) -> None:
    with app.test_request_context("/", query_string={"bahasa": language}):
        made = Flask.url_for(app, endpoint)
        assert [url_for(endpoint), url_for(endpoint)] == [made, made]


@pytest.mark.parametrize("endpoint", _OF_A_CASE)
@pytest.mark.parametrize("code", ["ABCD1234", "abcd-1234", "0O1IZZZZ", "../..", "A" * 16, "ä", "x?y=1"])
def test_the_address_of_a_case_is_the_one_that_flask_makes(app: Flask, endpoint: str, code: str) -> None:
    with app.test_request_context("/"):
        url_for(endpoint, code="ZZZZ9999")  # another's is kept first
        assert url_for(endpoint, code=code) == Flask.url_for(app, endpoint, code=code)


def test_below_a_prefix_and_with_more_than_a_name_nothing_is_kept(app: Flask) -> None:
    with app.test_request_context("/"):
        assert url_for("public.start", _anchor="isi", dari="x") == Flask.url_for(
            app, "public.start", _anchor="isi", dari="x"
        )
        assert url_for("public.start", _external=True).startswith("http")
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/paspor"}):
        assert url_for("officers.board") == "/paspor/petugas"


def test_an_endpoint_that_is_none_is_still_an_error(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(BuildError):
        url_for("public.nowhere")
