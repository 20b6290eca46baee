"""Registers as we see them: each is asked about one person and answers with what it found.

None of the real protocols is public; whoever has the watch list or the population registry writes one class
that keeps this promise. The simulators in `mpaspor.simulators.registries` keep it too, and so does the search
in our own cases (`desk/find_duplicates.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from mpaspor.applications.rules import Need
from mpaspor.desk.registry_rules import Finding


class RegistryUnavailable(Exception):
    """The register did not answer, or not in a way that can be relied on: ask again later."""


@dataclass(frozen=True)
class Subject:
    """Whom a register is asked about; no more than it needs. `application_id` stays in the house."""

    application_id: uuid.UUID
    nik: str
    nik_lookup: bytes | None
    full_name: str
    birth_on: date | None
    need: Need | None


class Source(Protocol):
    """What we ask of a register. It gives up by itself within half a minute."""

    def ask(self, subject: Subject) -> Sequence[Finding]:
        """What is found about this person; nothing if all is well. Raises `RegistryUnavailable`."""
        ...


class NotConnected:
    """An installation without this register: it never answers, and the decision says so."""

    def ask(self, subject: Subject) -> Sequence[Finding]:
        raise RegistryUnavailable("not connected")
