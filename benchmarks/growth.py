"""`growth`: how long each page takes in an installation that is years old, beside one that is new."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks import web
from benchmarks.compare import Compared, in_turns
from benchmarks.figure import Aim, Figure, figure
from benchmarks.grown import LARGE, SMALL, grow
from benchmarks.load import Played, steady
from benchmarks.pages import NOBODY, PAGES, Page
from benchmarks.scene import Scene, Someone, busy_day
from benchmarks.stage import stage

_CONNECTIONS = 2  # one for each process: how long a page takes, not how many there are


def _of_case(rest: str = "") -> Callable[[Someone], str]:
    return lambda one: f"/permohonan/{one.code}{rest}"


def _coming(scene: Scene) -> list[Someone]:
    return scene.coming


def _choosing(scene: Scene) -> list[Someone]:
    return scene.choosing


# Beside those that have a name of their own.
_OTHERS: dict[str, Page] = {
    "offices": Page(lambda _: "/kantor", lambda _: [NOBODY]),
    "fees": Page(lambda _: "/info/biaya", lambda _: [NOBODY]),
    # From many addresses: the page counts how often one asks.
    "check": Page(lambda one: f"/cek?kode={one.code}", lambda scene: scene.coming * 60),
    "account": Page(lambda _: "/akun", _coming),
    "status": Page(_of_case(), _coming),
    "bill": Page(_of_case("/tagihan"), _coming),
    "move": Page(_of_case("/ubah-jadwal"), _coming),
    "tasks": Page(_of_case("/isi"), _choosing),
    "answers": Page(_of_case("/isi/periksa"), _choosing),
    "search_board": Page(lambda _: "/petugas?q=tamu", lambda scene: scene.officers),
    "door": Page(lambda _: "/petugas/hadir", lambda scene: scene.officers),
}


def run(*, quick: bool) -> Figure:
    """The page that slows down most: milliseconds at the middle (p50), grown beside empty."""
    seconds, rounds = (0.05, 1) if quick else (1.0, 3)
    with stage() as empty:
        scene = busy_day(empty)
        with web.product(empty) as young, stage() as grown:
            later = busy_day(grown)
            grow(grown, SMALL if quick else LARGE)
            with web.product(grown) as old:
                compared = {
                    name: _compare(page, old.port, later, young.port, scene, seconds, rounds)
                    for name, page in {**PAGES, **_OTHERS}.items()
                }
    slowing = {name: one.ours.p50 / one.floor.p50 for name, one in compared.items()}
    worst = max(slowing, key=slowing.__getitem__)
    return figure(
        "growth", compared[worst].ours.p50 * 1000, "ms", compared[worst].floor.p50 * 1000,
        client=max(one.client for one in compared.values()), aims=(Aim("ratio", 1.5, at_most=True),),
        details=slowing, notes=(f"the page that slows down most: {worst}",),
    )  # fmt: skip


def _compare(
    page: Page, old: int, later: Scene, young: int, scene: Scene, seconds: float, rounds: int
) -> Compared:
    status = 204 if page.polls else 200
    sides = [(old, page.requests(old, later)), (young, page.requests(young, scene))]

    def measure(port: int, requests: list[bytes]) -> Played:
        return steady(port, requests, _CONNECTIONS, seconds).expect(status)

    for side in sides:
        measure(*side)  # connections to the database, caches of templates
    ours, floor = (partial(measure, *side) for side in sides)
    return in_turns(ours, floor, rounds)
