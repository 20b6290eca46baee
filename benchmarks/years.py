"""Two installations side by side, each with its web processes: one that is years old, and one that is new.

What needs both shares them, since to make the old one takes minutes; they go when the command ends.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache

from benchmarks import web
from benchmarks.grown import LARGE, SMALL, grow
from benchmarks.scene import Scene, busy_day
from benchmarks.stage import Stage, stage
from benchmarks.web import Web


@dataclass(frozen=True)
class Side:
    """One installation on a busy day."""

    found: Stage
    scene: Scene
    web: Web


@dataclass(frozen=True)
class Years:
    """The same day, years apart."""

    old: Side
    young: Side


@cache
def years(*, quick: bool) -> Years:
    """Both of them, made once."""
    open_ones = ExitStack()
    atexit.register(open_ones.close)
    young = open_ones.enter_context(stage())
    scene = busy_day(young)
    new = Side(young, scene, open_ones.enter_context(web.product(young)))
    grown = open_ones.enter_context(stage())
    later = busy_day(grown)
    grow(grown, SMALL if quick else LARGE)
    return Years(Side(grown, later, open_ones.enter_context(web.product(grown))), new)
