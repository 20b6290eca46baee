"""The words of our SNAP replies, as bytes that are stored and sent unchanged. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mpaspor.billing.snap.rules import Identity, Outcome, Service, amount_field

BILL_NAME = "PASPOR RI"

# What the bank shows to its customer, in the two languages that SNAP asks for.
_REASONS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.SUCCESSFUL: ("Success", "Sukses"),
    Outcome.INVALID_BILL: ("Bill not found", "Tagihan tidak ditemukan"),
    Outcome.INVALID_AMOUNT: ("Amount differs from the bill", "Jumlah tidak sama dengan tagihan"),
    Outcome.PAID_BILL: ("Bill has been paid", "Tagihan sudah dibayar"),
    Outcome.EXPIRED_BILL: ("Bill is no longer payable", "Tagihan tidak berlaku lagi"),
    Outcome.CLOSED_REQUEST: ("Request was answered as unknown before", "Permintaan ini sudah ditutup"),
    Outcome.DUPLICATE_REFERENCE: ("Request id was used before", "Nomor permintaan sudah dipakai"),
    Outcome.NOT_FOUND: ("Payment not found", "Pembayaran tidak ditemukan"),
}
_UNDECIDED = ("Not decided yet, ask again", "Belum diputuskan, tanyakan lagi")


@dataclass(frozen=True)
class Reply:
    """A finished answer: its HTTP status and the very bytes of its body."""

    http_status: int
    body: bytes


def envelope(service: Service, outcome: Outcome, detail: str = "", **more: Any) -> Reply:
    """`responseCode`, `responseMessage` and whatever else belongs to the service.

    Where nothing was decided the flag says so too: some banks read it before the code.
    """
    if outcome.is_undecided and service in (Service.PAYMENT, Service.STATUS) and not more:
        more = {"virtualAccountData": {"paymentFlagStatus": "02", "paymentFlagReason": _reason(outcome)}}
    fields = {"responseCode": outcome.code(service), "responseMessage": outcome.message(detail), **more}
    return Reply(outcome.http_status, json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())


def token_reply(token: str, seconds: int) -> Reply:
    """The answer to a token request; `expiresIn` is text, as the specification has it."""
    return envelope(
        Service.TOKEN, Outcome.SUCCESSFUL, accessToken=token, tokenType="Bearer", expiresIn=str(seconds)
    )


def inquiry_reply(
    outcome: Outcome,
    identity: Identity,
    *,
    request_id: str,
    amount_rp: int = 0,
    shown_name: str = "",
) -> Reply:
    """What a bank's screen shows before its customer pays, or why there is nothing to pay."""
    data: dict[str, Any] = {
        "inquiryStatus": "00" if outcome is Outcome.SUCCESSFUL else "01",
        "inquiryReason": _reason(outcome),
        **identity.as_reply(),
        "inquiryRequestId": request_id,
    }
    if outcome is Outcome.SUCCESSFUL:
        data |= {
            "virtualAccountName": shown_name,
            "totalAmount": amount_field(amount_rp),
            "subCompany": "00000",
            "billDetails": [
                {
                    "billCode": "01",
                    "billNo": identity.customer_no,
                    "billName": BILL_NAME,
                    "billShortName": BILL_NAME[:10],
                    "billDescription": {"english": "Passport fee", "indonesia": "PNBP paspor"},
                    "billSubCompany": "00000",
                    "billAmount": amount_field(amount_rp),
                }
            ],
            "virtualAccountTrxType": "C",
            "feeAmount": {"value": "0.00", "currency": "IDR"},
        }
    return envelope(Service.INQUIRY, outcome, virtualAccountData=data)


def payment_reply(
    outcome: Outcome,
    identity: Identity,
    *,
    request_id: str,
    amount_rp: int | None = None,
    ntb: str = "",
    shown_name: str = "",
    echo: Mapping[str, object] | None = None,
) -> Reply:
    """The decision on a payment: flag 00 keeps the money here, 01 sends it back to the payer.

    `echo` are the fields of the call that the reply repeats as they were sent.
    """
    data: dict[str, Any] = {
        **(echo or {}),
        **_flag(outcome),
        **identity.as_reply(),
        "virtualAccountName": shown_name,
        "paymentRequestId": request_id,
        "referenceNo": "" if ntb == request_id else ntb,
    }
    if amount_rp is not None:
        data |= {"paidAmount": amount_field(amount_rp), "totalAmount": amount_field(amount_rp)}
    return envelope(Service.PAYMENT, outcome, virtualAccountData=data)


def status_reply(
    outcome: Outcome,
    identity: Identity,
    ids: Mapping[str, str],
    *,
    amount_rp: int = 0,
    ntb: str = "",
    paid_at: str = "",
    received_at: str = "",
) -> Reply:
    """What became of a payment. `ids` are its inquiryRequestId and paymentRequestId."""
    data: dict[str, Any] = {**_flag(outcome), **identity.as_reply(), **ids}
    if outcome is Outcome.SUCCESSFUL:
        data |= {
            "paidAmount": amount_field(amount_rp),
            "totalAmount": amount_field(amount_rp),
            "referenceNo": "" if ntb == ids["paymentRequestId"] else ntb,
            "trxDateTime": paid_at,
            "transactionDate": received_at,
        }
    return envelope(Service.STATUS, outcome, virtualAccountData=data)


def _flag(outcome: Outcome) -> dict[str, Any]:
    flag = "00" if outcome is Outcome.SUCCESSFUL else "01"
    return {"paymentFlagStatus": flag, "paymentFlagReason": _reason(outcome)}


def _reason(outcome: Outcome) -> dict[str, str]:
    english, indonesia = _UNDECIDED if outcome.is_undecided else _REASONS[outcome]
    return {"english": english, "indonesia": indonesia}
