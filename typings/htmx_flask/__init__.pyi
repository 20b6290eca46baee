# What this project uses of htmx-flask 0.1, which is not marked as typed.
from typing import Any

from flask import Flask, Request
from flask.wrappers import Response

class HtmxHeaders:
    boosted: bool
    current_url: str | None
    history_restore_request: bool
    target: str | None
    trigger: str | None

    def __bool__(self) -> bool: ...

class HtmxRequest(Request):
    htmx: HtmxHeaders

class Htmx:
    def __init__(self, app: Flask | None = None) -> None: ...

request: HtmxRequest

def make_response(
    *args: Any,
    push_url: str | bool | None = None,
    redirect: str | None = None,
    refresh: bool = False,
    reswap: str | None = None,
    retarget: str | None = None,
    trigger: str | dict[str, Any] | None = None,
) -> Response: ...
