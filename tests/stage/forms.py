"""The forms of a page as a browser holds them: where each leads and what it would send, filled in validly."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.stage.desk import photo


@dataclass
class Form:
    """One form: its address and its fields, in the order of the page."""

    action: str
    fields: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def verb(self) -> str:
        """What the form does: the last part of its address that is no code."""
        return self.action.partition("?")[0].rstrip("/").rpartition("/")[2]

    def sent_by(self, client: FlaskClient, **typed: Any) -> TestResponse:
        """Send it as it stands, with these fields typed otherwise. Files are made anew for each sending."""
        filled = {name: typed.get(name, values) for name, values in self.fields.items()}
        data = {name: [_file(one) for one in values] for name, values in filled.items() if values}
        return client.post(self.action, data=data, content_type="multipart/form-data")


def _file(value: Any) -> Any:
    return (io.BytesIO(value), "foto.jpg") if isinstance(value, bytes) else value


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("method") == "post":
            self._open = Form(found.get("action") or "")
            self.forms.append(self._open)
        if self._open is None or not found.get("name"):
            return
        name, kind = str(found["name"]), found.get("type", "text")
        values = self._open.fields.setdefault(name, [])
        if tag == "textarea" or (tag == "input" and kind in ("text", "search", "tel")):
            values.append(found.get("value") or "Sesuai berkas")
        elif tag == "input" and kind == "file":
            values.append(photo())
        elif tag == "input" and (kind in ("hidden", "checkbox") or (kind == "radio" and not values)):
            values.append(found.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def forms_of(page: str) -> list[Form]:
    """Every form of a page that sends something."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
