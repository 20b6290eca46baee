"""`docs/STATES.md` says what the code does: every arrow, every clock, every promise, in the same words."""

from __future__ import annotations

import importlib
import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from mpaspor.applications import rules as cases
from mpaspor.billing import rules as bills
from mpaspor.booking import rules as bookings
from mpaspor.cli.check import INVARIANTS
from mpaspor.config import Settings
from mpaspor.desk import queue_rules as turns

STATES = (Path(__file__).parents[2] / "docs" / "STATES.md").read_text("utf-8")
ARROW = re.compile(r"^\s*(\w+) --> (\w+)", re.MULTILINE)
UNITS = {"s": 1, "min": 60, "h": 3600, "days": 86400}


def section(number: str) -> str:
    """What stands below a numbered heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(number)}\.? .*?\n(.*?)(?=^#|\Z)", STATES, re.MULTILINE | re.DOTALL)
    assert found, number
    return found[1]


def drawn(number: str) -> list[tuple[str, str]]:
    """The arrows of the one diagram of a section; births, which come from `[*]`, are none."""
    [diagram] = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", section(number), re.DOTALL)
    return ARROW.findall(diagram)


def arrows(moves: Mapping[Any, Collection[Any]]) -> set[tuple[str, str]]:
    return {(str(old), str(new)) for old, allowed in moves.items() for new in allowed}


@pytest.mark.parametrize(
    ("number", "moves"),
    [
        ("1.1", cases.MOVES),
        ("1.2", {old: {new} for old, new in cases.STEPS_BACK.items()}),
        ("2", bookings.MOVES),
        ("3", bills.MOVES),
        ("4", bills.PAYMENT_MOVES),
        ("1.4", turns.TURN_MOVES),
    ],
)
def test_every_arrow_is_in_the_table_and_every_move_is_drawn(
    number: str, moves: Mapping[Any, Collection[Any]]
) -> None:
    found = drawn(number)
    assert len(found) == len(set(found))
    assert set(found) == arrows(moves)


def test_the_ends_are_the_states_from_which_no_arrow_leads() -> None:
    rows = re.findall(r"^\| (case|booking|bill|payment|turn) \|.*\| (.*) \|$", STATES, re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", ends)) for name, ends in rows}
    machines: dict[str, tuple[type[StrEnum], Mapping[Any, Any]]] = {
        "case": (cases.CaseState, cases.MOVES),
        "booking": (bookings.BookingState, bookings.MOVES),
        "bill": (bills.BillState, bills.MOVES),
        "payment": (bills.PaymentState, bills.PAYMENT_MOVES),
        "turn": (turns.TurnState, turns.TURN_MOVES),
    }
    assert told == {
        name: {str(state) for state in states if state not in moves}
        for name, (states, moves) in machines.items()
    }
    assert told["case"] == {str(state) for state in cases.ENDED}


def _clocks() -> list[tuple[str, str, str]]:
    """(file, name, default) of every clock."""
    found = []
    for line in section("6.1").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        where = re.search(r"`([\w./]+\.py): (\w+)`", cells[1]) if len(cells) == 5 else None
        if where:
            found.append((where[1], where[2], cells[2]))
    assert len(found) > 20
    return found


@pytest.mark.parametrize(("file", "name", "default"), _clocks())
def test_a_clock_has_the_default_that_the_code_has(file: str, name: str, default: str) -> None:
    if file == "config.py":
        value: Any = Settings.__dataclass_fields__[name].default
    else:
        module = importlib.import_module("mpaspor." + file.removesuffix(".py").replace("/", "."))
        if file.endswith("models.py"):
            value = module.Office.__table__.c[name].default.arg
        else:
            value = getattr(module, name)
    if default == "–":
        return  # it has no length of its own
    told = [int(number) for number in re.findall(r"\d+", default)]
    unit = UNITS.get(default.partition(" ")[2], 1)
    if isinstance(value, timedelta):
        value = int(value.total_seconds())
    assert value == (told[0] * unit if len(told) == 1 else tuple(number * unit for number in told))


def test_every_promise_of_check_is_told_under_its_number_and_no_other() -> None:
    told = {
        (int(number), line)
        for number in re.findall(r"^### 9\.(\d+) ", STATES, re.MULTILINE)
        for line in re.findall(r"^- (.*)$", section(f"9.{number}"), re.MULTILINE)
    }
    proved = set()
    for found in INVARIANTS:
        number, _, words = found.name.partition(". ")
        proved.add((int(number), words) if number.isdigit() else (12, found.name))
    assert told == proved
