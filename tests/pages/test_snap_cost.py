"""What a bank's call costs the database, and that the joined statements still wait where they must."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from mpaspor.billing.snap.rules import Service
from mpaspor.cli.check import breaches
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from tests import postgres
from tests.conftest import MONDAY
from tests.counted import counted
from tests.postgres import Urls
from tests.stage.banks import TestBank, code, inquiry, payment_fields, status_of
from tests.stage.bills import Owing
from tests.waiting import until, waiting_for_locks

Scalar = Callable[..., Any]
_IDLE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
PAY, STATUS, INQUIRY = Service.PAYMENT, Service.STATUS, Service.INQUIRY


@contextmanager
def transactions() -> Iterator[list[str]]:
    """How often inside the block a connection was taken, and how each of their transactions ended."""
    found: list[str] = []

    def note(word: str) -> Callable[..., None]:
        return lambda *_: found.append(word)

    db.session.remove()
    notes = [(db.engine.pool, "checkout", note("taken")), (db.engine, "commit", note("committed"))]
    notes += [(db.engine, "rollback", note("rolled back"))]
    for where, name, act in notes:
        event.listen(where, name, act)
    try:
        yield found
    finally:
        for where, name, act in notes:
            event.remove(where, name, act)


def test_an_accepted_payment_is_nine_statements_in_one_transaction(bank: TestBank, owed: Owing) -> None:
    with transactions() as found, counted() as statements:
        assert code(bank.call(PAY, payment_fields(owed.code, owed.amount_rp))) == "2002500"
    assert len(statements) <= 9, statements
    assert found == ["taken", "committed"]


def test_a_refused_payment_is_seven_statements_in_one_transaction(bank: TestBank, owed: Owing) -> None:
    with transactions() as found, counted() as statements:
        assert code(bank.call(PAY, payment_fields(owed.code, owed.amount_rp + 1))) == "4042513"
    assert len(statements) <= 7, statements
    assert found == ["taken", "committed"]


def test_a_call_that_is_refused_before_its_operation_keeps_no_transaction_open(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    calls: list[tuple[dict[str, Any], dict[str, str | None]]] = [
        ({}, {}),
        (payment_fields(owed.code, owed.amount_rp), {"X-PARTNER-ID": None}),
        (payment_fields(owed.code, owed.amount_rp), {"X-SIGNATURE": "palsu"}),
    ]
    for fields, headers in calls:
        assert bank.call(PAY, fields, **headers).status_code in (400, 401)
        assert scalar(_IDLE) == 0


def test_a_repeated_payment_is_six_statements(bank: TestBank, owed: Owing) -> None:
    fields = payment_fields(owed.code, owed.amount_rp)
    first = bank.call(PAY, fields, "800")
    with counted() as statements:
        assert bank.call(PAY, fields, "800").data == first.data
    assert len(statements) <= 6, statements


def test_an_inquiry_is_four_statements_and_a_status_six(bank: TestBank, owed: Owing) -> None:
    with counted() as statements:
        assert code(bank.call(INQUIRY, inquiry(owed.code))) == "2002400"
    assert len(statements) <= 4, statements
    bank.call(PAY, payment_fields(owed.code, owed.amount_rp, paymentRequestId="cost"))
    with counted() as statements:
        assert code(bank.call(STATUS, status_of(owed.code, "cost"))) == "2002600"
    assert len(statements) <= 6, statements


def test_what_a_payment_did_is_recorded_in_the_order_in_which_it_was_done(
    bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    bank.call(PAY, payment_fields(owed.code, owed.amount_rp))
    kinds = scalar("SELECT string_agg(kind, ' ' ORDER BY seq) FROM event WHERE actor_kind = 'bank'")
    assert kinds == "bill booking case"
    assert [str(breach) for breach in breaches(MONDAY) if not breach.name.startswith("2.")] == []


def test_a_payment_that_waited_for_the_case_decides_on_what_is_true_then(
    app: Flask, bank: TestBank, owed: Owing, database: Urls, scalar: Scalar
) -> None:
    """One statement locks case and bill: it must not answer from what the bill was when it began to wait."""
    with ThreadPoolExecutor(1) as crowd:
        with postgres._connect(database.superuser) as desk, desk.transaction():
            desk.execute("SELECT 1 FROM application FOR NO KEY UPDATE")
            payment = crowd.submit(_call, app, bank, payment_fields(owed.code, owed.amount_rp))
            until(lambda: waiting_for_locks(scalar) == 1)
            desk.execute("UPDATE application SET changed_at = changed_at + interval '1 second'")
            desk.execute("UPDATE bill SET amount_rp = amount_rp + 1000")
        assert payment.result() == "4042513"


def test_a_payment_holds_the_case_before_it_waits_for_the_bill(
    app: Flask, bank: TestBank, owed: Owing, database: Urls, scalar: Scalar
) -> None:
    """The other way round it would meet a lapse, which takes the case first, in a deadlock."""
    with ThreadPoolExecutor(1) as crowd:
        with postgres._connect(database.superuser) as desk, desk.transaction():
            desk.execute("SELECT 1 FROM bill FOR NO KEY UPDATE")
            payment = crowd.submit(_call, app, bank, payment_fields(owed.code, owed.amount_rp))
            until(lambda: waiting_for_locks(scalar) == 1)
            free = desk.execute("SELECT 1 FROM application FOR NO KEY UPDATE SKIP LOCKED").fetchall()
            assert free == []
        assert payment.result() == "2002500"


@pytest.mark.real_clock
def test_abuse_31_one_reference_under_twenty_request_ids_at_once_is_one_payment(
    app: Flask, bank: TestBank, owed: Owing, scalar: Scalar
) -> None:
    calls = [payment_fields(owed.code, owed.amount_rp, referenceNo="000000000044") for _ in range(20)]
    with ThreadPoolExecutor(20) as crowd:
        answers: list[Future[str]] = [crowd.submit(_call, app, bank, fields) for fields in calls]
        assert {answer.result() for answer in answers} == {"2002500"}
    assert scalar("SELECT count(*) FROM payment") == 1
    assert scalar("SELECT count(*) FROM payment_request WHERE payment_id IS NOT NULL") == 20
    assert scalar("SELECT count(*) FROM snap_exchange WHERE reply IS NULL AND service = '25'") == 0


def _call(app: Flask, bank: TestBank, fields: dict[str, Any]) -> str:
    with app.app_context(), clock.at(MONDAY):
        return code(TestBank(app.test_client(), MONDAY, token=bank.token).call(PAY, fields))
