"""The names of `bin/bench`, what each measures, and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks import booking, pages
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
}
BENCHES: dict[str, Callable[..., Figure]] = {
    **{name: partial(pages.run, name) for name in pages.PAGES},
    "booking": booking.run,
}
