"""A full day of an office in the browser, by keyboard and scanner alone, from the door to the passport.

People come hour by hour, some of them with a fate of their own, a few let in by a supervisor on another day
than theirs; eleven officers work at their counters at once. At the end it prints what a case cost in keys,
scans and pages. `MPASPOR_LONG=1 MPASPOR_DAY=100+20 bin/test -n0 -s tests/days` plays the day of a large
office; without a size a smaller one is played, by the same officers.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections import Counter
from collections.abc import Coroutine, Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import pytest
from flask import Flask
from playwright.async_api import async_playwright

from mpaspor.cli.audit import audit
from mpaspor.cli.check import breaches
from mpaspor.desk.receive_batch import receive_batch
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.broken_by_hand import sweep_files
from tests.days import people
from tests.days.hands import Hands, Spent
from tests.days.open_house import Day
from tests.days.people import Fate, Guest
from tests.journeys.near import Near, served
from tests.postgres import Urls

pytestmark = pytest.mark.browser
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A slow camera that is none; no pictures, which nobody looks at here; no renderer in reserve.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--blink-settings=imagesEnabled=false",
    "--disable-features=SpareRendererForSitePerProcess,Translate,MediaRouter,OptimizationHints",
    "--use-fake-device-for-media-stream=fps=5",
    "--use-fake-ui-for-media-stream",
]
R, F = Role, Fate
OFFICERS = (R.RECEPTION, R.SUPERVISOR, R.VERIFIER, R.VERIFIER, R.BIOMETRICS, R.INTERVIEWER, R.ADJUDICATOR)
OFFICERS += (R.ADJUDICATOR, R.PRINTER, R.QUALITY, R.HANDOVER)
BOOKED, OTHERS = map(int, os.environ.get("MPASPOR_DAY", "12+2").split("+"))
AN_HOUR = 8  # people who come in an hour, where the day is long enough
# A key or a page more than here is a step back. Beside what a station takes, each calls by N once at most,
# which loads a page where the board lay open.
PLAIN, ADMITTED, OTHERWISE = "as booked", "let in by a supervisor", "with a fate"
MOST = {
    PLAIN: Spent(keys=30, pages=8),
    ADMITTED: Spent(keys=37, pages=12),
    OTHERWISE: Spent(keys=80, pages=12),
}


@pytest.fixture
def near(app: Flask, now: datetime) -> Iterator[Near]:
    """Tuesday, ten minutes after midnight in Palembang."""
    sweep_files()
    with served(app, now.replace(hour=17, minute=10)) as running:
        yield running


def chromium() -> str:
    found = os.environ.get("MPASPOR_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        words = "NO BROWSER: the day was not played. Install Chromium, or set MPASPOR_CHROMIUM."
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    return found


@pytest.mark.long
def test_everybody_who_comes_is_served_to_their_end_without_a_mouse(
    app: Flask, near: Near, palembang: Office, database: Urls, now: datetime
) -> None:
    monday, tuesday, wednesday, thursday = (now + timedelta(days=days) for days in range(4))
    hours = people.hours_of(palembang, tuesday, wednesday)[: -(-BOOKED // AN_HOUR)]
    missed = people.hours_of(palembang, monday, tuesday)[0]
    elsewhen = [missed, people.hours_of(palembang, wednesday, thursday)[0]]
    guests = people.guests(palembang, hours, elsewhen, BOOKED, OTHERS, then=now - timedelta(days=4))
    day = Day(app, near, database.superuser, guests)
    in_a_thread(play(day))
    tell(day)
    assert day.clicks == 0
    assert [trouble for officer in day.officers for trouble in officer.hands.troubles] == []
    for way, costs in by_way(day).items():
        assert max(spent.keys for spent in costs) <= MOST[way].keys, way
        assert max(spent.pages for spent in costs) <= MOST[way].pages, way


def in_a_thread(story: Coroutine[Any, Any, None]) -> None:
    """Beside journeys, whose browser has a loop in this thread."""
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(story)
        except BaseException as error:
            wrong.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if wrong:
        raise wrong[0]


async def play(day: Day) -> None:
    with day.app.app_context():
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
            await day.passes(day.near.now + timedelta(hours=7, minutes=45))
            await day.employs(browser, *OFFICERS)
            count_in_a_box(day)
            await people_come(day)
            await booklets_are_made(day)
            await passports_are_fetched(day)
            await the_day_ends(day)
            await the_rest_ends_by_itself(day)
            day.clicks = sum([await officer.hands.clicks() for officer in day.officers])


def count_in_a_box(day: Day) -> None:
    [(supervisor,)] = day.rows("SELECT staff_id FROM staff_role WHERE role = 'supervisor'")
    receive_batch(
        supervisor, kind="electronic_laminated", first="X0000001", last="X0000500", now=day.near.now
    )


async def people_come(day: Day) -> None:
    await day.serves([guest for guest in day.guests if guest.fate is not F.NO_SHOW])
    asked = with_fate(day, F.SENT_HOME, F.NEVER_BACK)
    board = await reads_board(day)
    assert board["Menunggu berkas"] == len(asked) and board["Belum datang"] == len(with_fate(day, F.NO_SHOW))
    assert board["Cetak"] == with_a_passport(day) - len(with_fate(day, F.SENT_HOME))
    await day.passes(day.near.now + timedelta(minutes=25))
    await day.serves(with_fate(day, F.SENT_HOME))


async def booklets_are_made(day: Day) -> None:
    """Sheet by sheet; what fails its test is printed once more."""
    first = await day.prints()
    assert first.scans == with_a_passport(day)
    assert (await reads_board(day))["Cetak"] == len(with_fate(day, F.FLAWED))
    await day.passes(day.near.now + timedelta(minutes=25))
    await day.prints()
    assert (await reads_board(day))["Siap diambil"] == with_a_passport(day)


async def passports_are_fetched(day: Day) -> None:
    ended = (F.NO_SHOW, F.NEVER_BACK, F.REFUSED, F.DEFERRED, F.UNFETCHED)
    day.fetched = [guest for guest in day.guests if guest.fate not in ended]
    await day.serves(day.fetched)
    board = await reads_board(day)
    assert board["Siap diambil"] == len(with_fate(day, F.UNFETCHED))
    assert board["Menunggu berkas"] == len(with_fate(day, F.NEVER_BACK))
    assert board["Selesai"] == len(day.fetched) + len(with_fate(day, F.REFUSED, F.DEFERRED))


async def the_day_ends(day: Day) -> None:
    """After midnight at the office: who did not come is missed, nobody is in the house, figures are right."""
    midnight = day.near.now.replace(hour=17, minute=10)
    await day.passes(midnight)
    assert day.rows("SELECT 1 FROM presence WHERE left_at IS NULL") == []
    await day.sit_down()
    [supervisor] = day.of(R.SUPERVISOR)
    await supervisor.hands.goes_to("nav a[href$='/laporan']")
    await supervisor.hands.sends("Enter")
    figures = await reads_tables(supervisor.hands)
    came = [guest for guest in day.guests if guest.is_today and guest.fate is not F.NO_SHOW]
    [today] = [row for row in figures["Kuota per hari"] if "24 Nov" in row[0]]
    booked = sum(guest.is_today for guest in day.guests)
    assert today[2:] == [str(booked), str(len(came)), str(len(with_fate(day, F.NO_SHOW)))]
    turns = {row[0]: int(row[1]) for row in figures["Waktu per tahap"]}
    decided = len(day.guests) - len(with_fate(day, F.NO_SHOW, F.NEVER_BACK))
    assert (turns["Foto"], turns["Wawancara"], turns["Keputusan"]) == (decided, decided, decided)
    assert turns["Cetak"] == turns["Uji kualitas"]
    assert turns["Pengambilan"] == len(day.fetched)
    ends = {row[0]: int(row[2]) for row in figures["Penolakan dan penangguhan"]}
    assert sorted(ends.values()) == sorted(len(with_fate(day, fate)) for fate in (F.REFUSED, F.DEFERRED))
    [in_time] = figures["Janji siap"]
    assert in_time[1:] == ["0"]


async def the_rest_ends_by_itself(day: Day) -> None:
    """Nobody stays on a list without an end: papers that never come, a passport that nobody fetches."""
    await day.passes(day.near.now + timedelta(days=8), watched=False)
    await day.passes(day.near.now + timedelta(days=30), watched=False)
    ended = Counter(_END.get(guest.fate, "collected") for guest in day.guests)
    assert day.states() == dict(ended)
    assert day.rows("SELECT 1 FROM turn WHERE ended_at IS NULL") == []
    with clock.at(day.near.now):
        assert [str(breach) for breach in breaches(day.near.now)] == []
        proof = day.app.test_cli_runner().invoke(audit, ["verify"])
    assert proof.exit_code == 0 and "All sealed events verify." in proof.output, proof.output
    db.session.remove()


_END = {
    F.REFUSED: "refused",
    F.DEFERRED: "deferred",
    F.NO_SHOW: "missed",
    F.NEVER_BACK: "closed",
    F.UNFETCHED: "void",
}


def with_a_passport(day: Day) -> int:
    return len(day.guests) - len(with_fate(day, F.NO_SHOW, F.NEVER_BACK, F.REFUSED, F.DEFERRED))


def with_fate(day: Day, *fates: Fate) -> list[Guest]:
    return [guest for guest in day.guests if guest.fate in fates]


async def reads_board(day: Day) -> Counter[str]:
    """The supervisor goes to the board: how many stand at each station."""
    [supervisor] = day.of(R.SUPERVISOR)
    hands = supervisor.hands
    await hands.goes_to("nav a[href='/petugas']")
    await hands.sends("Enter")
    found = await hands.page.locator("nav.filters a").all_inner_texts()
    hands.spent()
    return Counter({" ".join(words[:-1]): int(words[-1]) for words in map(str.split, found)})


async def reads_tables(hands: Hands) -> dict[str, list[list[str]]]:
    """Every table of the page by its name, as rows of words."""
    found: dict[str, list[list[str]]] = {}
    for table in await hands.page.locator("table.desk").all():
        rows = [
            await row.locator("th, td").all_inner_texts() for row in await table.locator("tbody tr").all()
        ]
        found[await table.locator("caption").text_content() or ""] = rows
    return found


def tell(day: Day) -> None:
    """What each station and a whole case cost, printed."""
    print(f"\n{'':24}{'keys':>12}{'scans':>12}{'pages':>12}{'in place':>12}   median/most")
    for role in dict.fromkeys(role for _code, role in day.spent):
        print(told(str(role), [spent for (_code, by), spent in day.spent.items() if by is role]))
    for way, costs in by_way(day).items():
        print(told(way, costs))
    print(told("N in vain", [day.in_vain]))


def by_way(day: Day) -> dict[str, list[Spent]]:
    """What whole cases cost, by how they went; of those whose passport was fetched."""
    found: dict[str, list[Spent]] = {way: [] for way in MOST}
    for guest in day.fetched:
        way = OTHERWISE if guest.fate is not F.PLAIN else PLAIN if guest.is_today else ADMITTED
        found[way].append(sum_of(day, guest))
    return found


def sum_of(day: Day, guest: Guest) -> Spent:
    """All stations; the printer's one scan stands in the sheet of its batch."""
    return sum((spent for (code, _by), spent in day.spent.items() if code == guest.code), Spent(scans=1))


def told(name: str, of: list[Spent]) -> str:
    columns = ([getattr(spent, what) for spent in of] for what in ("keys", "scans", "pages", "parts"))
    return f"{name:24}" + "".join(f"{f'{median(one):g}/{max(one)}':>12}" for one in columns)
