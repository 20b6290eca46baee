"""The numbers in a box of booklets, from the first to the last."""

from __future__ import annotations

import pytest

from mpaspor.desk.refusals import NotABookletNumber, NotASerialRange
from mpaspor.desk.stock import BATCH_MOST, serials


def test_a_box_is_every_number_from_the_first_to_the_last() -> None:
    assert serials("X0000998", "x 0001001") == ["X0000998", "X0000999", "X0001000", "X0001001"]
    assert serials("AB123456", "AB123456") == ["AB123456"]
    assert len(serials("X0000001", f"X{BATCH_MOST:07d}")) == BATCH_MOST


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("X0000002", "X0000001"),
        ("X0000001", "Y0000002"),
        ("X000001", "X0000002"),
        ("X0000001", f"X{BATCH_MOST + 1:07d}"),
    ],
)
def test_what_is_no_box_is_refused(first: str, last: str) -> None:
    with pytest.raises(NotASerialRange):
        serials(first, last)


@pytest.mark.parametrize("typed", ["", "12", "X12", "PASPOR", "X12345678901"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotABookletNumber):
        serials(typed, "X0000001")
