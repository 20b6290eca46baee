"""One measured figure beside its floor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Figure:
    """A rate and the floor of the same run: the least that the work could cost on this machine right now.

    `ratio` is value / floor, `ratio_replay` value / the same statements without the web. `notes` are for
    the reader at the terminal.
    """

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    ratio_replay: float | None = None
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """The contract's fields; `ratio_replay` only where there is one."""
        found = asdict(self)
        del found["notes"]
        if self.ratio_replay is None:
            del found["ratio_replay"]
        return found

    def as_text(self) -> str:
        replay = f", {self.ratio_replay:.3f} of the replay" if self.ratio_replay is not None else ""
        head = f"{self.name:<8} {self.value:9.1f} {self.unit}, floor {self.floor:.1f}: ratio {self.ratio:.3f}"
        return "\n".join([head + replay, *(f"         {note}" for note in self.notes)])
