"""An applicant saves one page of the form. Saving the same twice changes nothing the second time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from mpaspor.applications import nik as niks
from mpaspor.applications import transitions
from mpaspor.applications.choices import Sex
from mpaspor.applications.eligibility import DUAL_MOST_YEARS, is_adult, kind_fits
from mpaspor.applications.form_pages import (
    ANSWERS_OPEN,
    CITIZENSHIP,
    COLUMNS,
    FROZEN,
    IDENTITY,
    KIND,
    WISH,
    Answers,
    FormPage,
    is_dual_citizen,
)
from mpaspor.applications.form_pages import page_by_name as named
from mpaspor.applications.models import AnswerPage, Application
from mpaspor.applications.queries import answers as answers_of
from mpaspor.applications.queries import facts_of, is_offered
from mpaspor.applications.refusals import (
    Frozen,
    KindNotOffered,
    NotANik,
    NotElectronic,
    NotFilledHere,
    NotGrownUp,
    OfficeNotInService,
    ValidTooLong,
)
from mpaspor.applications.rules import CaseState, Need, PassportKind, ReplacementReason
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date

NIK_PURPOSE = "nik"


@operation
def save_page(
    account_id: uuid.UUID, code: str, page_name: str, given: Mapping[str, Any], *, now: datetime
) -> None:
    """Save the answers of one page; fields that the page does not have are ignored.

    After check-out frozen facts must stay as they are, the rest may change until check-in. A change in a
    draft takes back its declaration. Raises `NotFound`, `StateChanged`, `NotFilledHere`, `Frozen`,
    `NotANik`, `NotGrownUp`, `KindNotOffered`, `NotElectronic`, `ValidTooLong`, `OfficeNotInService`.
    """
    case = transitions.take_mine(account_id, code, ANSWERS_OPEN)
    page = named(page_name)
    before = answers_of(case)
    if page is None or not page.applies(before):
        raise NotFilledHere(page=page_name)
    answers = {field: given[field] for field in page.fields if field in given}
    facts = {field: answers.pop(field) for field in list(answers) if field in COLUMNS}
    is_draft = case.state == CaseState.DRAFT
    changed = {field for field, value in facts.items() if facts_of(case)[field] != value}
    new = changed | {field for field in answers if before.get(page.name, {}).get(field) != answers[field]}
    if not is_draft and new & FROZEN:
        raise Frozen(field=min(new & FROZEN))
    if is_draft or page in (IDENTITY, CITIZENSHIP):
        _check(page, case, {**facts, **answers}, before, now)
    for field in changed:
        _SETTERS.get(field, _set_column(field))(case, facts[field])
    if not _store(case, page, answers, now) and not changed:
        return
    case.changed_at = now
    if is_draft:
        case.declared_at = None  # it was made for other answers
    actor = events.applicant(account_id)
    details = {"page": page.name}
    events.record(
        "answered", actor=actor, now=now, application_id=case.id, office_id=case.office_id, details=details
    )


@in_operation
def _store(case: Application, page: FormPage, answers: Mapping[str, Any], now: datetime) -> bool:
    """Write what the page holds beside the columns; whether anything is new."""
    row = db.session.get(AnswerPage, (case.id, page.name))
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True)
    if row is not None and row.answers == text:
        return False
    if row is None:
        db.session.add(AnswerPage(application_id=case.id, page=page.name, answers=text, saved_at=now))
    else:
        row.answers, row.saved_at = text, now
    return True


def _check(
    page: FormPage, case: Application, given: Mapping[str, Any], before: Answers, now: datetime
) -> None:
    """What the database alone, or the day, can say about a page."""
    office = offices.office_by_id(case.office_id)
    today = local_date(now, offices.time_zone_of(office))
    if page is IDENTITY:
        _check_identity(case, given, today)
    elif page is WISH:
        wished = offices.office_by_code(given["office_code"])
        if wished is None or not wished.in_service:
            raise OfficeNotInService()
        _check_offer(wished, case.kind, case.validity_years, today)
    elif page is KIND:
        _check_kind(given, before)
        if office is not None:
            _check_offer(office, given["kind"], given["validity_years"], today)
    elif page is CITIZENSHIP:
        _check_validity(case.validity_years, {**before, CITIZENSHIP.name: given})


def _check_identity(case: Application, given: Mapping[str, Any], today: date) -> None:
    fault = niks.fault(given["nik"]) if "nik" in given else None
    if fault is not None:
        raise NotANik(fault=fault)
    birth_on = date.fromisoformat(given["birth_on"]) if "birth_on" in given else case.birth_on
    if birth_on is not None and not is_adult(birth_on, given["civil_status"], today):
        raise NotGrownUp()


def _check_kind(given: Mapping[str, Any], before: Answers) -> None:
    reason = given.get("replacement_reason")
    if not kind_fits(ReplacementReason(reason) if reason else None, PassportKind(given["kind"])):
        raise NotElectronic()
    _check_validity(given["validity_years"], before)


def _check_validity(years: int | None, answers: Answers) -> None:
    if years is not None and years > DUAL_MOST_YEARS and is_dual_citizen(answers):
        raise ValidTooLong()


def _check_offer(office: Office, kind: str | None, validity_years: int | None, today: date) -> None:
    if kind is None or validity_years is None or is_offered(office.id, kind, validity_years, today):
        return
    raise KindNotOffered(office=office.name)


def _set_nik(case: Application, text: str) -> None:
    case.nik = text
    case.nik_lookup = lookup_hash(text, NIK_PURPOSE)


def _set_office(case: Application, code: str) -> None:
    office = offices.office_by_code(code)
    case.office_id = office.id if office else None


def _set_column(field: str) -> Callable[[Application, Any], None]:
    read = _READERS.get(field)

    def put(case: Application, found: Any) -> None:
        setattr(case, field, read(found) if read is not None and found is not None else found)

    return put


# What JSON holds as text and the column as something better.
_READERS: Mapping[str, Callable[[str], object]] = {
    "birth_on": date.fromisoformat,
    "kind": PassportKind,
    "need": Need,
    "replacement_reason": ReplacementReason,
    "sex": Sex,
}
_SETTERS: Mapping[str, Callable[[Application, Any], None]] = {
    "nik": _set_nik,
    "office_code": _set_office,
}
