"""The state has the money: the NTPN makes the bill settled and the receipt final (DOMAIN §6.3)."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.applications import transitions as cases
from mpaspor.applications.rules import LetterKind
from mpaspor.billing import transitions
from mpaspor.billing.rules import BillState
from mpaspor.foundation import events, outbox
from mpaspor.foundation.operations import operation


@operation
def settle(bill_id: uuid.UUID, ntpn: str, *, now: datetime) -> bool:
    """Write the NTPN on a paid bill and send the receipt; True if this call did it."""
    case_id = transitions.lock_case(bill_id)
    won = transitions.move(
        bill_id, {BillState.PAID}, BillState.SETTLED, actor=events.SYSTEM, now=now, ntpn=ntpn, settled_at=now
    )
    if won:
        cases.register_letter(case_id, LetterKind.RECEIPT, bill_id, now=now)
        outbox.about_case("receipt", case_id, ref=bill_id, dedupe_key=f"receipt:{bill_id}", now=now)
    return won
