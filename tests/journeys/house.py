"""The whole product as bin/serve runs it, on a database of its own, with a mail server that keeps all."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import make_url

from mpaspor.demo.cast import PASSWORD as DEMO_PASSWORD
from tests import postgres
from tests.live_web import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds: the machine may be busy with everything else
# What the log says when the program itself is at fault.
_FAULTS = {
    "unexpected",
    "database_error",
    "scan_failed",
    "lane_failed",
    "outbox_failed",
    "view_without_audience",
}
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

__all__ = ["DEMO_PASSWORD", "House", "Postbox", "open_house"]


@dataclass
class Postbox:
    """A mail server that keeps what came, and never sends anything on."""

    came: list[EmailMessage] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _read: set[int] = field(default_factory=set)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.content, policy=default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        with self._news:
            self.came.append(message)
            self._news.notify_all()
        return "250 OK"

    def wait_for(self, address: str, pattern: str) -> tuple[EmailMessage, re.Match[str]]:
        """The next unread mail to `address` whose subject and text hold `pattern`; reading marks it."""
        deadline = time.monotonic() + PATIENCE
        with self._news:
            while True:
                for number, message in enumerate(self.came):
                    found = re.search(pattern, f"{message['Subject']}\n{text_of(message)}")
                    if number not in self._read and message["To"] == address and found:
                        self._read.add(number)
                        return message, found
                if not self._news.wait(timeout=deadline - time.monotonic()):
                    have = [(message["To"], message["Subject"]) for message in self.came]
                    raise TimeoutError(f"no mail to {address} with {pattern!r}; there are {have}")

    def code_for(self, address: str) -> str:
        """The six digits that were mailed to this address and not read yet."""
        return self.wait_for(address, r"\b(\d{6})\b")[1][1]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


@dataclass
class House:
    """A running installation: where it is, what it wrote to its log, what it mailed, its database."""

    url: str
    data_dir: Path
    log: Path
    postbox: Postbox
    _urls: postgres.Urls
    # Who is signed in already: another code within the minute would have to wait.
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    def lines(self) -> list[dict[str, Any]]:
        """What the log says so far, one dictionary for each line."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line[:1] == "{"]

    def kept_to_itself(self, *secrets: str) -> None:
        """Complain when the log holds one of these, or says that something went wrong (abuse 47)."""
        log = self.log.read_text("utf-8")
        found = [secret for secret in secrets if secret in log or secret in log.replace(" ", "")]
        assert not found, f"in the log: {found}"
        wrong = [line for line in self.lines() if line["event"] in _FAULTS or line["level"] == "critical"]
        assert not wrong, wrong
        assert "Traceback" not in log, log[-3000:]

    def ask(self, sql: str, *values: object) -> Any:
        """One row of the database, to compare a page with what is true."""
        plain = make_url(self._urls.superuser).set(drivername="postgresql")
        with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
            return connection.execute(sql, values).fetchone()

    @property
    def signing_key(self) -> bytes:
        """The demo's own key, as its processes read it."""
        return base64.b64decode(json.loads((self.data_dir / "secrets.json").read_text())["signing"])

    def mpaspor(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of bin/mpaspor against this installation."""
        command = [sys.executable, "-P", "-m", "mpaspor", *words]
        return subprocess.run(command, env=self.environ(), capture_output=True, text=True, check=False)

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self._urls.app,
            "MPASPOR_OWNER_URL": self._urls.owner,
            "MPASPOR_DEMO": "1",
            "MPASPOR_DATA": str(self.data_dir),
            "PORT": self.url.rpartition(":")[2],
            **more,
        }


@contextmanager
def open_house(worker: str, folder: Path) -> Iterator[House]:
    """Start `serve` on a database of its own, with SMTP to a postbox here; stop all of it afterwards."""
    with postgres.database(f"{worker}_house") as urls, _mail_server() as (postbox, smtp_url):
        house = House(f"http://127.0.0.1:{free_port()}", folder / "var", folder / "log", postbox, urls)
        with house.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mpaspor", "serve"],
                env=house.environ(MPASPOR_SMTP_URL=smtp_url),
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
            try:
                _wait_until_ready(house, process)
                yield house
            finally:
                process.terminate()
                process.wait(timeout=PATIENCE)


@contextmanager
def _mail_server() -> Iterator[tuple[Postbox, str]]:
    postbox, port = Postbox(), free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox, f"smtp://127.0.0.1:{port}?from=paspor@kantor.example"
    finally:
        controller.stop()


def _wait_until_ready(house: House, process: subprocess.Popen[bytes]) -> None:
    """Web processes ready and the bank's counter open."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"serve ended with {process.returncode}:\n{house.log.read_text()[-3000:]}")
        try:
            with _DIRECT.open(f"{house.url}/sehat/siap", timeout=5):
                if (house.data_dir / "bank" / "address").exists():
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(house.url)
