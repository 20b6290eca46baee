"""How far the demo's people have come, told by the operations themselves with the clock of that moment."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from mpaspor.applications.declare import declare
from mpaspor.applications.images import Picture
from mpaspor.applications.models import Application, Document
from mpaspor.applications.papers import FAMILY_CARD, ID_CARD, PROOF, DocumentKind
from mpaspor.applications.rules import Need, PassportKind
from mpaspor.applications.save_page import save_page
from mpaspor.applications.start_application import start_application
from mpaspor.applications.upload_document import keep_picture
from mpaspor.billing.check_out import check_out
from mpaspor.billing.gateways import TariffLine, Treasury
from mpaspor.billing.models import BankPartner, Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.settle_bill import settle
from mpaspor.billing.snap.accept import PaymentCall, accept_payment
from mpaspor.billing.snap.exchanges import Exchange
from mpaspor.billing.snap.rules import Identity, Service
from mpaspor.booking.queries import visit
from mpaspor.demo import pictures
from mpaspor.demo.cast import Applicant
from mpaspor.desk import mrz
from mpaspor.desk.adjudicate import grant
from mpaspor.desk.ask_registries import answer
from mpaspor.desk.check_documents import decide_paper, finish_documents
from mpaspor.desk.check_in import check_in
from mpaspor.desk.check_quality import holder_of, pass_quality
from mpaspor.desk.find_duplicates import DuplicateSearch
from mpaspor.desk.models import BlankBooklet, Booklet, RegistryCheck
from mpaspor.desk.print_booklet import print_booklet
from mpaspor.desk.record_interview import record_interview
from mpaspor.desk.registries import Source
from mpaspor.desk.registry_rules import Registry
from mpaspor.desk.rules import BlankState, InterviewVerdict, Tick
from mpaspor.desk.take_biometrics import take_biometrics
from mpaspor.foundation.columns import public_code
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.simulators.bank_identity import SERVICE_ID
from mpaspor.simulators.registries import PopulationSimulator, WatchListSimulator

_PAPERS = (
    (ID_CARD, DocumentKind.ID_CARD),
    (FAMILY_CARD, DocumentKind.FAMILY_CARD),
    (PROOF, DocumentKind.BIRTH_CERTIFICATE),
)


_REGISTRIES: Mapping[Registry, Source] = {
    Registry.WATCH_LIST: WatchListSimulator(),
    Registry.DUPLICATES: DuplicateSearch(),
    Registry.POPULATION: PopulationSimulator(),
}


@dataclass(frozen=True)
class Stage:
    """Where the stories play: who works at the desk, and which treasury issues codes."""

    staff: Mapping[Role, uuid.UUID]
    treasury: Treasury


def complete_draft(
    account_id: uuid.UUID,
    person: Applicant,
    serial: int,
    *,
    now: datetime,
    picture: Callable[[DocumentKind], Picture] = pictures.renewed,
) -> str:
    """A complete, declared draft of the person, with `picture` of each paper; returns its code."""
    code = start_application(
        account_id,
        need=Need.NEW,
        replacement_reason=None,
        kind=PassportKind.ELECTRONIC_LAMINATED,
        validity_years=5,
        now=now,
    )
    for page, given in person.answers(person.nik(serial)).items():
        if page != "spouse" or person.civil_status == "married":
            save_page(account_id, code, page, given, now=now)
    for paper, kind in _PAPERS:
        keep_picture(account_id, code, paper, kind, picture(kind), name=f"{kind}.jpg", now=now)
    declare(account_id, code, now=now)
    return code


def take_hour_and_pay(
    stage: Stage, account_id: uuid.UUID, code: str, slot_id: uuid.UUID, *, now: datetime
) -> None:
    """Check out, get the billing code, pay at the first partner bank, and get the NTPN."""
    check_out(account_id, [(code, slot_id)], now=now)
    bill = _bill_of(code)
    issued = stage.treasury.request_code(
        bill.id, bill.amount_rp, bill.payer_name, [TariffLine(bill.kind, bill.amount_rp)], now
    )
    record_billing_code(bill.id, issued.code, issued.issued_at, now=now)
    paid_at = now + timedelta(minutes=12)
    partner_id = db.session.scalars(select(BankPartner.id).order_by(BankPartner.code).limit(1)).one()
    ntb = public_code(12)
    external_id = str(bill.id.int % 10**30)
    call = PaymentCall(
        Exchange(partner_id, external_id, Service.PAYMENT, bill.id.bytes * 2, paid_at),
        Identity(SERVICE_ID, issued.code, SERVICE_ID + issued.code),
        request_id=str(bill.id),
        amount_rp=bill.amount_rp,
        ntb=ntb,
        channel="m-banking",
        paid_at=paid_at,
    )
    accept_payment(call)
    ntpn = stage.treasury.ntpn_for(issued.code, ntb)
    if ntpn is not None:
        settle(bill.id, ntpn, now=paid_at + timedelta(minutes=1))


def walk_the_desk(stage: Stage, code: str, steps: int, *, begin: datetime, until: datetime) -> None:
    """The first `steps` steps of the office: 1 arrived, 2 papers, 3 photo, 4 interview, 5 granted, 6 printed,
    7 ready."""
    staff, printed = stage.staff, _booklet_for(code)
    walk = (
        lambda at: check_in(
            staff[Role.RECEPTION if _is_on_time(code, at) else Role.SUPERVISOR],
            code,
            reason=None if _is_on_time(code, at) else "Demo: diterima pada jam lain.",
            now=at,
        ),
        lambda at: _papers(stage, code, at),
        lambda at: take_biometrics(staff[Role.BIOMETRICS], code, data=pictures.specimen("face"), now=at),
        lambda at: _interview(staff[Role.INTERVIEWER], code, at),
        lambda at: grant(staff[Role.ADJUDICATOR], code, now=at),
        lambda at: print_booklet(staff[Role.PRINTER], code, number=printed, now=at),
        lambda at: _tests(staff[Role.QUALITY], code, at),
    )
    for number, act in enumerate(walk[:steps]):
        act(min(begin + timedelta(minutes=7 * number), until))


def _papers(stage: Stage, code: str, at: datetime) -> None:
    verifier = stage.staff[Role.VERIFIER]
    for paper, kind in _PAPERS:
        seen = db.session.scalar(
            select(Document.file_key)
            .join(Application, Application.id == Document.application_id)
            .where(Application.code == code, Document.kind == kind)
        )
        decide_paper(verifier, code, paper.code, accepted=True, held=True, reason=None, seen=seen, now=at)
    finish_documents(verifier, code, now=at)


def _interview(staff_id: uuid.UUID, code: str, at: datetime) -> None:
    """The interview, and what the simulated registers answer to it."""
    record_interview(
        staff_id,
        code,
        notes="Tujuan wisata, keterangan sesuai berkas.",
        verdict=InterviewVerdict.RECOMMEND,
        now=at,
    )
    asked = db.session.scalars(
        select(RegistryCheck.ask_id)
        .join(Application, Application.id == RegistryCheck.application_id)
        .where(Application.code == code)
    ).all()
    for ask_id in asked:
        answer(_REGISTRIES, ask_id, now=at)


def _tests(staff_id: uuid.UUID, code: str, at: datetime) -> None:
    """The simulated reader reads what a good booklet says."""
    case, office, booklet = db.session.execute(
        select(Application, Office, Booklet)
        .join(Office, Office.id == Application.office_id)
        .join(Booklet, Booklet.application_id == Application.id)
        .where(Application.code == code)
        .order_by(Booklet.printed_at.desc())
        .limit(1)
    ).one()
    read = "\n".join(mrz.lines(holder_of(case, booklet, office)))
    pass_quality(staff_id, code, read=read, ticks=list(Tick), seen=booklet.number, now=at)


def _is_on_time(code: str, at: datetime) -> bool:
    case_id = db.session.scalars(select(Application.id).where(Application.code == code)).one()
    found = visit(case_id)
    return found is not None and found.starts_at - timedelta(minutes=30) <= at < found.ends_at


def _booklet_for(code: str) -> str:
    """The next booklet of the stock that fits the case."""
    return db.session.scalars(
        select(BlankBooklet.number)
        .join(Application, Application.kind == BlankBooklet.kind)
        .where(
            Application.code == code,
            BlankBooklet.office_id == Application.office_id,
            BlankBooklet.state == BlankState.IN_STOCK,
        )
        .order_by(BlankBooklet.number)
        .limit(1)
    ).one()


def _bill_of(code: str) -> Bill:
    return db.session.scalars(
        select(Bill).join(Application, Application.id == Bill.application_id).where(Application.code == code)
    ).one()
