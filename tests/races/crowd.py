"""Many applicants, each with a browser and an address of their own, who press the same button at once."""

from __future__ import annotations

import http.client
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from mpaspor.demo.cookies import cookie_for
from mpaspor.offices.models import Office
from tests.stage.cast import applicant
from tests.stage.drafts import ready_draft

_PATIENCE = 120.0  # seconds until a browser gives up; decides no test, only ends one that hangs
_BUSY_TRIES = 20


@dataclass(frozen=True)
class Answer:
    """What came back for one press of the button."""

    status: int
    location: str
    body: str


@dataclass
class Browser:
    """One applicant's browser, as far as it matters here: cookies, one form, one address behind the proxy."""

    url: str
    address: str
    code: str
    cookies: dict[str, str]
    page: str = "jadwal"
    form: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/permohonan/{self.code}/{self.page}"

    def open_form(self, slot_id: uuid.UUID | None = None) -> None:
        """Read the page and choose the hour, but do not send yet."""
        page = self._ask("GET", self.path)
        assert page.status == 200, (page.status, page.location)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.body))
        assert {"csrf_token", "kunci"} <= hidden.keys()
        self.form = {**hidden, "slot": str(slot_id)} if slot_id else hidden

    def press(self) -> Answer:
        """Send the form; when the house is busy (503), wait as it asks and send the same again."""
        for _ in range(_BUSY_TRIES):
            answer = self._ask("POST", self.path, urlencode(self.form))
            if answer.status != 503:
                return answer
            time.sleep(1)
        return answer

    def read(self, path: str) -> str:
        """A page as this person sees it."""
        return self._ask("GET", path).body

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=_PATIENCE)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            for name, value in re.findall(r"^(\w+)=([^;]*)", reply.getheader("Set-Cookie") or "", re.M):
                self.cookies[name] = value
            return Answer(reply.status, reply.getheader("Location") or "", reply.read().decode())
        finally:
            connection.close()


def crowd(url: str, office: Office, count: int, now: datetime) -> list[Browser]:
    """So many applicants with a complete draft, each signed in. Needs an application context."""
    return [_one(url, office, number, now) for number in range(count)]


def _one(url: str, office: Office, number: int, now: datetime) -> Browser:
    phone = f"+6281200{number:06d}"
    person = applicant(f"Warga {number}", f"warga{number}@contoh.example", now, phone=phone)
    case = ready_draft(person, office, f"16710141{number:08d}", now, phone=phone)
    name, value = cookie_for(person.token)
    return Browser(url, f"10.1.{number // 250}.{number % 250 + 1}", case.code, {name: value})


def together(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all of them at the same moment, each in a thread of its own; the answers in the same order."""
    start = threading.Barrier(len(acts))
    answers: dict[int, Answer] = {}

    def run(number: int) -> None:
        start.wait()
        answers[number] = acts[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(acts))]


def open_forms(browsers: Sequence[Browser], slot_id: uuid.UUID) -> None:
    """Let everybody reach the last page, a few at a time: what is raced for is the button."""
    waiting = iter(browsers)
    lock = threading.Lock()

    def read() -> None:
        while True:
            with lock:
                browser = next(waiting, None)
            if browser is None:
                return
            browser.open_form(slot_id)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert all(browser.form for browser in browsers)


def statuses(answers: Sequence[Answer]) -> dict[int, int]:
    return dict(Counter(answer.status for answer in answers))
