"""Addresses that are the same for everybody are put together once.

A page has some ten links, a list of officers sixty, and Flask makes each anew out of its rules. One without
values never changes; one with a case's code is the same but for the code, which is not kept.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from mpaspor.foundation.columns import read_code
from mpaspor.web import language
from mpaspor.web.templates import SpokenEnvironment

_ANY_CODE = "00000000"


class Application(Flask):
    """Flask, with its addresses kept and its templates compiled once a language."""

    jinja_environment = SpokenEnvironment

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}
        self._around_codes: dict[str, tuple[str, str]] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:
        """As Flask's. Only what may carry no language with it is kept, and what stands below no prefix."""
        if not request or endpoint[0] == "." or request.script_root or language.choose() != "id":
            return super().url_for(endpoint, **values)
        if not values:
            found = self._addresses.get(endpoint)
            if found is None:
                found = self._addresses[endpoint] = super().url_for(endpoint)
            return found
        code = values.get("code")
        if len(values) == 1 and isinstance(code, str) and code.isascii() and code.isalnum():
            before, after = self._around_code(endpoint)
            return f"{before}{read_code(code)}{after}"
        return super().url_for(endpoint, **values)

    def _around_code(self, endpoint: str) -> tuple[str, str]:
        found = self._around_codes.get(endpoint)
        if found is None:
            before, _, after = super().url_for(endpoint, code=_ANY_CODE).partition(_ANY_CODE)
            found = self._around_codes[endpoint] = (before, after)
        return found
