"""Requests as bytes, the way a phone behind the proxy sends them; made before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

# What Chrome on Android says that it understands.
_COMPRESSED = "gzip, deflate, br, zstd"
NO_COOKIES: Mapping[str, str] = {}


def get(
    path: str, cookies: Mapping[str, str] = NO_COOKIES, *, address: str = "10.2.0.1", **headers: str
) -> bytes:
    """A page; `headers` have underscores for dashes. `Accept_Encoding="identity"` asks for it as it is."""
    sent = {"Accept": "text/html", "Accept-Encoding": _COMPRESSED, **_dashed(headers)}
    return _request("GET", path, cookies, address, sent, b"")


def post(
    path: str,
    fields: Mapping[str, str],
    cookies: Mapping[str, str] = NO_COOKIES,
    *,
    address: str = "10.2.0.1",
) -> bytes:
    """A form."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": _COMPRESSED}
    return _request("POST", path, cookies, address, sent, urlencode(fields).encode())


def call(
    path: str, body: bytes, headers: Mapping[str, str], cookies: Mapping[str, str] = NO_COOKIES
) -> bytes:
    """What another program sends: JSON with headers of its own."""
    sent = {"Content-Type": "application/json", **headers}
    return _request("POST", path, cookies, "10.2.0.1", sent, body)


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _request(
    method: str, path: str, cookies: Mapping[str, str], address: str, headers: Mapping[str, str], body: bytes
) -> bytes:
    lines = {"Host": "127.0.0.1", "X-Forwarded-For": address, **headers}
    if cookies:
        lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def address_of(number: int) -> str:
    """An address of one's own behind the proxy, for the limits that count by address."""
    return f"10.{10 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
