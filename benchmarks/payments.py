"""`payments`: signed payments of a bank, with the worker running, beside the bare call."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from benchmarks import web
from benchmarks.bare import Bare, cookies_for
from benchmarks.check_outs import expect_clean, hot_hours
from benchmarks.compare import in_turns
from benchmarks.figure import Aim, Figure, figure
from benchmarks.load import Played, once, play
from benchmarks.people import Ready, ready
from benchmarks.race import reset_hour
from benchmarks.requests import NO_COOKIES, call
from benchmarks.stage import Stage, stage
from mpaspor.billing.check_out import check_out
from mpaspor.billing.gateways import TariffLine
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.snap import partners, signing
from mpaspor.billing.snap.rules import Service
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.simulators.treasury import TreasurySimulator
from tests.stage.banks import SECRET, bank_key, next_external_id, payment_fields, public_pem

_BANK = "BANKUJI"
_PATH = f"/snap{Service.PAYMENT.path}"
_CONNECTIONS = 16
_ENOUGH = 1_000_000


def run(*, quick: bool) -> Figure:
    """Payments per second, each the first for its bill, each answered that the money is ours."""
    count, rounds = (6, 1) if quick else (240, 3)
    with stage() as found:
        [hour] = hot_hours(found.office, 1, _ENOUGH)
        payers = ready(found.office, count * (rounds + 1), clock.now())
        owed = [_owing(found, one, hour) for one in payers]
        bank = _Bank.registered()
        waiting = iter([owed[n : n + count] for n in range(0, len(owed), count)])
        cookies = cookies_for(payers[0].account_id)
        reset_hour(found, _ENOUGH)
        with web.product(found, worker=True) as product, web.bare(found, Bare(secret=SECRET)) as bare:

            def ours() -> Played:
                calls = [bank.pays(_PATH, one) for one in next(waiting)]
                return play(product.port, [once(request) for request in calls], _CONNECTIONS).expect(200)

            def floor() -> Played:
                calls = [bank.pays("/call", one, cookies) for one in owed[:count]]
                return play(bare.port, [once(request) for request in calls], _CONNECTIONS).expect(200)

            ours(), floor()  # connections to the database
            compared = in_turns(ours, floor, rounds)
        expect_clean({hour: len(owed)})
    return figure(
        "payments", compared.ours.rate, "payments/s", compared.floor.rate, client=compared.client,
        aims=(Aim("ratio", 0.5),), details={"p50_s": compared.ours.p50, "p99_s": compared.ours.p99},
        notes=(f"{_CONNECTIONS} at once; the worker makes their letters meanwhile",),
    )  # fmt: skip


@dataclass(frozen=True)
class _Owed:
    """What one applicant has to pay, and under which code."""

    billing_code: str
    amount_rp: int

    def as_payment(self) -> bytes:
        return json.dumps(payment_fields(self.billing_code, self.amount_rp)).encode()


def _owing(found: Stage, one: Ready, hour: uuid.UUID) -> _Owed:
    """Check out, and get a code from the demo's treasury, by the operations themselves."""
    now = clock.now()
    check_out(one.account_id, [(one.code, hour)], now=now)
    bill = db.session.scalars(select(Bill).where(Bill.application_id == one.case_id)).one()
    db.session.remove()
    lines = [TariffLine(bill.kind, bill.amount_rp)]
    issued = TreasurySimulator(found.data_dir).request_code(
        bill.id, bill.amount_rp, bill.payer_name, lines, now
    )
    record_billing_code(bill.id, issued.code, issued.issued_at, now=now)
    return _Owed(issued.code, bill.amount_rp)


@dataclass(frozen=True)
class _Bank:
    """A partner with its token."""

    token: str

    @classmethod
    def registered(cls) -> _Bank:
        now = clock.now()
        pem = public_pem(bank_key())
        partner = partners.register_partner(
            _BANK, name="Bank Uji", secret=SECRET, public_key_pem=pem, now=now
        )
        return cls(partners.issue_token(partner, now=now))

    def pays(self, path: str, owed: _Owed, cookies: Mapping[str, str] = NO_COOKIES) -> bytes:
        """A signed call that brings the money."""
        body, timestamp = (
            owed.as_payment(),
            clock.now().astimezone(ZoneInfo(HOME_ZONE)).isoformat("T", "seconds"),
        )
        headers = {
            "Authorization": f"Bearer {self.token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signing.sign_service(SECRET, "POST", path, self.token, body, timestamp),
            "X-PARTNER-ID": _BANK,
            "X-EXTERNAL-ID": next_external_id(),
            "CHANNEL-ID": "95221",
        }
        return call(path, body, headers, cookies)
