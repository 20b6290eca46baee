"""Who may use a programme, and what of it holds on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from mpaspor.offices.programme_rules import Conditions, Errand, Unfit, version_on, why_not

_EXPIRY = Conditions(frozenset({Errand.NEW, Errand.EXPIRED}))
_SENIORS = Conditions(age_from=60)
_YOUTH = Conditions(age_from=17, age_to=25)


@pytest.mark.parametrize(
    ("conditions", "errand", "age", "expected"),
    [
        (Conditions(), Errand.NEW, 30, None),
        (Conditions(), None, None, None),
        (_EXPIRY, Errand.NEW, 30, None),
        (_EXPIRY, Errand.PAGES_FULL, 30, Unfit.ERRAND),
        (_EXPIRY, Errand.TO_ELECTRONIC, 30, Unfit.ERRAND),
        (_EXPIRY, None, 30, None),
        (_SENIORS, Errand.NEW, 59, Unfit.TOO_YOUNG),
        (_SENIORS, Errand.NEW, 60, None),
        (_SENIORS, Errand.NEW, None, None),
        (_YOUTH, Errand.NEW, 25, None),
        (_YOUTH, Errand.NEW, 26, Unfit.TOO_OLD),
        (Conditions(is_booked=False, is_walk_in=True), Errand.NEW, 30, Unfit.WALK_IN),
        (Conditions(is_booked=False), Errand.NEW, 30, Unfit.BY_REQUEST),
        (Conditions(is_walk_in=True), Errand.NEW, 30, None),  # both ways
    ],
)
def test_who_may_book(
    conditions: Conditions, errand: Errand | None, age: int | None, expected: Unfit | None
) -> None:
    assert why_not(conditions, errand, age) is expected


@dataclass(frozen=True)
class _Version:
    valid_from: date


def test_a_version_holds_until_the_next_one_begins() -> None:
    old, new = _Version(date(2026, 1, 1)), _Version(date(2026, 12, 1))
    assert version_on([new, old], date(2026, 11, 30)) is old
    assert version_on([new, old], date(2026, 12, 1)) is new
    assert version_on([new, old], date(2025, 12, 31)) is None
    assert version_on([], date(2026, 1, 1)) is None
