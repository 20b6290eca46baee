"""The door registers somebody who came without an appointment: case, place of today and bill, in one act."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select

from mpaspor.applications import nik as niks
from mpaspor.applications import transitions as cases
from mpaspor.applications.choices import Sex
from mpaspor.applications.eligibility import kind_fits
from mpaspor.applications.form_pages import KIND, OLD_PASSPORT
from mpaspor.applications.models import AnswerPage, Application, WalkIn
from mpaspor.applications.papers import OldPassport
from mpaspor.applications.queries import is_offered
from mpaspor.applications.refusals import KindNotOffered, NotANik, NotElectronic, NotGrownUp
from mpaspor.applications.rules import Need, PassportKind, ReplacementReason
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.applications.walk_in_rules import PROOFS, Ground, Proof, ages_fit
from mpaspor.billing.check_out import KindNotPriced, NikInUse, await_payment, make_bill
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import UNPAID_ALLOWED, UNPAID_WINDOW, BillState
from mpaspor.booking import transitions as places
from mpaspor.config import settings
from mpaspor.desk import acting
from mpaspor.desk.refusals import NikHasCase, NoPlaceToday, NotInGroup, OwnKin, UnpaidTooOften
from mpaspor.desk.rules import ADMITTED_BY, REGISTERED_BY
from mpaspor.foundation import events
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.events import Actor
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Fee, Office
from mpaspor.offices.rules import local_date
from mpaspor.people.models import StaffKin
from mpaspor.people.rules import age_on, is_adult

REGISTERED = "registered_here"


@dataclass(frozen=True)
class Newcomer:
    """What the door writes down, from the identity card in its hand. The rest is asked at the stations."""

    full_name: str
    nik: str
    birth_on: date
    sex: Sex
    phone: str | None
    need: Need
    replacement_reason: ReplacementReason | None
    old_passport: OldPassport | None  # none where it is not known, or there was none
    kind: PassportKind
    validity_years: int
    ground: Ground
    proof: Proof
    reason: str | None = None  # of a supervisor who admits somebody of no priority group


@operation
def register_walk_in(staff_id: uuid.UUID, who: Newcomer, *, now: datetime) -> str:
    """Begin a case that awaits its payment, with a place of today's priority hours; returns its code.

    The case belongs to the office until its person claims it. The history keeps who registered it and why a
    supervisor admitted it; the ground, which may be health, it does not.
    Raises `NoPlaceToday`, `NikHasCase`, `UnpaidTooOften`, `NotInGroup`, `OwnKin`, `ReasonNeeded`,
    `NotYourStep`, `NotANik`, `NotGrownUp`, `NotElectronic`, `KindNotOffered`, `KindNotPriced`.
    """
    officer = acting.officer(staff_id)
    is_admitted = who.ground is Ground.ADMITTED
    actor = officer.acting_as(ADMITTED_BY if is_admitted else REGISTERED_BY)
    reason = acting.required(who.reason) if is_admitted else None
    office = db.session.get_one(Office, officer.office_id)
    today = local_date(now, office.time_zone)
    _refuse(who, office, today)
    lookup = lookup_hash(who.nik, NIK_PURPOSE)
    _refuse_kin(staff_id, lookup)
    if not is_admitted:
        _refuse_unpaid(lookup, now)
    fee = offices.fee_on(who.kind, who.validity_years, today)
    if fee is None:
        raise KindNotPriced(kind=who.kind)
    case = _begin(who, lookup, office, now)
    db.session.add(
        WalkIn(
            application_id=case.id,
            office_id=office.id,
            ground=who.ground,
            proof=who.proof,
            reason=reason,
            registered_by=staff_id,
            registered_at=now,
        )
    )
    events.record(
        REGISTERED, actor=actor, now=now, application_id=case.id, office_id=office.id, reason=reason
    )
    _take_place(case, office, fee, actor, now)
    return case.code


def _refuse(who: Newcomer, office: Office, today: date) -> None:
    """What the number, the age and the day alone say against it."""
    fault = niks.fault(who.nik)
    if fault is not None:
        raise NotANik(fault=fault)
    groups = offices.priority_groups(office.id, today)
    if who.proof not in PROOFS[who.ground] or not ages_fit(who.ground, age_on(who.birth_on, today), groups):
        raise NotInGroup()
    if not is_adult(who.birth_on, today, was_married=False):
        raise NotGrownUp()
    if not kind_fits(who.replacement_reason, who.kind):
        raise NotElectronic()
    if not is_offered(office.id, who.kind, who.validity_years, today):
        raise KindNotOffered(office=office.name)


@in_operation
def _refuse_kin(staff_id: uuid.UUID, lookup: bytes) -> None:
    own = exists().where(StaffKin.staff_id == staff_id, StaffKin.nik_lookup == lookup)
    if db.session.scalar(select(own)):
        raise OwnKin()


@in_operation
def _refuse_unpaid(lookup: bytes, now: datetime) -> None:
    """A place of the door is not kept free for somebody by registering them again and again."""
    came_to_nothing = (
        select(func.count())
        .select_from(Bill)
        .join(WalkIn, WalkIn.application_id == Bill.application_id)
        .where(
            Bill.nik_lookup == lookup,
            Bill.state == BillState.LAPSED,
            Bill.created_at > now - UNPAID_WINDOW,
        )
    )
    if db.session.execute(came_to_nothing).scalar_one() >= UNPAID_ALLOWED:
        raise UnpaidTooOften(allowed=UNPAID_ALLOWED)


@in_operation
def _begin(who: Newcomer, lookup: bytes, office: Office, now: datetime) -> Application:
    """The draft with its facts, declared at the door, and what it knows of an old passport."""
    programme = offices.programme_by_code(offices.PRIORITY)
    if programme is None:
        raise NoPlaceToday()
    case = Application(
        id=uuid7(),
        code=cases.fresh_code(),
        programme_id=programme.id,
        office_id=office.id,
        need=who.need,
        replacement_reason=who.replacement_reason,
        kind=who.kind,
        validity_years=who.validity_years,
        full_name=who.full_name,
        nik=who.nik,
        nik_lookup=lookup,
        birth_on=who.birth_on,
        sex=who.sex,
        phone=who.phone,
        created_at=now,
        changed_at=now,
        declared_at=now,
    )
    db.session.add(case)
    db.session.flush()
    pages: dict[str, dict[str, str]] = {KIND.name: {}}
    if who.old_passport is not None:
        pages[OLD_PASSPORT.name] = _answers(who.old_passport)
    for page, answers in pages.items():
        text = json.dumps(answers, ensure_ascii=False, sort_keys=True)
        db.session.add(AnswerPage(application_id=case.id, page=page, answers=text, saved_at=now))
    return case


def _answers(old: OldPassport) -> dict[str, str]:
    """As `old_passport_in` reads them."""
    return {
        "issued_in_indonesia": "yes" if old.issued_in_indonesia else "no",
        "issued_year": str(old.issued_year),
        "same_data": "yes" if old.same_data else "no",
    }


@in_operation
def _take_place(case: Application, office: Office, fee: Fee, actor: Actor, now: datetime) -> None:
    """As at check-out, but the bill is written last: it names the hour, and which one says the claim."""
    db.session.flush()
    try:
        await_payment(case, actor=actor, now=now)
    except NikInUse as refusal:
        raise NikHasCase() from refusal
    until = now + timedelta(seconds=settings().code_patience)
    slot_id = places.claim_today(case, office, held_until=until, now=now)
    if slot_id is None:
        raise NoPlaceToday()
    make_bill(case, slot_id, fee, now=now)
