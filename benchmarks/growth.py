"""`growth`: how long each page takes in an installation that is years old, beside one that is new.

`report` is one of these pages with a figure of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from benchmarks.compare import Compared, in_turns
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import Played, steady
from benchmarks.pages import NOBODY, PAGES, Page
from benchmarks.scene import Scene, Someone
from benchmarks.years import Side, Years, years

_CONNECTIONS = 2  # one for each process: how long a page takes, not how many there are


def _of_case(rest: str = "") -> Callable[[Someone], str]:
    return lambda one: f"/permohonan/{one.code}{rest}"


def _coming(scene: Scene) -> list[Someone]:
    return scene.coming


def _choosing(scene: Scene) -> list[Someone]:
    return scene.choosing


def _at_the_desk(rest: str) -> Page:
    return Page(lambda _: f"/petugas{rest}", lambda scene: scene.officers)


# Beside those that have a name of their own.
_OTHERS: dict[str, Page] = {
    "offices": Page(lambda _: "/kantor", lambda _: [NOBODY]),
    "fees": Page(lambda _: "/info/biaya", lambda _: [NOBODY]),
    # From many addresses, since the page counts how often one asks; nobody needs to be signed in for it.
    "check": Page(
        lambda one: f"/cek?kode={one.code}",
        lambda scene: [replace(one, cookies={}) for one in scene.coming] * 60,
    ),
    "account": Page(lambda _: "/akun", _coming),
    "status": Page(_of_case(), _coming),
    "bill": Page(_of_case("/tagihan"), _coming),
    "openings": Page(_of_case("/dibuka"), _coming),
    "move": Page(_of_case("/ubah-jadwal"), _coming),
    "tasks": Page(_of_case("/isi"), _choosing),
    "answers": Page(_of_case("/isi/periksa"), _choosing),
    "search_board": _at_the_desk("?q=tamu"),
    "door": _at_the_desk("/hadir"),
    "look_up": _at_the_desk("/cari"),
    "pickup": _at_the_desk("/ambil"),
    "print": _at_the_desk("/cetak"),
    "stock": _at_the_desk("/stok"),
    "team": _at_the_desk("/tim"),
    "failed_messages": _at_the_desk("/pesan-gagal"),
}
_REPORTS: dict[str, Page] = {
    "report": _at_the_desk("/laporan"),
    "report_csv": _at_the_desk("/laporan/angka.csv"),
    "report_xlsx": _at_the_desk("/laporan/angka.xlsx"),
    "report_chart": _at_the_desk("/laporan/kuota.svg"),
}
_AIMS = (Aim("ratio", 1.5, at_most=True),)


def run(*, quick: bool) -> Figure:
    """The page that slows down most: milliseconds at the middle (p50), grown beside empty."""
    return _slowest("growth", {**PAGES, **_OTHERS}, quick=quick)


def run_report(*, quick: bool) -> Figure:
    """The report of the last thirty days as page, files and chart; of a new installation it has no rows."""
    return _slowest("report", _REPORTS, quick=quick)


def _slowest(name: str, pages: Mapping[str, Page], *, quick: bool) -> Figure:
    both, seconds, rounds = years(quick=quick), 0.05 if quick else 1.0, 1 if quick else 3
    compared = {each: _compare(page, both, seconds, rounds) for each, page in pages.items()}
    slowing = {each: one.ours.p50 / one.floor.p50 for each, one in compared.items()}
    worst = max(slowing, key=slowing.__getitem__)
    took = ", ".join(f"{each} {one.ours.p50 * 1000:.0f}" for each, one in compared.items())
    return figure(
        name, compared[worst].ours.p50 * 1000, "ms", compared[worst].floor.p50 * 1000,
        client=max(one.client for one in compared.values()), aims=_AIMS, details=slowing,
        notes=(f"the page that slows down most: {worst}", f"milliseconds after some years: {took}"),
    )  # fmt: skip


def _compare(page: Page, both: Years, seconds: float, rounds: int) -> Compared:
    status = 204 if page.polls else 200

    def side(which: Side) -> Callable[[], Played]:
        port, requests = which.web.port, page.requests(which.web.port, which.scene)
        measure = partial(steady, port, requests, _CONNECTIONS, seconds)
        measure().expect(status)  # connections to the database, caches of templates
        return lambda: measure().expect(status)

    return in_turns(side(both.old), side(both.young), rounds)
