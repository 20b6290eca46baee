"""Somebody gives the hour back at the very moment at which the bank brings the money: twenty times."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.billing.check_out import check_out
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.snap.rules import Service
from mpaspor.cli.check import breaches
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.simulators.bank_client import SnapClient
from tests import live_web
from tests.postgres import Urls
from tests.races.crowd import Answer, Browser, crowd, together
from tests.races.test_check_out_races import hour_with, office
from tests.stage.banks import known_bank, next_external_id, payment_fields

__all__ = ["office"]  # a fixture
Scalar = Callable[..., Any]
RACES = 20


@pytest.mark.long
def test_cancelling_while_the_bank_pays_leaves_clean_books_and_a_true_page(
    office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = hour_with(RACES)
    identity = known_bank(tmp_path / "bank", now=clock.now())
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, RACES, clock.now())
        bills = [bill_of(person, hour, number) for number, person in enumerate(people)]
        for person in people:
            person.page = "tagihan/batal"
            person.open_form()
        bank = SnapClient(web.url, identity, timeout=60)
        acts = [person.press for person in people] + [payment(bank, bill) for bill in bills]
        answers = together(acts)
        pages = [person.read(f"/permohonan/{person.code}/tagihan") for person in people]

    assert {answer.status for answer in answers[RACES:]} == {200}, "money is never refused here"
    assert {answer.status for answer in answers[:RACES]} <= {303, 409}
    assert [str(breach) for breach in breaches(clock.now())] == []
    # Whoever cancelled first gave the place up before the money came: paid all the same, an hour to choose.
    seated = scalar("SELECT count(*) FROM application WHERE state = 'scheduled'")
    to_choose = scalar("SELECT count(*) FROM application WHERE state = 'awaiting_place'")
    assert seated + to_choose == RACES
    assert scalar("SELECT count(*) FROM place_return") == to_choose
    assert scalar("SELECT count(*) FROM booking WHERE state = 'confirmed'") == seated
    assert all("Pembayaran diterima" in page and "Batalkan" not in page for page in pages)
    assert scalar("SELECT count(*) FROM event WHERE from_state LIKE '%|%' OR office_id IS NULL") == scalar(
        "SELECT count(*) FROM event WHERE office_id IS NULL AND kind NOT IN ('bill', 'booking', 'case')"
    )


def bill_of(person: Browser, hour: uuid.UUID, number: int) -> tuple[str, int]:
    """Check the person out and let the treasury answer: billing code and amount."""
    case = db.session.scalars(select(Application).where(Application.code == person.code)).one()
    account_id, case_id = case.account_id, case.id
    check_out(account_id, [(person.code, hour)], now=clock.now())
    bill = db.session.scalars(select(Bill).where(Bill.application_id == case_id)).one()
    code, amount_rp = f"8202611{number:08d}", bill.amount_rp
    now = clock.now()
    record_billing_code(bill.id, code, now, now=now)
    return code, amount_rp


def payment(bank: SnapClient, bill: tuple[str, int]) -> Callable[[], Answer]:
    body = json.dumps(payment_fields(*bill)).encode()
    external_id = next_external_id()

    def press() -> Answer:
        answer = bank.call(Service.PAYMENT, body, external_id)
        return Answer(answer.http_status, "", answer.body.decode())

    return press
