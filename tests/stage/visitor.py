"""A person with a browser, before and after signing in: what the page tests of the account share."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.stage.accounts import PASSWORD, code_for

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
    """A person with a browser: reads pages, fills in the forms that are there, follows where they lead."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page: TestResponse = client.get("/sehat/hidup")

    def opens(self, path: str) -> Visitor:
        self.page = self.client.get(path)
        return self._follows()

    def sends(self, action: str, **typed: str) -> Visitor:
        """Fill in and send the form with this action (a path; the query of the page's form is kept)."""
        form = next(f for f in re.findall(r"<form.*?</form>", self.text, re.S) if _leads_to(f, action))
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        target = re.search(r'action="([^"]+)"', form)[1].replace("&amp;", "&")
        self.page = self.client.post(target, data={**hidden, **typed})
        return self

    def then(self) -> Visitor:
        return self._follows()

    def _follows(self) -> Visitor:
        for _ in range(4):
            if self.page.status_code not in (302, 303):
                break
            self.page = self.client.get(self.page.headers["Location"])
        return self

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def path(self) -> str:
        return self.page.request.path

    @property
    def address(self) -> str:
        """The whole address of the page, to come back to it."""
        return self.page.request.full_path

    @property
    def heading(self) -> str:
        return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.S)[1]).strip()


def _leads_to(form: str, action: str) -> bool:
    found = re.search(r'action="([^"?]+)', form)
    return found is not None and found[1] == action


def another(app: Flask) -> Visitor:
    """A visitor with a browser of their own."""
    return Visitor(app.test_client())


def signs_up(visitor: Visitor) -> Visitor:
    """Through the form and the code to the first own page."""
    visitor.opens("/daftar").sends("/daftar", **GOOD).then()
    return visitor.sends("/verifikasi", code=code_for()).then()
