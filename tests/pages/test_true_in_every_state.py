"""Whatever case, bill and place have come to, no page that names the case says what is not so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import combinations, count, product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.applications.rules import CaseState
from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import PAID, BillState
from mpaspor.billing.snap.rules import Service
from mpaspor.booking.rules import BookingState
from mpaspor.demo.cookies import cookie_for
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests import long_proofs
from tests.conftest import MONDAY
from tests.stage import banks, bills, cast
from tests.stage.banks import TestBank, payment_fields
from tests.stage.bills import Owing

C, B, P = CaseState, BillState, BookingState
TAKEN_BACK = "Pembayaran ditarik kembali"
PAID_WORDS, COME, CONFIRMED = "Sudah dibayar", "Berikutnya: datang ke kantor", "sudah dikonfirmasi"
CASES = (C.AWAITING_PAYMENT, C.AWAITING_PLACE, C.SCHEDULED, C.MISSED, C.ARRIVED, C.WITHDRAWN)


addresses = count(1)


def signed_in(app: Flask, owed: Owing) -> FlaskClient:
    """The owner's browser."""
    token = cast.owner(owed.account_id, MONDAY).token
    with app.test_request_context():
        _name, value = cookie_for(token)
    client = app.test_client()
    client.set_cookie("mp_warga", value)
    return client


def pages(app: Flask, owed: Owing) -> tuple[str, str, str, str]:
    """The page of the case, the page of its bill and the list, as its owner sees them; the public check."""
    client = signed_in(app, owed)
    path = f"/permohonan/{owed.application_code}"
    # Who asks often is limited by address: each look is another person's.
    number = next(addresses)
    stranger = {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250}"}
    found = (
        client.get(path),
        client.get(f"{path}/tagihan"),
        client.get("/permohonan"),
        app.test_client().get(f"/cek?kode={owed.application_code}", environ_base=stranger),
    )
    assert [answer.status_code for answer in found] == [200] * 4
    status, of_bill, listed, checked = (unescape(answer.text) for answer in found)
    return status, of_bill, listed, checked


def put(case: CaseState, bill: BillState, place: BookingState) -> None:
    for table, state in (("application", case), ("bill", bill), ("booking", place)):
        db.session.execute(db.text(f"UPDATE {table} SET state = :state"), {"state": str(state)})  # noqa: S608
    db.session.commit()
    db.session.remove()


def _met_with(case: CaseState) -> Iterator[tuple[BillState, BookingState]]:
    """Every bill with every place; on everyday runs as many as let any two of the three meet once."""
    bills, places = list(BillState), list(BookingState)
    if long_proofs.ARE_WANTED:
        yield from product(bills, places)
        return
    for number, bill in enumerate(bills, CASES.index(case)):
        yield bill, places[number % len(places)]


def test_everyday_runs_let_any_two_states_meet() -> None:
    met = {(case, *pair) for case in CASES for pair in _met_with(case)}
    for one, other in combinations(range(3), 2):
        possible = product(*((CASES, BillState, BookingState)[side] for side in (one, other)))
        assert {(each[one], each[other]) for each in met} == set(possible)


@pytest.mark.parametrize("case", CASES)
def test_no_page_speaks_of_money_or_an_hour_that_is_not_there(
    app: Flask, owed: Owing, case: CaseState
) -> None:
    for bill, place in _met_with(case):
        put(case, bill, place)
        status, of_bill, listed, checked = pages(app, owed)
        seen = (case, bill, place)
        has_hour = place not in (P.LAPSED, P.CANCELLED)
        if bill is B.REVERSED and case is not C.WITHDRAWN:
            assert "Simpan surat" not in status, seen
            assert 'class="leaf' not in listed and "WIB" not in checked, seen
            for page in (status, listed, checked):
                assert TAKEN_BACK in page and PAID_WORDS not in page and COME not in page, seen
        if case is C.SCHEDULED and bill in PAID:
            for page in (status, listed, checked):
                assert (COME in page) == has_hour, seen
                assert ("Jadwal dibatalkan" in page) == (not has_hour), seen
        assert (CONFIRMED in of_bill) == (case is C.SCHEDULED and bill in PAID and has_hour), seen
        assert ("Pembayaran diterima" in of_bill) == (bill in PAID), seen


def test_in_the_grace_the_case_asks_nobody_to_pay_by_an_hour_that_is_past(app: Flask, owed: Owing) -> None:
    with clock.at(MONDAY + timedelta(hours=2, minutes=5)):
        status, _of_bill, listed, checked = pages(app, owed)
    for page in (status, listed, checked):
        assert "Menunggu kabar dari bank" in page
        assert "Berikutnya: bayar tagihan" not in page


@pytest.mark.parametrize(
    ("case", "bill", "place", "page"),
    [
        (C.AWAITING_PAYMENT, B.PAYABLE, P.HELD, "/tagihan"),
        (C.AWAITING_PAYMENT, B.PAYABLE, P.HELD, "/tagihan/batal"),
        (C.DRAFT, B.LAPSED, P.LAPSED, "/tagihan"),
        (C.SCHEDULED, B.SETTLED, P.CONFIRMED, "/tarik"),
        (C.SCHEDULED, B.SETTLED, P.CONFIRMED, "/ubah-jadwal"),
    ],
)
def test_abuse_20_whoever_gives_an_hour_up_reads_before_that_it_does_not_come_back_at_once(
    app: Flask, owed: Owing, case: CaseState, bill: BillState, place: BookingState, page: str
) -> None:
    put(case, bill, place)
    answer = signed_in(app, owed).get(f"/permohonan/{owed.application_code}{page}")
    assert answer.status_code == 200
    assert "tidak langsung kembali" in answer.text
    assert "waktu acak" in answer.text or "Anda pun belum tentu bisa memilih jam ini lagi" in answer.text


def test_late_money_on_an_older_bill_shows_that_bill_and_not_the_cancelled_younger_one(
    app: Flask, palembang: Office, owed: Owing
) -> None:
    later = MONDAY + timedelta(hours=3)
    with clock.at(later):
        assert lapse_bill(owed.bill_id, now=later)
        slot_id = bills.free_slot(palembang, later)
        bills.check_out_again(owed.account_id, owed.application_id, owed.application_code, slot_id, later)
        bank = TestBank(app.test_client(), later).register().sign_in()
        paid = bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))
        assert banks.code(paid) == "2002500"
        assert db.session.query(Bill).filter(Bill.state == "cancelled").count() == 1
        status, of_bill, listed, _checked = pages(app, owed)
    assert "Pembayaran diterima" in of_bill and "Tagihan ini dibatalkan" not in of_bill
    assert PAID_WORDS in status and PAID_WORDS in listed
