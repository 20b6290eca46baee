"""One measured figure beside its floor, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Aim:
    """What is wanted of one number of a figure: `ratio`, `ratio_replay` or one of its details."""

    number: str
    bound: float
    at_most: bool = False

    def holds(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        return f"{self.number} {'≤' if self.at_most else '≥'} {self.bound:g}"


@dataclass(frozen=True)
class Figure:
    """A value and the floor of the same run: the least that the work could cost on this machine right now.

    `ratio` is value / floor, `ratio_replay` value / the same statements without the web. `client` is how busy
    the client was (CPU seconds a second). `details` are further numbers by name, `notes` for the reader.
    """

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    ratio_replay: float | None = None
    client: float | None = None
    aims: tuple[Aim, ...] = ()
    details: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def numbers(self) -> Mapping[str, float]:
        """Everything that an aim may speak of."""
        replay = {} if self.ratio_replay is None else {"ratio_replay": self.ratio_replay}
        return {"ratio": self.ratio, **replay, **self.details}

    @property
    def missed(self) -> list[str]:
        return [str(aim) for aim in self.aims if not aim.holds(self.numbers[aim.number])]

    def as_json(self) -> dict[str, object]:
        """The contract's fields, and only those that there are."""
        found = {"name": self.name, "value": self.value, "unit": self.unit, "floor": self.floor}
        more = {"client": self.client, "details": dict(self.details), "aims": [str(aim) for aim in self.aims]}
        present = {name: value for name, value in more.items() if value}
        return {**found, **self._ratios, **present, "missed": self.missed}

    @property
    def _ratios(self) -> dict[str, float]:
        return {name: value for name, value in self.numbers.items() if name.startswith("ratio")}

    @property
    def cells(self) -> list[str]:
        """Name, value, floor, ratio, aim, whether it is met."""
        aims = ", ".join(str(aim) for aim in self.aims)
        verdict = "" if not self.aims else "missed" if self.missed else "met"
        ratio = f"{self.ratio:.2f}" + (f" ({self.ratio_replay:.2f})" if self.ratio_replay is not None else "")
        return [self.name, f"{self.value:g} {self.unit}", f"{self.floor:g}", ratio, aims, verdict]

    @property
    def remarks(self) -> list[str]:
        """What stands below the table: details, how busy the client was, notes."""
        details = [f"{name} {value:g}" for name, value in self.details.items()]
        client = [] if self.client is None else [f"client {self.client:.2f} of a core"]
        return [*details, *client, *self.notes]


def figure(
    name: str, value: float, unit: str, floor: float, *, ratio_replay: float | None = None,
    client: float | None = None, aims: tuple[Aim, ...] = (), details: Mapping[str, float] | None = None,
    notes: tuple[str, ...] = (),
) -> Figure:  # fmt: skip
    """A figure, rounded to what can be told apart."""
    told = {key: round(number, 4) for key, number in (details or {}).items()}
    return Figure(
        name, round(value, 3), unit, round(floor, 3), round(value / floor, 4),
        None if ratio_replay is None else round(ratio_replay, 4),
        None if client is None else round(client, 3), aims, told, notes,
    )  # fmt: skip
