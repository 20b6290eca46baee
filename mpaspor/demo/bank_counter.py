"""The demo's pay page goes to the simulated bank's counter over HTTP, like any customer of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TIMEOUT = 18.0  # a bank that asks three times needs its time; htmx waits 20 s
# The counter is on this machine: a proxy meant for the outside must not get in between.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class BankClosed(Exception):
    """The simulated bank does not run, or gave no answer that can be read."""


@dataclass(frozen=True)
class BankOutcome:
    """What the bank tells its customer: `result` is paid, declined, returned, suspended or unreachable."""

    result: str
    message: str
    response_code: str
    ntb: str
    amount_rp: int
    channel: str


def channels(data_dir: Path) -> list[tuple[str, str]]:
    """The bank's ways to pay, as (code, name). Raises `BankClosed`."""
    found = _ask(data_dir, "/channels", None)
    try:
        return [(str(channel["code"]), str(channel["name"])) for channel in found]
    except (KeyError, TypeError) as exc:
        raise BankClosed("unreadable list of channels") from exc


def pay(data_dir: Path, billing_code: str, channel: str) -> BankOutcome:
    """Type a billing code at a channel and confirm. Raises `BankClosed`."""
    found = _ask(data_dir, "/payments", {"billingCode": billing_code, "channel": channel})
    try:
        return BankOutcome(
            result=str(found["result"]),
            message=str(found["message"]),
            response_code=str(found["response_code"]),
            ntb=str(found["ntb"]),
            amount_rp=int(found["amount_rp"]),
            channel=str(found["channel"]),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise BankClosed("unreadable outcome") from exc


def _ask(data_dir: Path, path: str, fields: dict[str, str] | None) -> Any:
    try:
        address = (data_dir / "bank" / "address").read_text().strip()
        request = urllib.request.Request(
            address + path,
            data=None if fields is None else json.dumps(fields).encode(),
            headers={"Content-Type": "application/json"},
        )
        with _DIRECT.open(request, timeout=_TIMEOUT) as response:
            return json.load(response)
    except (OSError, ValueError, urllib.error.URLError) as exc:
        raise BankClosed(type(exc).__name__) from exc
