"""The application of the test process itself behind a real port: a test holds its clock and operations."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import waitress
from flask import Flask
from playwright.sync_api import Browser, Page

from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from tests.journeys.visitor import Visitor
from tests.stage.cast import Person


class Near:
    """A served application: its address, and the moment that its requests see."""

    def __init__(self, app: Flask, now: datetime) -> None:
        self.app, self.now = app, now
        self.is_down = False  # then whatever stands in front of a server answers in its place
        self._server = waitress.create_server(self._answer, host="127.0.0.1", port=0, threads=4)
        self.url = f"http://127.0.0.1:{self._server.effective_port}"

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.is_down:
            start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"502 Bad Gateway"]
        with clock.at(self.now):
            return self.app(environ, start_response)

    @contextmanager
    def phone_of(self, who: Person, browser: Browser, *, scripts: bool = True) -> Iterator[Page]:
        """A phone on which this person is signed in. What goes wrong on its pages is the test's own story."""
        phone = Visitor(browser, self, scripts=scripts)
        with self.app.test_request_context():
            name, value = cookie_for(who.token)
        phone.context.add_cookies([{"name": name, "value": value, "url": self.url}])
        yield phone.page
        phone.leave()


@contextmanager
def served(app: Flask, now: datetime) -> Iterator[Near]:
    """The application answers real requests while the block lasts."""
    near = Near(app, now)
    threading.Thread(target=near._server.run, daemon=True).start()
    try:
        yield near
    finally:
        near._server.close()
