"""`search`: an officer looks somebody up by name and birth date, after some years and in a new installation.

Each search is counted and leaves an event, as in service; whoever is found is found alone (303).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from re import findall

from benchmarks.compare import in_turns
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import Played, fetch, once, play
from benchmarks.pages import been_here
from benchmarks.requests import get, post
from benchmarks.scene import Someone
from benchmarks.years import Side, years

_PATH = "/petugas/cari"
_BORN = date(1980, 1, 1)
_WORDS = "SATU DUA TIGA EMPAT LIMA ENAM TUJUH DELAPAN SEMBILAN SEPULUH".split()
_CONNECTIONS = 2


def run(*, quick: bool) -> Figure:
    """Milliseconds at the middle (p50) from the button to the answer."""
    presses, rounds = (4, 1) if quick else (40, 3)
    both = years(quick=quick)
    old, young = _searches(both.old), _searches(both.young)

    def measure(side: Side, searches: Sequence[bytes]) -> Played:
        visits = [once(search) for search in islice(cycle(searches), presses)]
        return play(side.web.port, visits, _CONNECTIONS).expect(303)

    for side, searches in ((both.old, old), (both.young, young)):
        measure(side, searches)
    compared = in_turns(lambda: measure(both.old, old), lambda: measure(both.young, young), rounds)
    return figure(
        "search", compared.ours.p50 * 1000, "ms", compared.floor.p50 * 1000, client=compared.client,
        aims=(Aim("ratio_p50", 1.5, at_most=True),),
        details={"ratio_p50": compared.ours.p50 / compared.floor.p50, "p99_s": compared.ours.p99},
    )  # fmt: skip


def _searches(side: Side) -> list[bytes]:
    """Each officer looks for each of these people; an hour allows sixty searches to each."""
    wanted = [one.code for one in side.scene.coming[: len(_WORDS)]]
    with side.found.owner() as connection:
        for number, (code, word) in enumerate(zip(wanted, _WORDS, strict=True)):
            connection.execute(
                "UPDATE application SET full_name = %s, birth_on = %s WHERE code = %s",
                (f"DICARI {word}", _BORN + timedelta(days=number), code),
            )
    officers = [_at_the_form(side, officer) for officer in side.scene.officers]
    people = [(word, _BORN + timedelta(days=number)) for number, word in enumerate(_WORDS)]
    return [
        _search(who, hidden, word, born)
        for word, born in people
        for who, hidden in officers
    ]  # fmt: skip


def _at_the_form(side: Side, officer: Someone) -> tuple[Someone, dict[str, str]]:
    who = been_here(side.web.port, _PATH, officer)
    page = fetch(side.web.port, get(_PATH, who.cookies, Accept_Encoding="identity")).body.decode()
    return who, dict(findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def _search(who: Someone, hidden: dict[str, str], word: str, born: date) -> bytes:
    birth = {
        "birth_on-day": str(born.day),
        "birth_on-month": str(born.month),
        "birth_on-year": str(born.year),
    }
    return post(_PATH, {**hidden, "wanted": f"dicari {word.lower()}", **birth}, who.cookies)
