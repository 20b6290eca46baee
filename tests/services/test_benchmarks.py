"""Every name of `bin/bench` runs and gives a figure beside its floor. How fast anything is, no test says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.first_paint import without_weight
from benchmarks.names import ABOUT, BENCHES
from benchmarks.plain_page import as_template

ROOT = Path(__file__).parents[2]


def bench(*words: str) -> str:
    command = [sys.executable, "-m", "benchmarks", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_without_a_name_it_lists_them() -> None:
    assert [line.split()[0] for line in bench().splitlines()] == list(BENCHES) == list(ABOUT)


def test_every_name_is_explained() -> None:
    text = (ROOT / "docs" / "PERFORMANCE.md").read_text("utf-8")
    assert [name for name in BENCHES if f"`{name}`" not in text] == []


# One of each kind: a page, an operation, a call of a bank. `bin/bench all --quick` runs every one.
@pytest.mark.long
@pytest.mark.real_clock
@pytest.mark.parametrize("name", ["slots", "booking", "payments"])
def test_a_bench_of_each_kind_runs(name: str) -> None:
    [line] = bench(name, "--quick", "--json").splitlines()
    found = json.loads(line)
    assert found["name"] == name
    assert found["value"] > 0 and found["floor"] > 0 and found["ratio"] > 0


def test_the_bare_page_shows_what_has_a_digit_as_a_value() -> None:
    page = '<p>Jam <b>08.00</b></p><script>if (1 < 2) { go("{{") }</script><i>5 &amp; 6</i>'
    template, values = as_template(page)
    assert values == ["08.00", "5 & 6"]
    assert template.count("values[") == 2 and "<script>if (1 < 2)" in template


def test_the_floor_of_the_first_paint_is_the_html_alone() -> None:
    page = (
        '<head><style>p { color: red }</style><link rel="icon" href="/mark.svg"></head><p>Jam</p>'
        '<link href="/site.css" rel="stylesheet"><script>go()</script><script src="/a.js"></script>'
    )
    assert without_weight(page) == '<head><link rel="icon" href="/mark.svg"></head><p>Jam</p>'
