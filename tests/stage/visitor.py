"""The one browser over Flask's client: it opens pages, fills in the forms that are there, looks at each."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, g
from flask import session as inner
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from tests.stage.accounts import PASSWORD, code_for
from tests.stage.cast import Person

GOOD = {
    "full_name": "Siti Rahmawati",
    "birth_on-day": "14",
    "birth_on-month": "8",
    "birth_on-year": "1996",
    "gender": "female",
    "email": "Siti.Rahma@Warga.example ",
    "phone": "0812 3456 7890",
    "password": PASSWORD,
    "terms": "y",
}


class Visitor:
    """A person with a browser. Every page that is shown has one heading, ids that are its own, and labels
    that lead to a field; what is asked by `get` and `post` is not looked at."""

    # A page of their half of the house: public ones carry no cookie, so no token of forms either.
    home = "/akun"

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse = client.get("/sehat/hidup")

    # What a person does.

    def opens(self, path: str, status: int = 200) -> Visitor:
        """Go there, and on to wherever that leads."""
        self.page = self.client.get(path)
        return self.then()._looks(status)

    def presses(self, action: str, **typed: str) -> Visitor:
        """Fill in and send the form with this action (a path; the query of the page's form is kept); stay
        with the first answer."""
        form = next(f for f in re.findall(r"<form.*?</form>", self.page.text, re.S) if _leads_to(f, action))
        found = re.search(r'action="([^"]+)"', form)
        assert found is not None
        self.page = self.client.post(html.unescape(found[1]), data={**_hidden(form), **typed})
        return self

    def then(self) -> Visitor:
        """Follow where the last answer leads."""
        before = []
        for _ in range(4):
            if self.page.status_code not in (302, 303):
                break
            before.append(self.page)
            self.page = self.client.get(self.page.headers["Location"])
        self.page.history = tuple(before)
        return self

    def sends(self, typed: Mapping[str, Any], status: int = 200, to: str | None = None) -> Visitor:
        """Fill in and send the page's form, with whatever hidden fields it has, and follow where it leads."""
        form = re.search(r'<form method="post"(?: action="([^"]*)")?.*?</form>', self.page.text, re.S)
        assert form is not None, "no form to send"
        address = to or html.unescape(form.group(1) or self.address)
        self.page = self.client.post(address, data={**_hidden(form.group()), **typed})
        return self.then()._looks(status)

    def reads(self, words: str) -> Visitor:
        assert words in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text)), words
        return self

    # The same without a page around it.

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def post(self, path: str, *, headers: Mapping[str, str] | None = None, **fields: Any) -> TestResponse:
        """Send a form as its page does, with a fresh key unless one is given."""
        form = {"csrf_token": self.token(), "kunci": secrets.token_urlsafe(8), **fields}
        return self.client.post(path, data=form, headers=headers, content_type="multipart/form-data")

    def token(self) -> str:
        """A CSRF token that fits this browser, as its pages carry it."""
        application, home = self.client.application, self.home
        with application.test_request_context(home), self.client.session_transaction(path=home) as session:
            inner.update(session)
            token = generate_csrf()
            session["csrf_token"] = inner["csrf_token"]
            g.pop("csrf_token", None)
            return str(token)

    # What stands on the page.

    @property
    def text(self) -> str:
        return html.unescape(self.page.text)

    @property
    def path(self) -> str:
        return self.page.request.path

    @property
    def address(self) -> str:
        """The whole address of the page, to come back to it."""
        return str(self.page.request.full_path).rstrip("?")

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.S)
        assert found is not None, self.address
        return re.sub(r"<[^>]+>", "", found[1]).strip()

    def _looks(self, status: int) -> Visitor:
        assert self.page.status_code == status, (self.address, self.page.status_code)
        page = self.page.text
        assert len(re.findall(r"<h1[ >]", page)) == 1, self.address
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), (self.address, sorted(i for i in ids if ids.count(i) > 1))
        for name in re.findall(r'<label for="([^"]+)"', page):
            assert name in ids, name
        return self


def _hidden(form: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def _leads_to(form: str, action: str) -> bool:
    found = re.search(r'action="([^"?]+)', form)
    return found is not None and found[1] == action


def visitor(app: Flask, who: Person | None = None) -> Visitor:
    """A visitor with a browser of their own, on which `who` is signed in."""
    return Visitor(who.at(app) if who else app.test_client())


def signs_up(guest: Visitor) -> Visitor:
    """Through the form and the code to the first own page."""
    guest.opens("/daftar").presses("/daftar", **GOOD).then()
    return guest.presses("/verifikasi", code=code_for()).then()
