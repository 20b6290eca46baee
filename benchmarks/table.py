"""Figures for a reader: a table at the terminal, a table for docs/PERFORMANCE.md, lines for a program."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from importlib.metadata import version

from benchmarks.figure import Figure
from mpaspor.foundation import clock

_HEAD = ["Name", "Value", "Floor", "Ratio", "Aim", ""]
_WIDTHS = (12, 22, 12, 12, 30, 0)


def as_text(figures: Iterable[Figure]) -> None:
    """A row each as it comes, with its remarks below."""
    print(_row(_HEAD), flush=True)
    for found in figures:
        print(_row(found.cells))
        for remark in found.remarks:
            print(f"{'':<{_WIDTHS[0]}}   {remark}", flush=True)


def as_json(figures: Iterable[Figure]) -> None:
    """One object a line."""
    for found in figures:
        print(json.dumps(found.as_json()), flush=True)


def as_markdown(figures: Iterable[Figure]) -> None:
    """A whole run, to be pasted into docs/PERFORMANCE.md."""
    print(f"{clock.now():%d %B %Y}, {_machine()}.\n")
    print(f"| {' | '.join([*_HEAD[:-1], 'Met', 'Beside'])} |")
    print("| --- | ---: | ---: | ---: | --- | --- | --- |")
    for found in figures:
        print(f"| `{found.name}` | {' | '.join([*found.cells[1:], '; '.join(found.remarks)])} |", flush=True)


def _row(cells: list[str]) -> str:
    return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def _machine() -> str:
    kind = f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}"
    programs = [f"{name} {version(name)}" for name in ("flask", "waitress", "sqlalchemy")]
    return f"{kind}, Python {platform.python_version()}, {', '.join(programs)}, embedded PostgreSQL"
