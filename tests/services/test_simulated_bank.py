"""The simulated bank against a partner that answers, refuses, fails or keeps silent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mpaspor.simulators import bank as bank_module
from mpaspor.simulators.bank import CHANNELS, Bank, Result
from mpaspor.simulators.bank_client import SnapClient
from mpaspor.simulators.bank_identity import load_or_make
from mpaspor.simulators.bank_journal import EntryState, Journal
from mpaspor.simulators.bank_server import counter

CODE = "820261123000001"
PAID = {"responseCode": "2002500", "virtualAccountData": {"paymentFlagStatus": "00"}}


class Partner:
    """A scripted partner: each payment takes the next answer of `script`; None hangs up."""

    def __init__(self) -> None:
        self.script: list[tuple[int, Any] | None] = []
        self.payments: list[tuple[str, bytes]] = []
        self.tokens = 0
        self.inquiry_code = "2002400"
        self.status: tuple[int, Any] | None = (404, {"responseCode": "4042601"})
        self.asked: list[dict[str, Any]] = []

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, Any] | None:
        if path.endswith("b2b"):
            self.tokens += 1
            return 200, {"responseCode": "2007300", "accessToken": f"t{self.tokens}", "expiresIn": "900"}
        if path.endswith("inquiry"):
            amount = {"value": "950000.00", "currency": "IDR"}
            data = {
                "totalAmount": amount,
                "virtualAccountName": "S***",
                "inquiryReason": {"indonesia": "Sudah"},
            }
            return int(self.inquiry_code[:3]), {"responseCode": self.inquiry_code, "virtualAccountData": data}
        if path.endswith("status"):
            self.asked.append(json.loads(body))
            return self.status
        self.payments.append((headers["X-EXTERNAL-ID"], body))
        return self.script.pop(0) if self.script else (200, PAID)


@pytest.fixture
def partner() -> Iterator[tuple[Partner, str]]:
    script = Partner()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = script.answer(self.path, self.headers, body)
            if answer is None:
                self.close_connection = True
                return
            status, fields = answer
            raw = fields if isinstance(fields, bytes) else json.dumps(fields).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield script, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def simulated(partner: tuple[Partner, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr(bank_module, "_WAITS", (0.0, 0.0))
    identity = load_or_make(tmp_path)
    return Bank(identity, SnapClient(partner[1], identity, timeout=60), Journal(tmp_path / "journal.sqlite3"))


def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite3")


def test_a_payment_is_in_the_journal_with_its_reply(
    simulated: Bank, partner: tuple[Partner, str], tmp_path: Path
) -> None:
    outcome = simulated.pay(CODE, CHANNELS[4])
    entry = journal(tmp_path).entry(outcome.ntb)
    assert (outcome.result, outcome.amount_rp, outcome.channel) == (Result.PAID, 950_000, "DANA")
    assert (entry.state, entry.tries, json.loads(entry.reply or b"")) == (EntryState.DONE, 1, PAID)
    body = json.loads(entry.body)
    assert body["virtualAccountNo"] == body["partnerServiceId"] + CODE
    assert len(body["partnerServiceId"]) == 8


def test_a_refused_inquiry_moves_no_money(
    simulated: Bank, partner: tuple[Partner, str], tmp_path: Path, now: datetime
) -> None:
    partner[0].inquiry_code = "4042414"
    outcome = simulated.pay(CODE, CHANNELS[0])
    assert (outcome.result, outcome.message) == (Result.DECLINED, "Sudah")
    assert partner[0].payments == []
    assert journal(tmp_path).unfinished(now + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "failure", [None, (500, {"responseCode": "5002500"}), (504, b"<html>"), (429, PAID), (200, b"")]
)
def test_no_clear_answer_is_asked_again_with_the_same_id_and_bytes(
    simulated: Bank, partner: tuple[Partner, str], failure: Any
) -> None:
    partner[0].script = [failure, failure]
    assert simulated.pay(CODE, CHANNELS[0]).result is Result.PAID
    assert len(partner[0].payments) == 3
    assert len(set(partner[0].payments)) == 1


def test_after_three_tries_the_money_waits_in_suspense_until_asked_again(
    simulated: Bank, partner: tuple[Partner, str], tmp_path: Path, now: datetime
) -> None:
    partner[0].script = [None] * 3
    outcome = simulated.pay(CODE, CHANNELS[0])
    assert outcome.result is Result.SUSPENDED
    assert simulated.clear_suspense(now - timedelta(minutes=1)) == []
    cleared = simulated.clear_suspense(now + timedelta(minutes=1))
    assert [each.result for each in cleared] == [Result.PAID]
    assert len(set(partner[0].payments)) == 1
    assert journal(tmp_path).entry(outcome.ntb).tries == 4
    assert simulated.resend(outcome.ntb).result is Result.PAID
    assert len(partner[0].payments) == 4


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409])
def test_a_refused_payment_goes_back_to_the_customer(
    simulated: Bank, partner: tuple[Partner, str], status: int
) -> None:
    partner[0].script = [(status, {"responseCode": f"{status}2500", "responseMessage": "No"})]
    assert simulated.pay(CODE, CHANNELS[0]).result is Result.RETURNED
    assert len(partner[0].payments) == len(partner[0].asked) == 1
    sent = json.loads(partner[0].payments[0][1])
    assert partner[0].asked[0]["paymentRequestId"] == sent["paymentRequestId"]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ((200, {"responseCode": "2002600", "virtualAccountData": {"paymentFlagStatus": "00"}}), Result.PAID),
        (
            (200, {"responseCode": "2002600", "virtualAccountData": {"paymentFlagStatus": "02"}}),
            Result.SUSPENDED,
        ),
        ((404, {"responseCode": "4042600"}), Result.SUSPENDED),
        ((403, {"responseCode": "4032601"}), Result.SUSPENDED),
        ((500, {"responseCode": "5002600"}), Result.SUSPENDED),
        (None, Result.SUSPENDED),
    ],
)
def test_a_refused_payment_is_asked_about_before_any_money_goes_back(
    simulated: Bank, partner: tuple[Partner, str], status: tuple[int, Any] | None, result: Result
) -> None:
    partner[0].script = [(409, {"responseCode": "4092500"})]
    partner[0].status = status
    assert simulated.pay(CODE, CHANNELS[0]).result is result
    assert len(partner[0].payments) == 1


def test_a_token_that_is_no_longer_known_is_replaced_once(
    simulated: Bank, partner: tuple[Partner, str]
) -> None:
    partner[0].script = [(401, {"responseCode": "4012501"})]
    assert simulated.pay(CODE, CHANNELS[0]).result is Result.PAID
    assert partner[0].tokens == 2


def test_a_partner_that_cannot_be_reached_costs_nobody_anything(tmp_path: Path) -> None:
    identity = load_or_make(tmp_path)
    closed = SnapClient("http://127.0.0.1:9", identity, timeout=60)
    assert Bank(identity, closed, journal(tmp_path)).pay(CODE, CHANNELS[0]).result is Result.UNREACHABLE


def test_the_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first = load_or_make(tmp_path / "bank")
    again = load_or_make(tmp_path / "bank")
    assert (again.secret, again.public_key_pem) == (first.secret, first.public_key_pem)
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "bank").iterdir()} == {0}


def test_the_counter_offers_every_channel_and_takes_json_only(simulated: Bank) -> None:
    client = counter(simulated).test_client()
    names = [channel["name"] for channel in client.get("/channels").get_json()]
    assert names == ["ATM", "Mobile banking", "Internet banking", "Teller bank", "DANA", "LinkAja",
                     "Tokopedia", "Bukalapak", "Kantor Pos", "Indomaret"]  # fmt: skip
    assert client.post("/payments", data={"billingCode": CODE, "channel": "atm"}).status_code == 415
    assert client.post("/payments", json={"billingCode": "abc", "channel": "atm"}).status_code == 400
    assert client.post("/payments", json={"billingCode": CODE, "channel": "kartu"}).status_code == 400
    assert (
        client.post("/payments", json={"billingCode": CODE, "channel": "atm"}).get_json()["result"] == "paid"
    )
    assert client.post("/payments/000/resend", json={}).status_code == 404
