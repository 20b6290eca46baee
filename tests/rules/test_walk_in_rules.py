"""Who belongs to a priority group, by the ages of the day; what of it is seen at the door."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mpaspor.applications.walk_in_rules import PROOFS, Ground, Proof, ages_fit


@dataclass
class Row:
    code: str
    least_age: int | None = None
    most_age: int | None = None


TODAY = [Row("child", most_age=5), Row("elderly", 60), Row("disability"), Row("pregnant")]


@pytest.mark.parametrize(
    ("ground", "age", "fits"),
    [
        (Ground.ELDERLY, 59, False),
        (Ground.ELDERLY, 60, True),
        (Ground.ELDERLY, 97, True),
        (Ground.CHILD, 5, True),
        (Ground.CHILD, 6, False),
        (Ground.DISABILITY, 17, True),
        (Ground.PREGNANT, 35, True),
        (Ground.ADMITTED, 35, True),
    ],
)
def test_a_group_has_its_ages(ground: Ground, age: int, fits: bool) -> None:
    assert ages_fit(ground, age, TODAY) is fits


def test_another_decree_moves_the_age() -> None:
    assert not ages_fit(Ground.ELDERLY, 64, [Row("elderly", 65)])


def test_a_group_that_no_row_names_is_not_served() -> None:
    assert not ages_fit(Ground.PREGNANT, 30, [Row("elderly", 60)])
    assert ages_fit(Ground.ADMITTED, 30, [])


def test_each_ground_has_a_proof_and_a_word_alone_is_the_supervisors() -> None:
    assert set(PROOFS) == set(Ground) and all(PROOFS.values())
    assert [ground for ground, proofs in PROOFS.items() if Proof.WORD in proofs] == [Ground.ADMITTED]
