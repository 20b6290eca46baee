"""Deadlines for bytes on their way. They measure lack of progress, never the whole time.

A photo of 700 kB takes two minutes over a weak mobile network and is welcome; a connection on which next to
nothing moves only holds a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SPAN = 60.0  # seconds; long enough for a tunnel on the train
LEAST = 30_000  # bytes that every span must bring: a tenth of what the slowest mobile network does


@dataclass
class Pace:
    """Whether bytes still move. Begins anew whenever the other side is owed nothing."""

    since: float = 0.0
    moved: int = field(default=0)

    def begin(self, now: float) -> None:
        self.since, self.moved = now, 0

    def move(self, count: int) -> None:
        self.moved += count

    def has_stalled(self, now: float) -> bool:
        """Whether a whole span brought too little; each span is judged for itself."""
        if now - self.since < SPAN:
            return False
        stalled = self.moved < LEAST
        self.begin(now)
        return stalled
