"""What tests of the desk share: officers of every role, a guest due today, and the way through the house."""

from __future__ import annotations

import itertools
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications.models import Application, Document
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.booking.models import Booking, Slot
from mpaspor.desk import (
    adjudicate,
    ask_registries,
    check_documents,
    check_in,
    check_quality,
    mrz,
    print_booklet,
    record_interview,
    take_biometrics,
)
from mpaspor.desk.hand_over import Collector, Scanned, hand_over
from mpaspor.desk.models import BlankBooklet, Booklet, Proposal, RegistryCheck
from mpaspor.desk.registries import RegistryUnavailable, Source, Subject
from mpaspor.desk.registry_rules import Finding, Registry
from mpaspor.desk.rules import FOR_ANOTHER, InterviewVerdict, Relation, Seen, Tick
from mpaspor.foundation import files
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage import cast
from tests.stage.bills import draft
from tests.stage.papers import picture
from tests.stage.visitor import Visitor

_numbers = itertools.count(1)


class Officer(Visitor):
    """One officer with a signed-in browser."""

    home = "/petugas"

    def __init__(self, app: Flask, who: cast.Person) -> None:
        self.id, self.name = who.id, who.name
        super().__init__(who.at(app))


def officer(app: Flask, office: Office, *roles: Role, now: datetime, name: str = "Petugas Rekaan") -> Officer:
    """An officer of this office with these roles."""
    found = Officer(app, cast.officer(office, *roles, now=now, name=name))
    db.session.remove()
    return found


@dataclass
class House:
    """An office at work: one officer per role, a second adjudicator, and people who come."""

    app: Flask
    office: Office
    now: datetime
    staff: dict[Role, Officer] = field(default_factory=dict)

    def __getitem__(self, role: Role) -> Officer:
        if role not in self.staff:
            self.staff[role] = officer(self.app, self.office, role, now=self.now, name=f"Petugas {role}")
        return self.staff[role]

    def guest(self, *, hours: int = 0, state: CaseState = CaseState.SCHEDULED, paid: bool = True) -> str:
        """A paid case whose visit begins `hours` from the hour of `now`; the code."""
        return guest(self.office, self.now, hours=hours, state=state, paid=paid)

    def walk(self, code: str, until: CaseState) -> str:
        """Take a case through the house by the operations themselves, up to a state."""
        for state, act in _WAY.items():
            act(self, code)
            if state is until:
                return code
        raise AssertionError(f"nobody walks to {until}")

    def walk_on(self, code: str, until: CaseState, now: datetime) -> str:
        """Make the one step that leads to a state, at another time than the house was opened."""
        _WAY[until](House(self.app, self.office, now, self.staff), code)
        return code

    def state_of(self, code: str) -> str:
        found = db.session.scalars(select(Application.state).where(Application.code == code)).one()
        db.session.remove()
        return found


def guest(
    office: Office,
    now: datetime,
    *,
    hours: int = 0,
    state: CaseState = CaseState.SCHEDULED,
    paid: bool = True,
) -> str:
    """A case with a booking, made directly: the way to here has tests of its own."""
    _account, case_id, code = draft(office, now)
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    slot = _slot(office, case_id, starts_at)
    booking = "missed" if state is CaseState.MISSED else "confirmed"
    number = next(_numbers)
    db.session.execute(update(Slot).where(Slot.id == slot).values(taken=Slot.taken + 1))
    db.session.execute(
        update(Application)
        .where(Application.id == case_id)
        .values(state=state, number=f"{number:016d}", full_name=f"TAMU KE {number}")
    )
    db.session.add(
        Booking(application_id=case_id, slot_id=slot, state=booking, confirmed_at=now, created_at=now)
    )
    db.session.add(
        Bill(
            application_id=case_id,
            state="paid" if paid else "reversed",
            amount_rp=650000,
            billing_code=f"8{secrets.randbelow(10**14):014d}",
            slot_id=slot,
            kind="electronic_laminated",
            validity_years=10,
            payer_name="TAMU",
            nik_lookup=b"0" * 32,
            paid_at=now,
            created_at=now,
        )
    )
    for kind in ("national_id_card", "family_card", "birth_certificate"):
        key = files.store().put(photo())
        db.session.add(
            Document(application_id=case_id, kind=kind, file_key=key, sha256=b"0" * 32, uploaded_at=now)
        )
    db.session.commit()
    db.session.remove()
    return code


def _slot(office: Office, case_id: uuid.UUID, starts_at: datetime) -> uuid.UUID:
    found = db.session.scalar(
        select(Slot.id).where(Slot.office_id == office.id, Slot.starts_at == starts_at).limit(1)
    )
    if found is not None:
        return found
    like = db.session.scalars(select(Slot).where(Slot.office_id == office.id).limit(1)).one()
    slot = Slot(
        id=uuid7(),
        office_id=office.id,
        service_point_id=like.service_point_id,
        programme_id=like.programme_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        capacity=15,
        released=15,
    )
    db.session.add(slot)
    db.session.flush()
    return slot.id


@cache
def photo(size: int = 600) -> bytes:
    """A picture that is large enough to be taken."""
    return picture(size, size)


def accept_papers(house: House, code: str) -> None:
    """Let the verifier accept every paper of a case."""
    for paper, kind in (("ktp", "national_id_card"), ("kk", "family_card"), ("bukti", "birth_certificate")):
        seen = db.session.scalars(
            select(Document.file_key)
            .join(Application, Application.id == Document.application_id)
            .where(Application.code == code, Document.kind == kind)
        ).one()
        check_documents.decide_paper(
            house[Role.VERIFIER].id,
            code,
            paper,
            accepted=True,
            held=True,
            reason=None,
            seen=seen,
            now=house.now,
        )


def _papers(house: House, code: str) -> None:
    accept_papers(house, code)
    check_documents.finish_documents(house[Role.VERIFIER].id, code, now=house.now)


def _arrive(house: House, code: str) -> None:
    check_in.check_in(house[Role.RECEPTION].id, code, reason=None, now=house.now)


def _biometrics(house: House, code: str) -> None:
    take_biometrics.take_biometrics(house[Role.BIOMETRICS].id, code, data=photo(), now=house.now)


def _interview(house: House, code: str) -> None:
    record_interview.record_interview(
        house[Role.INTERVIEWER].id,
        code,
        notes="Jawaban sesuai berkas.",
        verdict=InterviewVerdict.RECOMMEND,
        now=house.now,
    )
    registers_answer(code, house.now)


class AllWell:
    """A register that knows nothing of anybody."""

    def ask(self, subject: Subject) -> list[Finding]:
        return []


def registers_answer(code: str, now: datetime, **others: Source) -> None:
    """What the worker does meanwhile: every register answers that all is well, or these as they are."""
    checks = db.session.execute(
        select(RegistryCheck.ask_id)
        .join(Application, Application.id == RegistryCheck.application_id)
        .where(Application.code == code)
    ).scalars()
    sources = {registry: others.get(registry, AllWell()) for registry in Registry}
    for ask_id in list(checks):
        with suppress(RegistryUnavailable):
            ask_registries.answer(sources, ask_id, now=now)


def _grant(house: House, code: str) -> None:
    adjudicate.grant(house[Role.ADJUDICATOR].id, code, now=house.now)


def booklet(house: House, number: str | None = None, kind: str = "electronic_laminated") -> str:
    """An empty booklet in the stock of the house; its number."""
    found = number or f"X{secrets.randbelow(10**7):07d}"
    db.session.add(
        BlankBooklet(
            number=found,
            office_id=house.office.id,
            kind=kind,
            changed_by=house[Role.SUPERVISOR].id,
            changed_at=house.now,
        )
    )
    db.session.commit()
    db.session.remove()
    return found


def _print(house: House, code: str) -> None:
    print_booklet.print_booklet(house[Role.PRINTER].id, code, number=booklet(house), now=house.now)


def _pass(house: House, code: str) -> None:
    passes(house, code)


def passes(house: House, code: str, by: uuid.UUID | None = None, **other: Any) -> None:
    """Let a tester read the newest booklet and tick everything."""
    given = {"read": lines_of(code), "ticks": list(Tick), "seen": newest_booklet(code), "now": house.now}
    check_quality.pass_quality(by or house[Role.QUALITY].id, code, **{**given, **other})


def lines_of(code: str) -> str:
    """What a reader reads in the newest booklet of a case."""
    case, office, booklet = db.session.execute(
        select(Application, Office, Booklet)
        .join(Office, Office.id == Application.office_id)
        .join(Booklet, Booklet.application_id == Application.id)
        .where(Application.code == code)
        .order_by(Booklet.printed_at.desc(), Booklet.id.desc())
        .limit(1)
    ).one()
    read = "\n".join(mrz.lines(check_quality.holder_of(case, booklet, office)))
    db.session.remove()
    return read


def mark_of_proposal(code: str) -> str:
    """What the page of a case says of the proposal that waits."""
    waiting = select(Proposal).join(Application, Application.id == Proposal.application_id)
    mark = db.session.scalars(waiting.where(Application.code == code)).one().mark
    db.session.remove()
    return mark


def newest_booklet(code: str) -> str:
    """The number of the booklet that was printed last for a case."""
    numbers = select(Booklet.number).join(Application, Application.id == Booklet.application_id)
    newest = numbers.where(Application.code == code).order_by(Booklet.printed_at.desc(), Booklet.id.desc())
    number = db.session.scalars(newest.limit(1)).one()
    db.session.remove()
    return number


def hands_over(
    house: House,
    code: str,
    relation: Relation = Relation.SELF,
    *,
    by: uuid.UUID | None = None,
    scanned: Scanned | None = None,
    letter: bytes | None = None,
    now: datetime | None = None,
    **other: Any,
) -> None:
    """Let the counter give the passport away, with everything that this needs unless told otherwise."""
    who = {"seen": list(Seen)}
    if relation in FOR_ANOTHER:
        who |= {"name": "BUDI", "nik": cast.BUDI_NIK}
    elif relation is Relation.POST:
        who |= {"tracking": "P2611230001"}
    hand_over(
        by or house[Role.HANDOVER].id,
        code,
        scanned or Scanned(code, newest_booklet(code)),
        Collector(relation, **{**who, **other}),
        letter=photo() if letter is None else letter,
        now=now or house.now,
    )


_WAY = {
    CaseState.ARRIVED: _arrive,
    CaseState.DOCUMENTS_CHECKED: _papers,
    CaseState.BIOMETRICS_TAKEN: _biometrics,
    CaseState.INTERVIEWED: _interview,
    CaseState.GRANTED: _grant,
    CaseState.PRINTED: _print,
    CaseState.READY: _pass,
}
