"""The words of our SNAP replies, as bytes that are stored and sent unchanged. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mpaspor.billing.snap.rules import Case, Identity, Service, amount_field

BILL_NAME = "PASPOR RI"

# What the bank shows to its customer, in the two languages that SNAP asks for.
_REASONS: Mapping[Case, tuple[str, str]] = {
    Case.SUCCESSFUL: ("Success", "Sukses"),
    Case.INVALID_BILL: ("Bill not found", "Tagihan tidak ditemukan"),
    Case.INVALID_AMOUNT: ("Amount differs from the bill", "Jumlah tidak sama dengan tagihan"),
    Case.PAID_BILL: ("Bill has been paid", "Tagihan sudah dibayar"),
    Case.EXPIRED_BILL: ("Bill is no longer payable", "Tagihan tidak berlaku lagi"),
    Case.CLOSED_REQUEST: ("Request was answered as unknown before", "Permintaan ini sudah ditutup"),
    Case.DUPLICATE_REFERENCE: ("Request id was used before", "Nomor permintaan sudah dipakai"),
    Case.NOT_FOUND: ("Payment not found", "Pembayaran tidak ditemukan"),
}
_UNDECIDED = ("Not decided yet, ask again", "Belum diputuskan, tanyakan lagi")


@dataclass(frozen=True)
class Reply:
    """A finished answer: its HTTP status and the very bytes of its body."""

    http_status: int
    body: bytes


def envelope(service: Service, case: Case, detail: str = "", **more: Any) -> Reply:
    """`responseCode`, `responseMessage` and whatever else belongs to the service.

    Where nothing was decided the flag says so too: some banks read it before the code.
    """
    if case.is_undecided and service in (Service.PAYMENT, Service.STATUS) and not more:
        more = {"virtualAccountData": {"paymentFlagStatus": "02", "paymentFlagReason": _reason(case)}}
    fields = {"responseCode": case.code(service), "responseMessage": case.message(detail), **more}
    return Reply(case.http_status, json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())


def token_reply(token: str, seconds: int) -> Reply:
    """The answer to a token request; `expiresIn` is text, as the specification has it."""
    return envelope(
        Service.TOKEN, Case.SUCCESSFUL, accessToken=token, tokenType="Bearer", expiresIn=str(seconds)
    )


def inquiry_reply(
    case: Case,
    identity: Identity,
    *,
    request_id: str,
    amount_rp: int = 0,
    shown_name: str = "",
) -> Reply:
    """What a bank's screen shows before its customer pays, or why there is nothing to pay."""
    data: dict[str, Any] = {
        "inquiryStatus": "00" if case is Case.SUCCESSFUL else "01",
        "inquiryReason": _reason(case),
        **identity.as_reply(),
        "inquiryRequestId": request_id,
    }
    if case is Case.SUCCESSFUL:
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
    return envelope(Service.INQUIRY, case, virtualAccountData=data)


def payment_reply(
    case: Case,
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
        **_flag(case),
        **identity.as_reply(),
        "virtualAccountName": shown_name,
        "paymentRequestId": request_id,
        "referenceNo": "" if ntb == request_id else ntb,
    }
    if amount_rp is not None:
        data |= {"paidAmount": amount_field(amount_rp), "totalAmount": amount_field(amount_rp)}
    return envelope(Service.PAYMENT, case, virtualAccountData=data)


def status_reply(
    case: Case,
    identity: Identity,
    ids: Mapping[str, str],
    *,
    amount_rp: int = 0,
    ntb: str = "",
    paid_at: str = "",
    received_at: str = "",
) -> Reply:
    """What became of a payment. `ids` are its inquiryRequestId and paymentRequestId."""
    data: dict[str, Any] = {**_flag(case), **identity.as_reply(), **ids}
    if case is Case.SUCCESSFUL:
        data |= {
            "paidAmount": amount_field(amount_rp),
            "totalAmount": amount_field(amount_rp),
            "referenceNo": "" if ntb == ids["paymentRequestId"] else ntb,
            "trxDateTime": paid_at,
            "transactionDate": received_at,
        }
    return envelope(Service.STATUS, case, virtualAccountData=data)


def _flag(case: Case) -> dict[str, Any]:
    flag = "00" if case is Case.SUCCESSFUL else "01"
    return {"paymentFlagStatus": flag, "paymentFlagReason": _reason(case)}


def _reason(case: Case) -> dict[str, str]:
    english, indonesia = _UNDECIDED if case.is_undecided else _REASONS[case]
    return {"english": english, "indonesia": indonesia}
