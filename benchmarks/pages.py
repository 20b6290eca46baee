"""`start`, `calendar`, `mine`, `slots`, `slots_part`, `status_poll`, `board`: pages beside the bare page.

The bare page is this very page, handed out by a Flask application that does nothing else: see `bare.py`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from benchmarks import web
from benchmarks.bare import Bare, cookies_for
from benchmarks.compare import Compared, in_turns
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import Answer, Played, fetch, steady
from benchmarks.plain_page import as_template
from benchmarks.requests import address_of, get
from benchmarks.scene import Scene, Someone, busy_day
from benchmarks.stage import stage
from mpaspor.foundation import clock

_HTMX = {"HX_Request": "true"}
NOBODY = Someone(account_id=None, cookies={})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Page:
    """One address, who asks for it, how, and what is wanted of it beside the bare page."""

    path: Callable[[Someone], str]
    who: Callable[[Scene], Sequence[Someone]]
    aim: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    polls: bool = False

    def requests(self, port: int, scene: Scene, **headers: str) -> list[bytes]:
        """One request for each who asks, with the cookies of a browser that has seen a page before; those
        that poll first read which version they have, and not shortly before it becomes another by itself."""
        if self.polls:
            _past_a_change_of_version()
        asking = [
            (number, been_here(port, self.path(one), one)) for number, one in enumerate(self.who(scene))
        ]
        return [
            get(
                self.path(one) + (_version(port, self.path(one), one) if self.polls else ""),
                one.cookies, address=address_of(number), **self.headers, **headers,
            )
            for number, one in asking
        ]  # fmt: skip


def been_here(port: int, path: str, one: Someone) -> Someone:
    """The same person after a first page, whose answer may bring the session's cookie anew."""
    if not one.cookies:
        return one  # a phone without cookies stays one
    head = fetch(port, get(path, one.cookies)).head.decode()
    brought = dict(re.findall(r"^Set-Cookie: (\w+)=([^;\r]*)", head, flags=re.MULTILINE))
    return replace(one, cookies={**one.cookies, **brought})


def _past_a_change_of_version() -> None:
    """Time alone makes another version every five minutes: none of them falls into a measurement."""
    left = 300 - clock.now().timestamp() % 300
    if left < 10:
        time.sleep(left)


def _version(port: int, path: str, one: Someone) -> str:
    page = fetch(port, get(path, one.cookies, Accept_Encoding="identity")).body.decode()
    found = re.search(r"\?versi=\w+", page)
    if found is None:
        raise RuntimeError(f"{path} does not watch itself")
    return found[0]


def _slots_path(one: Someone) -> str:
    return f"/permohonan/{one.code}/jadwal"


PAGES: dict[str, Page] = {
    "start": Page(lambda _: "/", lambda _: [NOBODY], 1.5),
    "calendar": Page(lambda _: "/jadwal", lambda _: [NOBODY], 1.5),
    "mine": Page(lambda _: "/permohonan", lambda scene: scene.coming, 0.5),
    "slots": Page(_slots_path, lambda scene: scene.choosing, 0.5),
    "slots_part": Page(_slots_path, lambda scene: scene.choosing, 0.5, _HTMX),
    "status_poll": Page(
        lambda one: f"/permohonan/{one.code}",
        lambda scene: scene.coming,
        0.5,
        {**_HTMX, "X_Poll": "1"},
        polls=True,
    ),
    "board": Page(lambda _: "/petugas", lambda scene: scene.officers, 0.5),
}


@dataclass(frozen=True)
class _Asked:
    """One side: where it listens, what it is asked, and with which status it answers.

    It is asked anew for each measurement: what a page has seen, it has seen for five minutes at most.
    """

    port: int
    requests: Callable[[], list[bytes]]
    status: int

    def measure(self, connections: int, seconds: float) -> Played:
        return steady(self.port, self.requests(), connections, seconds).expect(self.status)


def run(name: str, *, quick: bool) -> Figure:
    """Answers per second with 32 and with 64 connections; the figure is the one that does worse."""
    page, seconds, rounds = PAGES[name], 0.2 if quick else 3.0, 1 if quick else 3
    with stage() as found:
        scene = busy_day(found)
        with web.product(found) as product:
            answer = _plain(product.port, page, scene)
            template, values = as_template(answer.body.decode())
            ours = _Asked(product.port, lambda: page.requests(product.port, scene), answer.status)
            with web.bare(found, Bare(template, values, answer.status)) as bare:
                floor = _Asked(bare.port, lambda: _bare_requests(scene), answer.status)
                _check_floor(fetch(bare.port, floor.requests()[0]), answer)
                compared = {count: _compare(ours, floor, count, seconds, rounds) for count in (32, 64)}
    return _figure(name, page, compared, len(answer.body))


def _plain(port: int, page: Page, scene: Scene) -> Answer:
    """The page as it is before it is compressed."""
    answer = fetch(port, page.requests(port, scene, Accept_Encoding="identity")[0])
    if answer.status != (204 if page.polls else 200):
        raise RuntimeError(f"the page answered {answer.status}")
    return answer


def _bare_requests(scene: Scene) -> list[bytes]:
    cookies = [cookies_for(one.account_id) for one in scene.choosing]
    return [get("/page", found, Accept_Encoding="identity") for found in cookies]


def _check_floor(bare: Answer, ours: Answer) -> None:
    """The bare page is the same page: same status, and as many bytes but for how a quote is written."""
    if bare.status != ours.status or abs(len(bare.body) - len(ours.body)) > 0.02 * len(ours.body) + 2:
        sizes = f"{len(bare.body)} of {len(ours.body)} bytes"
        raise RuntimeError(f"the bare page is another: {bare.status}, {sizes}")


def _compare(ours: _Asked, floor: _Asked, connections: int, seconds: float, rounds: int) -> Compared:
    for side in (ours, floor):
        side.measure(connections, seconds / 3)  # connections to the database, caches of templates
    return in_turns(
        lambda: ours.measure(connections, seconds), lambda: floor.measure(connections, seconds), rounds
    )


def _figure(name: str, page: Page, compared: dict[int, Compared], size: int) -> Figure:
    worst = min(compared.values(), key=lambda one: one.ratio)
    both = [
        f"{count} connections: {one.ours.rate:.0f}/s beside {one.floor.rate:.0f}/s, ratio {one.ratio:.2f}"
        for count, one in compared.items()
    ]
    return figure(
        name, worst.ours.rate, "pages/s", worst.floor.rate,
        client=max(one.client for one in compared.values()), aims=(Aim("ratio", page.aim),),
        details={"p50_s": worst.ours.p50, "p99_s": worst.ours.p99},
        notes=(*both, f"{size} bytes before compression"),
    )  # fmt: skip
