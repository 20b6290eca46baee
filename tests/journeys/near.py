"""The application of the test process itself behind a real port: a test holds its clock and operations."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import waitress
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from tests.stage.cast import Person


class Near:
    """A served application: its address, and the moment that its requests see."""

    def __init__(self, app: Flask, now: datetime) -> None:
        self.app, self.now = app, now
        self._server = waitress.create_server(self._answer, host="127.0.0.1", port=0, threads=4)
        self.url = f"http://127.0.0.1:{self._server.effective_port}"

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        with clock.at(self.now):
            return self.app(environ, start_response)

    def phone_of(self, who: Person, browser: Browser, *, scripts: bool = True) -> BrowserContext:
        """A phone on which this person is signed in."""
        context = browser.new_context(
            base_url=self.url,
            viewport={"width": 360, "height": 640},
            locale="id-ID",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(20_000)
        with self.app.test_request_context():
            name, value = cookie_for(who.token)
        context.add_cookies([{"name": name, "value": value, "url": self.url}])
        return context


@contextmanager
def served(app: Flask, now: datetime) -> Iterator[Near]:
    """The application answers real requests while the block lasts."""
    near = Near(app, now)
    threading.Thread(target=near._server.run, daemon=True).start()
    try:
        yield near
    finally:
        near._server.close()
