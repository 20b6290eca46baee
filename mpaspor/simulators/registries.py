"""Pretend registers for the demo: they know nobody, and answer by the last four digits of a made-up NIK.

9901 is on the watch list, 9902 unknown to the population registry, 9903 has another name there; about 9904
neither answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpaspor.desk.registries import RegistryUnavailable, Subject
from mpaspor.desk.registry_rules import Finding, FindingKind

_SILENT = "9904"


class _Simulator:
    """Keeps the promise of `desk.registries.Source`. A test sets `is_down`, or after how many questions that
    took too long it answers."""

    known: Mapping[str, Finding] = {}

    def __init__(self, *, is_down: bool = False, slow_for: int = 0) -> None:
        self.is_down, self.slow_for = is_down, slow_for

    def ask(self, subject: Subject) -> Sequence[Finding]:
        """What the last four digits stand for."""
        digits = subject.nik[-4:]
        if self.slow_for > 0:
            self.slow_for -= 1
            raise RegistryUnavailable("simulated: too slow")
        if self.is_down or digits == _SILENT:
            raise RegistryUnavailable("simulated: down")
        return [self.known[digits]] if digits in self.known else []


class WatchListSimulator(_Simulator):
    """The pretend watch list."""

    known = {"9901": Finding(FindingKind.LISTED, "SIMULASI-CEGAH-0001")}


class PopulationSimulator(_Simulator):
    """The pretend population registry."""

    known = {
        "9902": Finding(FindingKind.NIK_UNKNOWN),
        "9903": Finding(FindingKind.DIFFERS, "full_name"),
    }
