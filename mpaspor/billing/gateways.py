"""The treasury as we see it: it issues billing codes and, once a channel took the money, the NTPN.

The real host-to-host protocol (MPN G3, SIMPONI) is not public; an office that has it writes one class
that keeps this promise. The simulator in `mpaspor.simulators.treasury` keeps it too.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class TreasuryUnavailable(Exception):
    """The treasury did not answer, or not in a way that can be relied on: ask again later."""


@dataclass(frozen=True)
class TariffLine:
    """One item of a code request: what for and how much, in whole rupiah."""

    item: str
    amount_rp: int


@dataclass(frozen=True)
class IssuedCode:
    """A billing code of 15 digits and when the treasury issued it (aware, UTC)."""

    code: str
    issued_at: datetime


class Treasury(Protocol):
    """What we ask of the treasury. Every method may raise `TreasuryUnavailable`."""

    def request_code(
        self,
        bill_id: uuid.UUID,
        amount_rp: int,
        payer_name: str,
        lines: Sequence[TariffLine],
        now: datetime,
    ) -> IssuedCode:
        """The code for this bill. Asked twice for the same bill it answers the same code."""
        ...

    def cancel_code(self, code: str) -> None:
        """Take back a code, so that no channel accepts money for it. Doing so twice changes nothing."""
        ...

    def ntpn_for(self, code: str, ntb: str) -> str | None:
        """The NTPN (16 of A-Z0-9) of the money that a channel booked as `ntb`; None while not settled."""
        ...
