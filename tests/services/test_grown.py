"""An installation of some years is true, and no work looks through all of what it keeps."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mpaspor.applications.rules import CaseState
from mpaspor.billing.snap.rules import Service
from mpaspor.cli.check import breaches
from mpaspor.config import settings
from mpaspor.desk.call_next import call_next
from mpaspor.desk.look_up import look_up
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.worker.loop import make_worker
from mpaspor.worker.timed_work import scans_of
from tests.plans import Asked, asked, whole_tables
from tests.postgres import Urls
from tests.stage import banks, bills
from tests.stage.desk import House, newest_booklet
from tests.stage.grown import grown

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def years(app: Flask, palembang: Office, database: Urls, now: datetime) -> None:
    grown(app, palembang, database)


def expect_indexes(database: Urls, found: list[Asked]) -> None:
    wrong = whole_tables(database.superuser, found)
    assert not wrong, "\n".join(wrong)


def test_everything_that_is_promised_holds_of_what_was_copied(now: datetime) -> None:
    assert [str(breach) for breach in breaches(now)] == []


def test_timed_work(house: House, palembang: Office, database: Urls, now: datetime) -> None:
    house.walk(house.guest(), CaseState.READY)
    bills.owing(palembang, now)
    for later in (timedelta(days=2), timedelta(days=40)):
        with asked() as found:
            for scan in scans_of(settings()):
                scan.act(now + later)
    expect_indexes(database, found)


def test_handing_out(app: Flask, house: House, database: Urls, now: datetime) -> None:
    house.walk(house.guest(), CaseState.READY)
    with asked() as found:
        make_worker(app).hand_out(urgent=True)
        make_worker(app).hand_out(urgent=False)
    expect_indexes(database, found)


@pytest.mark.parametrize("wanted", ["TAMU", "1671015409960001", "code", "number", "booklet"])
def test_looking_up(house: House, database: Urls, now: datetime, wanted: str) -> None:
    code = house.walk(house.guest(), CaseState.READY)
    words = {"code": code, "booklet": newest_booklet(code), "number": "1" * 16}.get(wanted, wanted)
    staff_id, birth_on = house[Role.RECEPTION].id, date(1992, 8, 7)
    with asked() as found:
        look_up(staff_id, words, birth_on=birth_on, office_code="palembang", now=now)
    expect_indexes(database, found)


def test_calling_and_the_way_through_the_house(house: House, database: Urls, now: datetime) -> None:
    house.walk(house.guest(), CaseState.DOCUMENTS_CHECKED)
    with asked() as found:
        call_next(house[Role.BIOMETRICS].id, counter=1, now=now)
        house.walk(house.guest(hours=1), CaseState.READY)
    expect_indexes(database, found)


def test_checking_out_and_paying(
    client: FlaskClient, palembang: Office, database: Urls, now: datetime
) -> None:
    bank = banks.TestBank(client, now).register().sign_in()
    with asked() as found:
        owed = bills.owing(palembang, now)
        for service, body in (
            (Service.INQUIRY, banks.inquiry(owed.code)),
            (Service.PAYMENT, banks.payment_fields(owed.code, owed.amount_rp)),
            (Service.STATUS, banks.status_of(owed.code, "req-1")),
        ):
            bank.call(service, body)
    expect_indexes(database, found)
