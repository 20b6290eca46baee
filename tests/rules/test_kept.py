"""What is made once for everybody: for how long, for whom anew, and what happens when many want it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mpaspor.foundation import clock
from mpaspor.foundation.kept import Kept

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def made() -> list[int]:
    return []


@pytest.fixture
def make(made: list[int]) -> Callable[[], int]:
    def one() -> int:
        made.append(len(made) + 1)
        return made[-1]

    return one


def test_it_is_made_once_while_it_is_fresh(make: Callable[[], int], made: list[int]) -> None:
    kept = Kept(60)
    assert [kept.get("a", make) for _ in range(3)] == [1, 1, 1]
    assert kept.get("b", make) == 2


def test_it_is_made_anew_when_its_time_is_over(
    make: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, at = Kept(1), [100.0]
    monkeypatch.setattr("mpaspor.foundation.kept.time.monotonic", lambda: at[0])
    assert kept.get("a", make) == 1
    at[0] += 0.9
    assert kept.get("a", make) == 1
    at[0] += 0.2
    assert kept.get("a", make) == 2


def test_who_has_just_done_something_sees_it(make: Callable[[], int]) -> None:
    kept = Kept(60)
    with clock.at(NOW):
        assert kept.get("a", make) == 1
    acted_at = NOW.timestamp()
    with clock.at(NOW + timedelta(seconds=1)):
        assert kept.get("a", make, since=acted_at) == 2
        assert kept.get("a", make, since=acted_at) == 2


def test_zero_seconds_keep_nothing(make: Callable[[], int]) -> None:
    kept = Kept(0)
    assert [kept.get("a", make), kept.get("a", make)] == [1, 2]


def test_what_could_not_be_made_is_not_kept(make: Callable[[], int]) -> None:
    kept = Kept(60)

    def fails() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        kept.get("a", fails)
    assert kept.get("a", make) == 1


def test_no_more_are_kept_than_there_is_room_for(make: Callable[[], int]) -> None:
    kept = Kept(60, most=2)
    for key in ("a", "b", "c"):
        kept.get(key, make)
    assert kept.get("c", make) == 3
    assert kept.get("a", make) == 4


def test_while_one_makes_it_anew_the_others_go_on_with_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, at = Kept(1), [100.0]
    monkeypatch.setattr("mpaspor.foundation.kept.time.monotonic", lambda: at[0])
    assert kept.get("a", lambda: "old") == "old"
    at[0] += 2
    began, may_end = threading.Event(), threading.Event()

    def slowly() -> str:
        began.set()
        assert may_end.wait(30)
        return "new"

    slow = threading.Thread(target=lambda: kept.get("a", slowly))
    slow.start()
    assert began.wait(30)
    assert kept.get("a", lambda: "never made") == "old"
    at[0] += 60
    assert kept.get("a", lambda: "their own") == "their own", "whoever makes it anew is stuck"
    may_end.set()
    slow.join(30)
    assert kept.get("a", lambda: "made later") == "made later", "it was begun a minute ago"
