"""A pretend bank: a stranger that takes money at its channels and tells us over SNAP, as a real one would.

It asks first (inquiry), takes the customer's money, writes its own journal, then calls payment. No clear
answer: the same external id and the same body again, then suspense. A refusal: the money goes back.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mpaspor.billing.snap.rules import SERVICE_ID_LENGTH, NotWholeRupiah, Service, amount_field, read_amount
from mpaspor.foundation import clock
from mpaspor.simulators.bank_client import WIB, Answer, NoAnswer, SnapClient
from mpaspor.simulators.bank_identity import BankIdentity
from mpaspor.simulators.bank_journal import Entry, EntryState, Journal

TRIES = 3
_WAITS = (0.3, 1.0)  # seconds between tries
_SUSPENDING = frozenset({429})
_NOT_FOUND = "4042601"  # the partner holds nothing of the payment and never will


@dataclass(frozen=True)
class Channel:
    """A way to pay, as the bank's partners see it. `number` is its SNAP channelCode."""

    code: str
    name: str
    number: int


CHANNELS = (
    Channel("atm", "ATM", 6011),
    Channel("m-banking", "Mobile banking", 6017),
    Channel("internet-banking", "Internet banking", 6014),
    Channel("teller", "Teller bank", 6010),
    Channel("dana", "DANA", 6012),
    Channel("linkaja", "LinkAja", 6012),
    Channel("tokopedia", "Tokopedia", 6012),
    Channel("bukalapak", "Bukalapak", 6012),
    Channel("pos", "Kantor Pos", 6012),
    Channel("indomaret", "Indomaret", 6012),
)


class Result(StrEnum):
    PAID = "paid"
    DECLINED = "declined"  # the inquiry said no: no money moved
    RETURNED = "returned"  # the payment was refused: the customer has the money back
    SUSPENDED = "suspended"  # no clear answer yet: the bank holds the money
    UNREACHABLE = "unreachable"  # not even asked: no money moved


@dataclass(frozen=True)
class Outcome:
    """What the customer is told at the channel. Amounts are whole rupiah."""

    result: Result
    response_code: str = ""
    message: str = ""
    ntb: str = ""
    amount_rp: int = 0
    payer: str = ""
    channel: str = ""


class Bank:
    """One bank with one partner."""

    def __init__(self, identity: BankIdentity, client: SnapClient, journal: Journal) -> None:
        self._identity = identity
        self._client = client
        self._journal = journal

    def pay(self, billing_code: str, channel: Channel) -> Outcome:
        """A customer types a billing code at a channel and confirms."""
        request_id = _digits(24)
        asked = {**self._triple(billing_code), "inquiryRequestId": request_id, "trxDateInit": _moment()}
        asked |= _channel_fields(channel)
        try:
            answer = self._client.call(Service.INQUIRY, _body(asked), _external_id())
            fields = answer.fields
            if answer.code != "2002400":
                return Outcome(Result.DECLINED, answer.code, _reason(fields), channel=channel.name)
            found = fields["virtualAccountData"]
            amount_rp = read_amount(found["totalAmount"])
        except (NoAnswer, NotWholeRupiah, KeyError, TypeError) as exc:
            return Outcome(Result.UNREACHABLE, message=str(exc), channel=channel.name)
        entry = self._debit(billing_code, channel, request_id, amount_rp)
        return self._tell(entry, payer=str(found.get("virtualAccountName", "")))

    def resend(self, ntb: str) -> Outcome:
        """Ask again about money in suspense: same external id, same body. Raises `KeyError`."""
        entry = self._journal.entry(ntb)
        if entry.state in (EntryState.DONE, EntryState.REVERSED):
            return _outcome(entry)
        return self._tell(entry)

    def clear_suspense(self, before: datetime) -> list[Outcome]:
        """Ask again about all money taken before then and not cleared."""
        return [self._tell(entry) for entry in self._journal.unfinished(before)]

    def _debit(self, billing_code: str, channel: Channel, request_id: str, amount_rp: int) -> Entry:
        ntb = _digits(12)
        amount = amount_field(amount_rp)
        body = {**self._triple(billing_code), "paymentRequestId": request_id, "paidAmount": amount}
        body |= {"totalAmount": amount, "trxDateTime": _moment(), "referenceNo": ntb, "flagAdvise": "N"}
        body |= _channel_fields(channel)
        entry = Entry(
            ntb,
            _external_id(),
            billing_code,
            channel.name,
            amount_rp,
            _body(body),
            EntryState.DEBITED,
            0,
            None,
        )
        self._journal.debit(entry, clock.now().astimezone(WIB))
        return entry

    def _tell(self, entry: Entry, payer: str = "") -> Outcome:
        """Call payment until something clear comes back, at most three times, then suspend."""
        answer: Answer | None = None
        state, tries = EntryState.SUSPENDED, 0
        while state is EntryState.SUSPENDED and tries < TRIES:
            if tries:
                time.sleep(_WAITS[tries - 1])
            tries += 1
            try:
                answer = self._client.call(Service.PAYMENT, entry.body, entry.external_id)
                state = _judge(answer)
            except NoAnswer:
                answer = None
        if state is EntryState.REVERSED:
            state = self._what_became_of(entry)
        return _outcome(self._journal.close(entry.ntb, state, answer.body if answer else None, tries), payer)

    def _what_became_of(self, entry: Entry) -> EntryState:
        """Ask for the status of a refused payment: a refusal may be about the call and not the money."""
        paid = json.loads(entry.body)
        asked = {**self._triple(entry.billing_code), "paymentRequestId": paid["paymentRequestId"]}
        try:
            answer = self._client.call(Service.STATUS, _body(asked), _external_id())
            if answer.code == _NOT_FOUND:
                return EntryState.REVERSED
        except NoAnswer:
            return EntryState.SUSPENDED
        is_told = 200 <= answer.http_status < 300
        return _judge(answer) if is_told else EntryState.SUSPENDED

    def _triple(self, billing_code: str) -> dict[str, Any]:
        service_id = self._identity.service_id.rjust(SERVICE_ID_LENGTH)
        return {
            "partnerServiceId": service_id,
            "customerNo": billing_code,
            "virtualAccountNo": service_id + billing_code,
        }


def _judge(answer: Answer) -> EntryState:
    """What a bank does with an answer to its payment (docs/BANKS.md): 2xx keep, other 4xx give back."""
    data = answer.fields.get("virtualAccountData")
    flag = data.get("paymentFlagStatus", "00") if isinstance(data, dict) else "00"
    if 200 <= answer.http_status < 300:
        return {"00": EntryState.DONE, "01": EntryState.REVERSED}.get(flag, EntryState.SUSPENDED)
    if 400 <= answer.http_status < 500 and answer.http_status not in _SUSPENDING:
        return EntryState.REVERSED
    return EntryState.SUSPENDED


def _outcome(entry: Entry, payer: str = "") -> Outcome:
    result = {EntryState.DONE: Result.PAID, EntryState.REVERSED: Result.RETURNED}.get(
        entry.state, Result.SUSPENDED
    )
    fields: dict[str, Any] = json.loads(entry.reply) if entry.reply else {}
    return Outcome(
        result,
        str(fields.get("responseCode", "")),
        _reason(fields),
        entry.ntb,
        entry.amount_rp,
        payer,
        entry.channel,
    )


def _reason(fields: dict[str, Any]) -> str:
    """The partner's own words for the customer, in Indonesian where it gives them."""
    data = fields.get("virtualAccountData")
    if isinstance(data, dict):
        for name in ("paymentFlagReason", "inquiryReason"):
            reason = data.get(name)
            if isinstance(reason, dict) and reason.get("indonesia"):
                return str(reason["indonesia"])
    return str(fields.get("responseMessage", ""))


def _channel_fields(channel: Channel) -> dict[str, Any]:
    return {"channelCode": channel.number, "additionalInfo": {"channel": channel.name}}


def _body(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def _moment() -> str:
    return clock.now().astimezone(WIB).isoformat(timespec="seconds")


def _digits(count: int) -> str:
    return f"{secrets.randbelow(10**count):0{count}d}"


def _external_id() -> str:
    return f"{clock.now().astimezone(WIB):%Y%m%d%H%M%S}{_digits(16)}"
