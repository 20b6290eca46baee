"""The pretend bank's side of SNAP: it signs, calls, and reports what came back."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from mpaspor.billing.snap import signing
from mpaspor.billing.snap.rules import Service
from mpaspor.foundation import clock
from mpaspor.simulators.bank_identity import BankIdentity

WIB = timezone(timedelta(hours=7), "WIB")
TIMEOUT = 4.0
_CHANNEL_ID = "95221"
_TOKEN_MARGIN = timedelta(seconds=60)
# A proxy meant for the outside must not get between two processes of this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NoAnswer(Exception):
    """Nothing came back in time, or nothing that could be read."""


@dataclass(frozen=True)
class Answer:
    """What the partner said."""

    http_status: int
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object. Raises `NoAnswer` when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError as exc:
            raise NoAnswer("unreadable body") from exc
        if not isinstance(value, dict) or not isinstance(value.get("responseCode"), str):
            raise NoAnswer("no responseCode")
        return value

    @property
    def code(self) -> str:
        """The seven digits. Raises `NoAnswer`."""
        return str(self.fields["responseCode"])


class SnapClient:
    """Calls one partner. `base_url` ends before `/snap`; its token is kept until shortly before its end."""

    def __init__(self, base_url: str, identity: BankIdentity, *, timeout: float = TIMEOUT) -> None:
        self._base = base_url.rstrip("/")
        self._prefix = urllib.parse.urlsplit(self._base).path
        self._identity = identity
        self._timeout = timeout
        self._token: tuple[str, datetime] | None = None
        self._lock = threading.Lock()

    def call(self, service: Service, body: bytes, external_id: str) -> Answer:
        """Sign and send; a token that the partner no longer knows is replaced once. Raises `NoAnswer`."""
        answer = self._signed(service, body, external_id, self._token_now())
        if answer.http_status == 401:
            with self._lock:
                self._token = None
            answer = self._signed(service, body, external_id, self._token_now())
        return answer

    def _signed(self, service: Service, body: bytes, external_id: str, token: str) -> Answer:
        path = f"{self._prefix}/snap{service.path}"
        timestamp = _timestamp()
        headers = {
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signing.sign_service(self._identity.secret, "POST", path, token, body, timestamp),
            "X-PARTNER-ID": self._identity.partner_id,
            "X-EXTERNAL-ID": external_id,
            "CHANNEL-ID": _CHANNEL_ID,
        }
        return self._post(service, body, headers)

    def _token_now(self) -> str:
        now = clock.now().astimezone(WIB)
        with self._lock:
            if self._token is None or self._token[1] <= now:
                timestamp = _timestamp()
                signed = signing.token_text(self._identity.partner_id, timestamp)
                headers = {
                    "X-TIMESTAMP": timestamp,
                    "X-CLIENT-KEY": self._identity.partner_id,
                    "X-SIGNATURE": signing.sign_rsa(self._identity.key, signed),
                }
                answer = self._post(Service.TOKEN, b'{"grantType":"client_credentials"}', headers)
                if answer.code != "2007300":
                    raise NoAnswer(f"no token: {answer.code}")
                ends = now + timedelta(seconds=int(answer.fields["expiresIn"])) - _TOKEN_MARGIN
                self._token = (str(answer.fields["accessToken"]), ends)
            return self._token[0]

    def _post(self, service: Service, body: bytes, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(
            f"{self._base}/snap{service.path}",
            data=body,
            headers={"Content-Type": "application/json"} | headers,
            method="POST",
        )
        try:
            with _DIRECT.open(request, timeout=self._timeout) as response:
                return Answer(response.status, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read())
        except OSError as exc:
            raise NoAnswer(str(exc)) from exc
        except Exception as exc:  # http.client raises its own family for an answer that is cut off
            raise NoAnswer(type(exc).__name__) from exc


def _timestamp() -> str:
    return clock.now().astimezone(WIB).isoformat(timespec="milliseconds")
