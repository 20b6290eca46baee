"""The measured thing and its floor in turns (A B A B …): whatever else this machine does meets both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.load import Played

Run = Callable[[], Played]


@dataclass(frozen=True)
class Side:
    """The medians of one side's rounds: answers per second, seconds of waiting, how busy the client was."""

    rate: float
    p50: float
    p99: float
    client: float


@dataclass(frozen=True)
class Compared:
    """The measured thing beside its floor."""

    ours: Side
    floor: Side

    @property
    def ratio(self) -> float:
        return self.ours.rate / self.floor.rate

    @property
    def client(self) -> float:
        """How busy the client was where it was busiest."""
        return max(self.ours.client, self.floor.client)


def in_turns(ours: Run, floor: Run, rounds: int) -> Compared:
    """So many rounds of each, one after the other."""
    found = [(ours(), floor()) for _ in range(rounds)]
    return Compared(_side([one for one, _ in found]), _side([other for _, other in found]))


def _side(rounds: Sequence[Played]) -> Side:
    return Side(
        median(played.rate for played in rounds),
        median(played.wait(50) for played in rounds),
        median(played.wait(99) for played in rounds),
        median(played.busy for played in rounds),
    )
