"""The people of the rush: made by `bin/mpaspor demo crowd`, each reads the page of hours and presses once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from random import random
from re import findall
from typing import Any

from benchmarks.bare import HOUR, cookies_for
from benchmarks.load import Answer, Visit
from benchmarks.requests import address_of, get, post
from benchmarks.stage import Stage
from mpaspor.server.last_resort import RETRY_AFTER

_ROOT = Path(__file__).resolve().parent.parent
_GZIP = 31  # what zlib calls the gzip format


@dataclass
class Person:
    """One of the crowd. `outcome` is what they know in the end, `ended` when they learned it."""

    account_id: uuid.UUID
    code: str
    cookies: dict[str, str]
    address: str
    hour: uuid.UUID
    outcome: str | None = None
    ended: float = 0.0

    @property
    def _path(self) -> str:
        return f"/permohonan/{self.code}/jadwal"

    def page_of_hours(self) -> bytes:
        return get(self._path, self.cookies, address=self.address, Accept_Encoding="gzip")

    def visit(self, deadline: float) -> Visit:
        """The page of hours and then the button, each again while the house is busy (503) or breaks."""
        page = yield from _patiently(self.page_of_hours(), deadline)
        if page.status != 200:
            return
        self._keep_cookie(page)
        text = zlib.decompress(page.body, _GZIP).decode()
        hidden = dict(findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
        form = {**hidden, "slot": str(self.hour)}
        button = post(self._path, form, self.cookies, address=self.address)
        answer = yield from _patiently(button, deadline)
        self.outcome = {303: "place", 409: "full"}.get(answer.status)
        self.ended = time.perf_counter()

    def bare_visit(self, deadline: float) -> Visit:
        """The same at the floor."""
        cookies = cookies_for(self.account_id)
        yield from _patiently(get("/page", cookies, Accept_Encoding="identity"), deadline)
        yield from _patiently(post("/post", {"hour": str(HOUR)}, cookies), deadline)

    def _keep_cookie(self, page: Answer) -> None:
        for name, value in findall(rb"(?i)\r\nset-cookie: *([\w-]+)=([^;\r]*)", page.head):
            self.cookies[name.decode()] = value.decode()


def _patiently(request: bytes, deadline: float) -> Generator[bytes | float, Any, Answer]:
    """Ask until there is an answer; come again when the last words of a busy house say so."""
    while True:
        answer: Answer = yield request
        is_undecided = answer.status == 0 or answer.status >= 500
        if not is_undecided or time.perf_counter() > deadline:
            return answer
        yield RETRY_AFTER + random()


def crowd(found: Stage, count: int, hour: uuid.UUID) -> list[Person]:
    """So many of them, all with the same hour in mind."""
    environment = os.environ | found.environment
    command = [sys.executable, "-m", "mpaspor", "demo", "crowd", str(count), "--json"]
    made = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in made.stdout.splitlines()]
    return [
        Person(
            uuid.UUID(row["id"]),
            row["application"],
            {row["cookie_name"]: row["cookie"]},
            address_of(number),
            hour,
        )
        for number, row in enumerate(rows)
    ]
