"""Bills and payments: their states and clocks. Pure. Amounts are integer rupiah."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class BillState(StrEnum):
    REQUESTED = "requested"
    PAYABLE = "payable"
    PAID = "paid"
    SETTLED = "settled"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    REVERSED = "reversed"


class PaymentState(StrEnum):
    ACCEPTED = "accepted"
    SUSPENSE = "suspense"
    REFUNDED = "refunded"
    REVERSED = "reversed"


L = BillState
P = PaymentState

MOVES: Mapping[BillState, frozenset[BillState]] = {
    L.REQUESTED: frozenset({L.PAYABLE, L.LAPSED, L.CANCELLED}),
    L.PAYABLE: frozenset({L.PAID, L.LAPSED, L.CANCELLED}),
    L.LAPSED: frozenset({L.PAID}),  # late money is real money
    L.CANCELLED: frozenset({L.PAID}),
    L.PAID: frozenset({L.SETTLED, L.REVERSED}),
    L.SETTLED: frozenset({L.REVERSED}),
}
PAYMENT_MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    P.SUSPENSE: frozenset({P.ACCEPTED, P.REFUNDED}),
    P.ACCEPTED: frozenset({P.REVERSED, P.REFUNDED}),
}
OPEN = (L.REQUESTED, L.PAYABLE)
PAID = (L.PAID, L.SETTLED)

# An account holds one unpaid hour at a time, until families check out together: a hoard costs an account
# and a proved address for each place. Two that came to nothing within a day, then a wait.
OPEN_BILLS_AT_ONCE = 1
UNPAID_ALLOWED = 2
UNPAID_ALLOWED_PER_PHONE = 6
UNPAID_WINDOW = timedelta(hours=24)


def payment_deadline(issued_at: datetime, visit_at: datetime, window: timedelta) -> datetime:
    """Until when applicant and bank see the bill as payable: never past the visit (STATES §6.1)."""
    return min(issued_at + window, visit_at)


def lapse_moment(pay_until: datetime, grace: timedelta) -> datetime:
    """When bill, booking and case lapse together: the grace lets money that is on its way arrive."""
    return pay_until + grace


def booked_at(said: datetime, issued_at: datetime | None, now: datetime) -> datetime:
    """When money counts as paid: as the bank says, but never before its code was there, nor in the future.

    A clock gone wrong or a zero date would else stand on the receipt and in another day's books.
    """
    return min(max(said, issued_at or said), now)


LONGEST_NTB = 15  # characters, as banks' slips and the treasury's forms have room for


def printed_ntb(ntb: str, request_id: str) -> str | None:
    """The bank's number as an NTB may be printed, or None.

    A bank without a number of its own is booked under its request id, some send a long reference: both tell
    money apart, but whoever types them where an NTB is asked for finds nothing.
    """
    return None if ntb == request_id or len(ntb) > LONGEST_NTB else ntb
