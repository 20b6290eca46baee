"""Whatever case, bill and place have come to, the applicant's two pages say nothing that is not so."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID, BillState
from mpaspor.billing.snap_rules import Service
from mpaspor.booking.rules import BookingState
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.web.sessions import cookie_for
from tests import cast, snap_stage
from tests.conftest import MONDAY
from tests.snap_stage import Owing, TestBank, payment_fields

C, B, P = CaseState, BillState, BookingState
PAID_WORDS, COME, CONFIRMED = "Sudah dibayar", "Berikutnya: datang ke kantor", "sudah dikonfirmasi"
CASES = (C.AWAITING_PAYMENT, C.AWAITING_PLACE, C.SCHEDULED, C.MISSED, C.ARRIVED, C.WITHDRAWN)


@pytest.fixture
def owed(app: Flask, palembang: Office, now: object) -> Owing:
    return snap_stage.owing(palembang, MONDAY)


def pages(app: Flask, owed: Owing) -> tuple[str, str]:
    """The page of the case and the page of its bill, as its owner sees them."""
    token = cast._sign_in(MONDAY, account_id=owed.account_id, audience="applicant")
    db.session.commit()
    with app.test_request_context():
        _name, value = cookie_for(token)
    client = app.test_client()
    client.set_cookie("mp_warga", value)
    path = f"/permohonan/{owed.application_code}"
    found = client.get(path), client.get(f"{path}/tagihan")
    assert [answer.status_code for answer in found] == [200, 200]
    return found[0].text, found[1].text


def put(case: CaseState, bill: BillState, place: BookingState) -> None:
    for table, state in (("application", case), ("bill", bill), ("booking", place)):
        db.session.execute(db.text(f"UPDATE {table} SET state = :state"), {"state": str(state)})  # noqa: S608
    db.session.commit()
    db.session.remove()


@pytest.mark.parametrize("case", CASES)
def test_no_page_speaks_of_money_or_an_hour_that_is_not_there(
    app: Flask, owed: Owing, case: CaseState
) -> None:
    for bill, place in product(BillState, BookingState):
        put(case, bill, place)
        status, of_bill = pages(app, owed)
        seen = (case, bill, place)
        has_hour = place not in (P.LAPSED, P.CANCELLED)
        if bill is B.REVERSED and case is not C.WITHDRAWN:
            assert "Pembayaran ditarik kembali" in status, seen
            assert PAID_WORDS not in status and COME not in status and "Simpan surat" not in status, seen
        if case is C.SCHEDULED and bill in PAID:
            assert (COME in status) == has_hour, seen
            assert ("Jadwal dibatalkan" in status) == (not has_hour), seen
        assert (CONFIRMED in of_bill) == (case is C.SCHEDULED and bill in PAID and has_hour), seen
        assert ("Pembayaran diterima" in of_bill) == (bill in PAID), seen


def test_in_the_grace_the_case_asks_nobody_to_pay_by_an_hour_that_is_past(app: Flask, owed: Owing) -> None:
    with clock.at(MONDAY + timedelta(hours=2, minutes=5)):
        status, _ = pages(app, owed)
    assert "Menunggu kabar dari bank" in status
    assert "Berikutnya: bayar tagihan" not in status


def test_late_money_on_an_older_bill_shows_that_bill_and_not_the_cancelled_younger_one(
    app: Flask, palembang: Office, owed: Owing
) -> None:
    later = MONDAY + timedelta(hours=3)
    with clock.at(later):
        assert lapse_bill(owed.bill_id, now=later)
        slot_id = snap_stage.free_slot(palembang, later)
        snap_stage.check_out_again(
            owed.account_id, owed.application_id, owed.application_code, slot_id, later
        )
        bank = TestBank(app.test_client(), later).register().sign_in()
        paid = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
        assert snap_stage.code(paid) == "2002500"
        assert db.session.query(Bill).filter(Bill.state == "cancelled").count() == 1
        status, of_bill = pages(app, owed)
    assert "Pembayaran diterima" in of_bill and "Tagihan ini dibatalkan" not in of_bill
    assert PAID_WORDS in status
