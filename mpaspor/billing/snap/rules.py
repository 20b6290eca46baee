"""What SNAP asks and what we answer: check order, response codes, fields, amounts. Pure.

Source: the ASPI developer portal (services 73, 24, 25, 26) and what banks do with our answer to a payment:
2xx is done; any other 4xx makes them give the money back; 429 and 5xx leave it in suspense. Hence: say no
only when we are sure that we hold nothing, and 500 when we are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import chain
from math import isfinite
from typing import Any

from mpaspor.billing.rules import PAID, BillState

LARGEST_BODY = 16 * 1024
TOKEN_SECONDS = 900
SERVICE_ID_LENGTH = 8
LONGEST_CUSTOMER_NO = 20
LONGEST_REQUEST_ID = 128
LONGEST_EXTERNAL_ID = 36
LONGEST_MESSAGE = 150
LONGEST_FIELD_NAME = 64

_AMOUNT = re.compile(r"(0|[1-9]\d{0,12})\.00", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 8  # levels of nesting; no message of SNAP has more than five
_DIGITS = re.compile(r"\d+", re.ASCII)


class Service(Enum):
    """A SNAP service: its two digits in the response code and its path below `/snap`."""

    TOKEN = ("73", "/v1.0/access-token/b2b")
    INQUIRY = ("24", "/v1.0/transfer-va/inquiry")
    PAYMENT = ("25", "/v1.0/transfer-va/payment")
    STATUS = ("26", "/v1.0/transfer-va/status")
    NONE = ("00", "")

    @classmethod
    def at(cls, path: str) -> Service:
        """The service that a path names, or NONE."""
        return next(service for service in cls if path.endswith(service.path))

    @property
    def digits(self) -> str:
        return self.value[0]

    @property
    def path(self) -> str:
        return self.value[1]


class Outcome(Enum):
    """An outcome: HTTP status, its two digits, and the words of the specification."""

    SUCCESSFUL = (200, "00", "Successful")
    BAD_REQUEST = (400, "00", "Bad Request")
    INVALID_FORMAT = (400, "01", "Invalid Field Format")
    MISSING_FIELD = (400, "02", "Invalid Mandatory Field")
    UNAUTHORIZED = (401, "00", "Unauthorized.")
    FORBIDDEN = (403, "01", "Feature Not Allowed")
    UNKNOWN_PATH = (404, "00", "Invalid Path")
    NOT_SUPPORTED = (405, "00", "Requested Function Is Not Supported")
    UNAVAILABLE = (503, "00", "Service Unavailable")
    INVALID_TOKEN = (401, "01", "Invalid Token (B2B)")
    NOT_FOUND = (404, "01", "Transaction Not Found")
    INVALID_BILL = (404, "12", "Invalid Bill/Virtual Account")
    INVALID_AMOUNT = (404, "13", "Invalid Amount")
    PAID_BILL = (404, "14", "Paid Bill")
    PARTNER_NOT_FOUND = (404, "16", "Partner Not Found")
    EXPIRED_BILL = (404, "19", "Invalid Bill/Virtual Account")
    CLOSED_REQUEST = (404, "19", "Invalid Bill/Virtual Account [request was answered as unknown]")
    CONFLICT = (409, "00", "Conflict")
    DUPLICATE_REFERENCE = (409, "01", "Duplicate partnerReferenceNo")
    TOO_MANY = (429, "00", "Too Many Requests")
    GENERAL_ERROR = (500, "00", "General Error")

    @classmethod
    def of(cls, code: str, service: Service) -> Outcome | None:
        """The outcome that a response code of this service stands for."""
        return next((outcome for outcome in cls if outcome.code(service) == code), None)

    @classmethod
    def of_status(cls, http_status: int) -> Outcome:
        """What a plain HTTP status amounts to, where no service has answered."""
        plain = (cls.FORBIDDEN, cls.UNKNOWN_PATH, cls.NOT_SUPPORTED, cls.TOO_MANY, cls.UNAVAILABLE)
        for outcome in plain:
            if outcome.http_status == http_status:
                return outcome
        return cls.GENERAL_ERROR if http_status >= 500 else cls.BAD_REQUEST

    @property
    def is_undecided(self) -> bool:
        """Whether the bank must keep the money in suspense and ask again."""
        return self.http_status == 429 or self.http_status >= 500

    @property
    def http_status(self) -> int:
        return self.value[0]

    def code(self, service: Service) -> str:
        """The seven digits: HTTP status, service, outcome."""
        return f"{self.value[0]}{service.digits}{self.value[1]}"

    def message(self, detail: str = "") -> str:
        """At most 150 characters."""
        return f"{self.value[2]} {detail}".strip()[:LONGEST_MESSAGE]


class Refused(Exception):
    """A check said no; `outcome` and `detail` make the reply. `retry_after`: seconds until it may be tried
    again."""

    def __init__(self, outcome: Outcome, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(f"{outcome.name} {detail}".strip())
        self.outcome = outcome
        self.detail = detail
        self.retry_after = retry_after


class NotWholeRupiah(ValueError):
    """An amount that is not exactly `{"value": "650000.00", "currency": "IDR"}` in form."""


@dataclass(frozen=True)
class Identity:
    """Whom a call is about. `partnerServiceId` is left-padded with spaces to 8 and stays so."""

    partner_service_id: str
    customer_no: str
    virtual_account_no: str

    def as_reply(self) -> dict[str, str]:
        """The three fields as every reply repeats them."""
        return {
            "partnerServiceId": self.partner_service_id,
            "customerNo": self.customer_no,
            "virtualAccountNo": self.virtual_account_no,
        }


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object of a request. Raises `Refused` (400): no object, a key given twice, NaN, nested
    without end, or characters that no database has a text for, wherever they stand."""
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_without_twins,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as exc:
        raise Refused(Outcome.BAD_REQUEST) from exc
    if not isinstance(value, dict) or not all(_is_storable(name) for name in value):
        raise Refused(Outcome.BAD_REQUEST)
    for name, inner in value.items():
        _check_storable(name, inner)
    return value


def read_identity(fields: Mapping[str, Any]) -> Identity:
    """The identity triple. Raises `Refused` where a field is missing, malformed, or the three disagree.

    Some banks send `customerNo` as a bare JSON number: taken as the digits it was written with.
    """
    service_id = required_text(fields, "partnerServiceId", SERVICE_ID_LENGTH, blanks=True)
    if len(service_id) != SERVICE_ID_LENGTH or not _DIGITS.fullmatch(service_id.lstrip(" ")):
        raise Refused(Outcome.INVALID_FORMAT, "partnerServiceId")
    customer_no = _customer_no(fields)
    account = required_text(fields, "virtualAccountNo", SERVICE_ID_LENGTH + LONGEST_CUSTOMER_NO, blanks=True)
    if account != service_id + customer_no:
        raise Refused(Outcome.INVALID_FORMAT, "virtualAccountNo")
    return Identity(service_id, customer_no, account)


def required_text(fields: Mapping[str, Any], name: str, longest: int, *, blanks: bool = False) -> str:
    """A text field that must be there. Raises `Refused`: 400xx02 when missing, 400xx01 when malformed.

    `blanks` leaves leading spaces alone (identity fields are padded with them).
    """
    value = fields.get(name)
    if value is None or value == "":
        raise Refused(Outcome.MISSING_FIELD, name)
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise Refused(Outcome.INVALID_FORMAT, name)
    if not blanks and value != value.strip():
        raise Refused(Outcome.INVALID_FORMAT, name)
    return value


def optional_text(fields: Mapping[str, Any], name: str, longest: int) -> str | None:
    """Like `required_text`, but may be missing or empty."""
    return None if fields.get(name) in (None, "") else required_text(fields, name, longest)


def read_amount(amount: object) -> int:
    """`{"value":"650000.00","currency":"IDR"}` as whole rupiah. Raises `NotWholeRupiah`.

    Strict on purpose: no sign, no exponent, no JSON number, no cents, no other currency. Whatever is not
    written exactly like money here is refused, so that the bank gives it back.
    """
    if not isinstance(amount, dict) or amount.get("currency") != "IDR":
        raise NotWholeRupiah(repr(amount)[:80])
    value = amount.get("value")
    found = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[1] == "0":
        raise NotWholeRupiah(repr(amount)[:80])
    return int(found[1])


def amount_field(amount_rp: int) -> dict[str, str]:
    """Rupiah as SNAP writes them."""
    return {"value": f"{amount_rp}.00", "currency": "IDR"}


def check_external_id(text: str | None) -> str:
    """X-EXTERNAL-ID: digits, at most 36. Raises `Refused`."""
    if not text:
        raise Refused(Outcome.MISSING_FIELD, "X-EXTERNAL-ID")
    if len(text) > LONGEST_EXTERNAL_ID or not _DIGITS.fullmatch(text):
        raise Refused(Outcome.INVALID_FORMAT, "X-EXTERNAL-ID")
    return text


def judge_inquiry(state: BillState, pay_until: datetime | None, now: datetime) -> Outcome:
    """May this bill be paid? Not after `pay_until`, though money on its way is still taken (STATES §6.1)."""
    if state in PAID:
        return Outcome.PAID_BILL
    if state is BillState.REQUESTED:
        return Outcome.INVALID_BILL
    if state is not BillState.PAYABLE or pay_until is None or now > pay_until:
        return Outcome.EXPIRED_BILL
    return Outcome.SUCCESSFUL


def judge_payment(state: BillState, amount_rp: int, offered_rp: int | None) -> Outcome:
    """Is this the money that the bill asks for? SUCCESSFUL for a lapsed or cancelled bill means: late money.

    `offered_rp` is None when what was offered is not whole rupiah.
    """
    if state in PAID:
        return Outcome.PAID_BILL
    if state in (BillState.REQUESTED, BillState.REVERSED):
        return Outcome.EXPIRED_BILL
    if offered_rp != amount_rp:
        return Outcome.INVALID_AMOUNT
    return Outcome.SUCCESSFUL


def _customer_no(fields: Mapping[str, Any]) -> str:
    value = fields.get("customerNo")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 <= value < 10**LONGEST_CUSTOMER_NO else "-"
    customer_no = required_text({"customerNo": value}, "customerNo", LONGEST_CUSTOMER_NO)
    if not _DIGITS.fullmatch(customer_no):
        raise Refused(Outcome.INVALID_FORMAT, "customerNo")
    return customer_no


def _check_storable(name: str, value: object) -> None:
    """Raises `Refused` naming the field in which something lies that could not be stored or sent back."""
    level = [value]
    for _ in range(_DEEPEST):
        if not all(_is_storable(item) for item in level if isinstance(item, str)):
            raise Refused(Outcome.INVALID_FORMAT, name[:LONGEST_FIELD_NAME])
        inside = [item for item in level if isinstance(item, dict | list)]
        level = [
            each for item in inside for each in (item if isinstance(item, list) else chain(*item.items()))
        ]
        if not level:
            return
    raise Refused(Outcome.BAD_REQUEST)


def _is_storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 know the text: no NUL, no half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError("a number beyond all bounds")
    return value


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key stands there twice")
    return fields


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")
