"""What the worker asks of the treasury: a billing code, its cancellation, the NTPN."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from mpaspor.billing import queries as billing
from mpaspor.billing.gateways import TariffLine, Treasury, TreasuryUnavailable
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code, wait_for_treasury
from mpaspor.billing.rules import BillState
from mpaspor.billing.settle_bill import settle
from mpaspor.config import Settings
from mpaspor.correspondence.handlers import Handler
from mpaspor.foundation.database import db
from mpaspor.foundation.outbox_queue import Claimed, ComeBack

_ASK_AGAIN = 5.0
_LATE_CODE = timedelta(minutes=10)


class NoTreasury:
    """An installation that is not connected to a treasury: it waits, and says so in the failed list."""

    def request_code(self, *_: object) -> object:
        raise TreasuryUnavailable("no treasury is connected")

    cancel_code = ntpn_for = request_code


def treasury_of(settings: Settings) -> Treasury:
    """The treasury of this installation: the simulator in a demo, else none until one is connected."""
    if settings.demo:
        from mpaspor.simulators.treasury import TreasurySimulator

        return TreasurySimulator(settings.data_dir)
    return NoTreasury()  # type: ignore[return-value]


def treasury_handlers(treasury: Treasury) -> Mapping[str, Handler]:
    """The outbox kinds that go to the treasury, each with what to do."""
    return {
        "request_billing_code": partial(_request_code, treasury),
        "cancel_billing_code": partial(_cancel_code, treasury),
        "ask_ntpn": partial(_ask_ntpn, treasury),
    }


def _request_code(treasury: Treasury, row: Claimed, now: datetime) -> None:
    bill = db.session.get(Bill, row.ref)
    if bill is None or bill.state != BillState.REQUESTED:
        return
    lines = [TariffLine(line.item, line.amount_rp) for line in billing.lines(bill.id)]
    db.session.remove()
    try:
        issued = treasury.request_code(bill.id, bill.amount_rp, bill.payer_name, lines, now)
    except TreasuryUnavailable as exc:
        wait_for_treasury(bill.id, now=now)
        raise ComeBack(_ASK_AGAIN) from exc
    record_billing_code(bill.id, issued.code, issued.issued_at, now=now)


def _cancel_code(treasury: Treasury, row: Claimed, now: datetime) -> None:
    bill = db.session.get(Bill, row.ref)
    db.session.remove()
    if bill is None or bill.billing_code is None:
        # The code may still be on its way: asked for before the bill was closed.
        if bill is not None and now - row.created_at < _LATE_CODE:
            raise ComeBack(_ASK_AGAIN)
        return
    try:
        treasury.cancel_code(bill.billing_code)
    except TreasuryUnavailable as exc:
        raise ComeBack(_ASK_AGAIN) from exc


def _ask_ntpn(treasury: Treasury, row: Claimed, now: datetime) -> None:
    bill = db.session.get(Bill, row.ref)
    paid = billing.accepted_payment(row.ref)
    db.session.remove()
    if bill is None or bill.billing_code is None or paid is None or bill.state != BillState.PAID:
        return
    try:
        ntpn = treasury.ntpn_for(bill.billing_code, paid.ntb)
    except TreasuryUnavailable as exc:
        raise ComeBack(_ASK_AGAIN) from exc
    if ntpn is None:
        waited = (now - row.created_at).total_seconds()
        raise ComeBack(min(300.0, _ASK_AGAIN + waited / 4))
    settle(bill.id, ntpn, now=now)
