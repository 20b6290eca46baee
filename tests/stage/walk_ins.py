"""People who come without an appointment: a lane with places today, a door, a bank that is paid."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from mpaspor.applications.choices import Sex
from mpaspor.applications.models import Application
from mpaspor.applications.rules import Need, PassportKind
from mpaspor.applications.walk_in_rules import Ground, Proof
from mpaspor.billing import queries as billing
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.booking.generate_slots import top_up
from mpaspor.desk.register_walk_in import Newcomer, register_walk_in
from mpaspor.foundation.database import db
from mpaspor.offices.seed import plant_palembang_priority
from mpaspor.people.rules import Role
from tests.stage.banks import TestBank, payment_call
from tests.stage.desk import House

_numbers = itertools.count(1)
BORN = date(1959, 8, 7)  # 67 years before the day of the tests
NIK = "1671010708590001"


def a_newcomer(**changed: object) -> Newcomer:
    """Somebody of 67 who never had a passport, and shows the card; another person each time."""
    usual = Newcomer(
        full_name="Hasan Basri Lubis",
        nik=f"167101070859{next(_numbers):04d}",
        birth_on=BORN,
        sex=Sex.MALE,
        phone=None,
        need=Need.NEW,
        replacement_reason=None,
        old_passport=None,
        kind=PassportKind.ELECTRONIC_LAMINATED,
        validity_years=5,
        ground=Ground.ELDERLY,
        proof=Proof.ID_CARD,
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


@dataclass
class Door:
    """The door of an office whose priority lane has places today."""

    house: House
    bank: TestBank

    def opens(self) -> Door:
        """Give the office its lane, from today on."""
        plant_palembang_priority(now=self.house.now)
        top_up(self.house.office.id, now=self.house.now)
        db.session.remove()
        return self

    def registers(
        self, who: Newcomer | None = None, *, by: Role = Role.RECEPTION, now: datetime | None = None
    ) -> str:
        """Register somebody; the code of the case."""
        officer = self.house[by].id
        return register_walk_in(officer, who or a_newcomer(), now=now or self.house.now)

    def bill_of(self, code: str) -> Bill:
        case_id = db.session.scalars(select(Application.id).where(Application.code == code)).one()
        bill = billing.newest_bill(case_id)
        assert bill is not None
        db.session.remove()
        return bill

    def gets_code(self, code: str, now: datetime | None = None) -> str:
        """The treasury answers; the billing code."""
        billing_code = f"820261123{secrets.randbelow(10**6):06d}"
        at = now or self.house.now
        record_billing_code(self.bill_of(code).id, billing_code, at, now=at)
        return billing_code

    def is_paid(self, code: str, now: datetime | None = None) -> str:
        """The person pays at once; the code again."""
        at = now or self.house.now + timedelta(minutes=5)
        bill = self.bill_of(code)
        if bill.billing_code is None:
            self.gets_code(code)
            bill = self.bill_of(code)
        assert bill.billing_code is not None
        accept_payment(payment_call(self.bank.partner_id, bill.billing_code, bill.amount_rp, at))
        return code


def the(code: str) -> Application:
    """The case as it is now."""
    found = db.session.scalars(select(Application).where(Application.code == code)).one()
    db.session.remove()
    return found
