"""The names of `bin/bench`, what each measures, and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks import booking, first_paint, growth, pages, payments, race, rush, search
from benchmarks.figure import Figure

ABOUT = {
    "start": "the start page beside the bare page",
    "calendar": "the public calendar beside the bare page",
    "mine": "an applicant's list beside the bare page",
    "slots": "choosing an hour, the whole page, beside the bare page",
    "slots_part": "choosing an hour, the part that htmx swaps, beside the bare page",
    "status_poll": "a status page that asks whether anything is new, beside the bare page",
    "board": "the officers' board of the day beside the bare page",
    "booking": "check-outs on one hot hour beside two statements, and beside their own statements alone",
    "race": "two hundred people at once for a hundred places, beside the bare post",
    "rush": "ten thousand people for a hundred places: everybody gets an answer; memory before and after",
    "payments": "signed payments of a bank with the worker running, beside the bare call",
    "growth": "how long each page takes after some years, beside an installation that has just opened",
    "search": "an officer looks somebody up after some years, beside an installation that has just opened",
    "report": "the office in figures after some years, beside an installation that has just opened",
    "first_paint": "when a weak phone on a slow line shows the start page, beside its HTML alone",
}
BENCHES: dict[str, Callable[..., Figure]] = {
    **{name: partial(pages.run, name) for name in pages.PAGES},
    "booking": booking.run,
    "race": race.run,
    "rush": rush.run,
    "payments": payments.run,
    "growth": growth.run,
    "search": search.run,
    "report": growth.run_report,
    "first_paint": first_paint.run,
}
