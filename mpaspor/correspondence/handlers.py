"""What the worker does with each kind of message in the outbox: load by id, put into words, send.

The `ref` of a code message is its `one_time_code`, of `account_exists` the account, of `password_changed`
the sign-in of the browser that did it, of `staff_notice` the officer, of `staff_link` that link, of `anchors`
nothing, of all others the application, its bill or its booking. A handler that finds nothing left to say
sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_babel import force_locale

from mpaspor.applications import letter_queries
from mpaspor.applications.models import Application, Document, Letter
from mpaspor.applications.note_letter_hash import note_letter_hash
from mpaspor.applications.paper_queries import papers_of, wanted_papers
from mpaspor.applications.rules import LETTER_OF_END, CaseState, LetterKind
from mpaspor.billing import queries as billing
from mpaspor.billing.models import Bill
from mpaspor.booking import queries as booking
from mpaspor.booking import reseatings
from mpaspor.booking.models import Slot
from mpaspor.config import settings
from mpaspor.correspondence import registered
from mpaspor.correspondence.messages import render
from mpaspor.desk import outcome, presence
from mpaspor.desk.outcome import Outcome
from mpaspor.foundation import anchors, seals
from mpaspor.foundation.database import db
from mpaspor.foundation.mail import CannotSend, Mail, deliver
from mpaspor.foundation.outbox_queue import Claimed
from mpaspor.foundation.plain_text import one_line
from mpaspor.offices.models import Office
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.people import administration
from mpaspor.people.models import Account, OneTimeCode, SignIn, Staff, StaffLink
from mpaspor.people.second_factor import notices
from mpaspor.web.labels.booking import CAUSES
from mpaspor.web.labels.desk import PICKUP, RELATIONS, ground_in_words, reason_in_words
from mpaspor.web.labels.papers import document_name
from mpaspor.web.language import LANGUAGES

Handler = Callable[[Claimed, datetime], None]

# Kind → the letter that goes with it as a PDF.
_ATTACHED: Mapping[str, LetterKind] = {
    "billing_letter": LetterKind.PAYMENT,
    "receipt": LetterKind.RECEIPT,
    "visit_letter": LetterKind.VISIT,
    "moved": LetterKind.VISIT,
    "hour_restored": LetterKind.VISIT,
    **{str(state): kind for state, kind in LETTER_OF_END.items()},
}
_OF_A_TAKEN_HOUR = ("hour_closed", "place_offered", "offer_lapsed", "hour_restored")
CASE_KINDS = (
    "billing_letter",
    "bill_lapsed",
    "receipt",
    "visit_letter",
    "moved",
    "withdrawn",
    "awaiting_place",
    *_OF_A_TAKEN_HOUR,
    "delayed",
    "papers_wanted",
    "come_again",
    "granted",
    "deferred",
    "refused",
    "ready",
    "pickup_reminder",
    "collected",
    "taken_back",
    "missed",
    "closed",
    "void",
)


def send_code(row: Claimed, now: datetime) -> None:
    """A one-time code, to the address it was made for; a code that no longer counts is not sent."""
    code = db.session.get(OneTimeCode, row.ref)
    if row.secret is None or code is None or code.used_at or code.replaced_at or code.expires_at <= now:
        return
    account = db.session.get(Account, code.account_id) if code.account_id else None
    language = row.payload.get("language") or _language(account)
    words = {
        "purpose": code.purpose,
        "code": row.secret,
        "expires_at": code.expires_at,
        "time_zone": HOME_ZONE,
    }
    _send(row, code.email, language, words, now=now)


def tell_account_exists(row: Claimed, now: datetime) -> None:
    """Somebody signed up with an address that has its account: only the address's owner learns it."""
    account = db.session.get(Account, row.ref)
    if account is not None:
        _send(row, account.email, _language(account), {}, now=now)


def tell_password_changed(row: Claimed, now: datetime) -> None:
    """A password was changed: when and in which browser, so that an owner who did not do it can act."""
    change = db.session.get(SignIn, row.ref)
    account = db.session.get(Account, change.account_id) if change is not None else None
    if change is None or account is None:
        return
    words = {
        "was_reset": bool(row.payload.get("was_reset")),
        "device": change.device_name,
        "at": change.created_at,
        "time_zone": HOME_ZONE,
    }
    _send(row, account.email, _language(account), words, now=now)


def tell_officer(row: Claimed, now: datetime) -> None:
    """What happened to an officer's way in, to that officer while they serve, and that they do no longer."""
    staff = db.session.get_one(Staff, row.ref)
    if staff.dismissed_at is not None and row.payload["what"] != notices.Notice.DISMISSED:
        return
    at = datetime.fromisoformat(row.payload["at"])
    _send(row, staff.email, "id", {**row.payload, "at": at, "time_zone": HOME_ZONE}, now=now)


def send_officers_link(row: Claimed, now: datetime) -> None:
    """A one-time link to its officer; one that counts no more is not sent."""
    link = db.session.get_one(StaffLink, row.ref)
    staff = db.session.get_one(Staff, link.staff_id)
    is_over = link.used_at or link.voided_at or link.expires_at <= now or staff.dismissed_at
    if row.secret is None or is_over:
        return
    office = db.session.get_one(Office, staff.office_id)
    words = {
        **row.payload,
        "name": staff.full_name,
        "office": office.full_name,
        "link": settings().officer_url + row.secret,
        "expires_at": link.expires_at,
        "time_zone": office.time_zone,
    }
    _send(row, staff.email, "id", words, now=now)


def send_anchors(row: Claimed, now: datetime) -> None:
    """The heads of days just sealed, to whoever keeps a copy of them away from us."""
    to = settings().anchor_mail
    found = seals.sealed_at(datetime.fromisoformat(row.payload["sealed_at"]))
    if to is None or not found:
        return
    _send(row, to, "id", {"anchors": [anchors.line_of(seal) for seal in found]}, now=now)


@dataclass(frozen=True)
class _News:
    """A case with its owner, and the office, bill and hour that a message about it may name."""

    case: Application
    account: Account
    office: Office
    bill: Bill | None
    slot: Slot | None


def _news(row: Claimed) -> _News | None:
    """What there is to say, and to whom: nobody, of a case that its person has not claimed yet. A message
    that speaks of a bill names that one and the hour that it bought, any other the newest of both."""
    if row.application_id is None:
        raise CannotSend(f"{row.kind} names no case")
    case = letter_queries.addressed(row.application_id)
    if case is None or case.office is None or case.account is None:
        return None
    bill = billing.named_or_newest(case.id, row.ref)
    slot = None if bill is not None and bill.id == row.ref else booking.newest_hour(case.id)
    if slot is None and bill is not None:
        slot = db.session.get(Slot, bill.slot_id)
    return _News(case, case.account, case.office, bill, slot)


def tell_about_case(row: Claimed, now: datetime) -> None:
    """Any news of a case, with its letter where it has one."""
    found = _news(row)
    if found is None or (row.kind == "receipt" and (found.bill is None or found.bill.ntpn is None)):
        return
    language = _language(found.account)
    with force_locale(language):
        words = _words(row.kind, found) | row.payload
    if row.kind in _OF_A_TAKEN_HOUR:
        words |= _taken_hour(found, row)
    if row.kind == "papers_wanted" and not words["wanted"]:
        return  # sent or shown before we could ask
    if row.kind == "come_again" and not presence.must_return(found.case, found.office, now):
        return  # came before we could ask
    letter = _letter(row.kind, found)
    files = ((registered.file_name(letter), _drawn(letter, now)),) if letter else ()
    _send(row, found.account.email, language, words, files=files, now=now)


def _send(
    row: Claimed,
    to: str,
    language: str,
    words: dict[str, Any],
    *,
    now: datetime,
    files: tuple[tuple[str, bytes], ...] = (),
) -> None:
    subject, body = render(row.kind, language, words)
    db.session.remove()  # no connection is held while a mail server thinks
    deliver(Mail(row.id, row.kind, to, subject, body, language, files), settings(), now=now)


def _words(kind: str, found: _News) -> dict[str, Any]:
    case = found.case
    words: dict[str, Any] = {
        "name": case.full_name or found.account.full_name,
        "application_code": f"{case.code[:4]}-{case.code[4:]}",
        "case_url": f"{settings().public_url}/permohonan/{case.code}",
        "service": registered.service_of(case),
        "bill": found.bill,
        "hour": registered.hour_of(found.office, found.slot) if found.slot else None,
    }
    if kind in ("visit_letter", "moved", "come_again", "hour_restored"):
        words["to_bring"] = registered.to_bring(papers_of(case))
    elif kind == "papers_wanted":
        words["papers_until"] = case.papers_until
        words["wanted"] = [_wanted(paper) for paper in wanted_papers(case.id)]
    elif kind == "granted":
        words["promised_on"] = outcome.terms_of(case, found.office).promised_on
    elif kind in ("ready", "pickup_reminder", "void"):
        words["collect_by"] = outcome.terms_of(case, found.office).collect_by
        words["pickup"] = PICKUP
    elif kind in ("refused", "deferred", "closed"):
        words["outcome"] = _outcome(case)
    elif kind == "collected":
        words["taken"] = _taken(case)
    elif kind == "delayed" and found.slot is not None:
        words["come_at"] = found.slot.starts_at + timedelta(minutes=found.slot.delay_minutes)
        words["minutes"] = found.slot.delay_minutes
    elif kind == "withdrawn":
        words["had_place"] = False  # unless the message itself says so
    elif kind == "receipt" and found.bill is not None:
        words["payment"] = billing.accepted_payment(found.bill.id)
    return words


def _taken_hour(found: _News, row: Claimed) -> dict[str, Any]:
    """The hour that was taken, and the one that is held instead as long as it is."""
    lost = reseatings.taken_hour(found.case.id, row.ref)
    if lost is None:
        raise CannotSend(f"{row.kind} names no hour that was taken", is_final=True)
    return {
        "lost": registered.hour_between(found.office, lost.starts_at, lost.ends_at),
        "cause": str(CAUSES[lost.cause]) if lost.cause else None,
        "offered": registered.hour_between(found.office, *lost.offered[1:]) if lost.offered else None,
        "until": lost.until if lost.is_held else None,
        "owes": found.case.state is CaseState.AWAITING_PAYMENT,
    }


def _drawn(letter: Letter, now: datetime) -> bytes:
    pdf = registered.draw(letter, now)
    note_letter_hash(letter.code, sha256(pdf).digest(), now=now)
    return pdf


def _wanted(paper: Document) -> dict[str, str]:
    return {"name": document_name(paper.kind), "reason": one_line(reason_in_words(paper.reason))}


def _outcome(case: Application) -> Outcome | None:
    """How the case ended, its reason in words of one line."""
    ended = outcome.outcome_of(case)
    if ended is None:
        return None
    ground = ground_in_words(ended)
    return replace(ended, reason=one_line(reason_in_words(ended.reason)), ground=ground)


def _taken(case: Application) -> dict[str, Any] | None:
    """Who took the passport; none when it has come back meanwhile."""
    taken = outcome.taken_by(case)
    if taken is None:
        return None
    name = one_line(taken.collected_by)
    return {"name": name, "as": RELATIONS[taken.relation], "at": taken.handed_at, "tracking": taken.tracking}


def _letter(kind: str, found: _News) -> Letter | None:
    letter_kind = _ATTACHED.get(kind)
    if letter_kind is LetterKind.VISIT:
        return letter_queries.letter_of(found.case.id, letter_kind, found.slot.id) if found.slot else None
    if letter_kind is not None and letter_kind in LETTER_OF_END.values():
        return letter_queries.newest_letter(found.case.id, letter_kind)
    if letter_kind is None or found.bill is None:
        return None
    return letter_queries.letter_of(found.case.id, letter_kind, found.bill.id)


def _language(account: Account | None) -> str:
    return account.language if account is not None and account.language in LANGUAGES else "id"


HANDLERS: Mapping[str, Handler] = {
    "email_code": send_code,
    "account_exists": tell_account_exists,
    "password_changed": tell_password_changed,
    notices.KIND: tell_officer,
    administration.LINK_MAIL: send_officers_link,
    seals.MAIL: send_anchors,
    **dict.fromkeys(CASE_KINDS, tell_about_case),
}
