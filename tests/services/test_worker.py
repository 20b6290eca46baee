"""The worker: what the outbox promises is sent once, in time, or is found among the failed."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from mpaspor.billing.check_out import check_out
from mpaspor.billing.gateways import TreasuryUnavailable
from mpaspor.billing.models import Bill
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.booking.models import Slot
from mpaspor.booking.move_booking import move_booking
from mpaspor.cli import serve
from mpaspor.config import settings
from mpaspor.correspondence.handlers import HANDLERS
from mpaspor.demo import messages
from mpaspor.demo.models import DemoMessage
from mpaspor.foundation import clock, outbox, outbox_queue
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.mail import CannotSend
from mpaspor.foundation.operations import operation
from mpaspor.foundation.outbox_queue import MAX_ATTEMPTS, Claimed, ComeBack
from mpaspor.offices.models import Office
from mpaspor.server.heartbeat import nobody_watches
from mpaspor.worker.loop import Worker, make_worker
from mpaspor.worker.treasury_work import treasury_handlers, treasury_of
from tests.stage import banks, bills
from tests.stage.banks import TestBank

Scalar = Callable[..., Any]


@operation
def queue(kind: str, *, now: datetime, dedupe_key: str = "", secret: str | None = None) -> None:
    outbox.add(kind, uuid7(), dedupe_key=dedupe_key or str(uuid7()), now=now, secret=secret)


def sent_messages(app: Flask) -> dict[str, DemoMessage]:
    db.session.remove()
    return {message.kind: message for message in messages.newest()}


def words_of(message: DemoMessage) -> str:
    [file] = message.files
    content = messages.file_of(message.id, file.name)
    assert content is not None
    return " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def worker_with(app: Flask, act: Callable[[Claimed, datetime], None]) -> Worker:
    return Worker(app, {"news": act}, scans=())


def test_from_check_out_to_receipt_every_letter_arrives_once(
    app: Flask, palembang: Office, bank: TestBank, now: datetime, scalar: Scalar
) -> None:
    account_id, case_id, code = bills.draft(palembang, now)
    check_out(account_id, [(code, bills.free_slot(palembang, now))], now=now)
    worker = make_worker(app)
    worker.once()
    bill = db.session.scalars(select(Bill).where(Bill.application_id == case_id)).one()
    assert bill.state == "payable"
    letter = sent_messages(app)["billing_letter"]
    grouped = f"{bill.billing_code[:3]} {bill.billing_code[3:6]}"  # type: ignore[index]
    assert grouped in letter.body
    assert grouped in words_of(letter)
    code_of_bill = bill.billing_code or ""
    call = banks.payment_call(bank.partner_id, code_of_bill, bill.amount_rp, now, ntb="000000000321")
    accept_payment(call)
    worker.once()
    worker.once()
    sent = sent_messages(app)
    assert set(sent) == {"billing_letter", "visit_letter", "receipt"}
    assert "000000000321" in words_of(sent["receipt"])
    assert f"{code[:4]}-{code[4:]}" in words_of(sent["visit_letter"])
    assert scalar("SELECT count(*) FROM demo_message") == 3
    assert scalar("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0
    for kind in ("visit_letter", "receipt"):
        [file] = sent[kind].files
        content = messages.file_of(file.message_id, file.name) or b""
        kept = scalar("SELECT sha256 FROM letter WHERE kind = :kind", kind=kind)
        assert bytes(kept) == sha256(content).digest()


def test_a_moved_visit_gets_a_new_letter_for_the_new_hour(
    app: Flask, palembang: Office, bank: TestBank, now: datetime
) -> None:
    owed = bills.owing(palembang, now)
    accept_payment(banks.payment_call(bank.partner_id, owed.code, owed.amount_rp, now))
    slot = db.session.scalars(
        select(Slot).where(Slot.starts_at > now + timedelta(days=10)).order_by(Slot.starts_at).limit(1)
    ).one()
    move_booking(owed.account_id, owed.application_code, slot.id, now=now)
    make_worker(app).once()
    assert (
        str(slot.starts_at.astimezone(ZoneInfo("Asia/Jakarta")).day)
        in words_of(sent_messages(app)["moved"]).split()
    )
    assert "tidak bisa diubah lagi" in words_of(sent_messages(app)["moved"])
    assert "Jadwal diubah" in sent_messages(app)["moved"].subject


def test_an_unpaid_bill_lapses_by_itself_and_the_applicant_is_told(
    app: Flask, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    owed = bills.owing(palembang, now)
    worker = make_worker(app)
    moment = now
    while moment < now + timedelta(hours=3):  # somebody watches all the time: no outage
        moment += timedelta(minutes=9)
        with clock.at(moment):
            worker.once()
    assert scalar("SELECT state FROM bill WHERE id = :id", id=owed.bill_id) == "lapsed"
    assert "jangan dibayar" in sent_messages(app)["bill_lapsed"].body


def test_while_the_treasury_is_silent_the_place_stays_held(
    app: Flask, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    class Silent:
        def request_code(self, *_: object) -> object:
            raise TreasuryUnavailable("silent")

    account_id, case_id, code = bills.draft(palembang, now)
    check_out(account_id, [(code, bills.free_slot(palembang, now))], now=now)
    silent = Worker(app, treasury_handlers(Silent()))  # type: ignore[arg-type]
    moment = now
    for _ in range(12):
        moment += timedelta(minutes=5)
        with clock.at(moment):
            silent.once()
    assert scalar("SELECT state FROM bill WHERE application_id = :id", id=case_id) == "requested"
    assert scalar("SELECT attempts FROM outbox WHERE kind = 'request_billing_code'") == 0
    with clock.at(moment + timedelta(seconds=10)):
        Worker(app, {**HANDLERS, **treasury_handlers(treasury_of(settings()))}).once()
    assert scalar("SELECT state FROM bill WHERE application_id = :id", id=case_id) == "payable"


def test_one_row_per_dedupe_key(app: Flask, now: datetime, scalar: Scalar) -> None:
    for _ in range(3):
        queue("news", now=now, dedupe_key="news:1")
    assert scalar("SELECT count(*) FROM outbox") == 1


def test_what_fails_is_tried_eight_times_further_and_further_apart_then_listed(
    app: Flask, now: datetime, scalar: Scalar
) -> None:
    tried: list[datetime] = []

    def fails(row: Claimed, at: datetime) -> None:
        tried.append(at)
        raise CannotSend("the server is down")

    queue("news", now=now)
    worker = worker_with(app, fails)
    moment = now
    for _ in range(5000):
        with clock.at(moment):
            worker.once()
        if scalar("SELECT dead_at FROM outbox") is not None:
            break
        moment = max(moment, scalar("SELECT available_at FROM outbox"))
    gaps = [later - earlier for earlier, later in zip(tried, tried[1:], strict=False)]
    assert len(tried) == MAX_ATTEMPTS
    assert all(
        timedelta(seconds=8 * 2**n) <= gap <= timedelta(seconds=10 * 2**n) for n, gap in enumerate(gaps, 1)
    )
    db.session.remove()
    [row] = outbox_queue.dead()
    assert row.last_error == "the server is down"


def test_a_failed_message_can_be_tried_again(app: Flask, now: datetime) -> None:
    def fails(row: Claimed, at: datetime) -> None:
        raise CannotSend("no such address", is_final=True)

    sent: list[uuid.UUID] = []
    queue("news", now=now)
    worker_with(app, fails).once()
    [row] = outbox_queue.dead()
    assert outbox_queue.retry(row.id, now=now)
    assert not outbox_queue.retry(row.id, now=now)
    worker_with(app, lambda claimed, at: sent.append(claimed.id)).once()
    assert sent == [row.id]
    assert outbox_queue.dead() == []


def test_an_unexpected_error_is_kept_by_its_name_only(app: Flask, now: datetime, scalar: Scalar) -> None:
    def breaks(row: Claimed, at: datetime) -> None:
        raise ValueError("1671015409960001")

    queue("news", now=now)
    worker_with(app, breaks).once()
    assert scalar("SELECT last_error FROM outbox") == "ValueError"


def test_a_kind_that_nobody_handles_is_listed_at_once(app: Flask, now: datetime) -> None:
    queue("unheard_of", now=now)
    worker_with(app, lambda row, at: None).once()
    assert [row.kind for row in outbox_queue.dead()] == ["unheard_of"]


def test_patience_does_not_count_as_a_try(app: Flask, now: datetime, scalar: Scalar) -> None:
    def waits(row: Claimed, at: datetime) -> None:
        raise ComeBack(60)

    queue("news", now=now)
    worker_with(app, waits).once()
    assert scalar("SELECT attempts FROM outbox") == 0
    assert scalar("SELECT available_at FROM outbox") == now + timedelta(seconds=60)


def test_a_claimed_row_is_not_claimed_twice_until_its_lease_ends(app: Flask, now: datetime) -> None:
    queue("news", now=now)
    assert len(outbox_queue.claim(urgent=False, limit=5, now=now)) == 1
    assert outbox_queue.claim(urgent=False, limit=5, now=now) == []
    later = now + outbox_queue.LEASE
    assert len(outbox_queue.claim(urgent=False, limit=5, now=later)) == 1


def test_a_row_that_kills_its_workers_is_buried(app: Flask, now: datetime) -> None:
    queue("news", now=now)
    moment = now
    for _ in range(MAX_ATTEMPTS):
        outbox_queue.claim(urgent=False, limit=1, now=moment)
        moment += outbox_queue.LEASE
    outbox_queue.bury_lost(now=moment)
    assert [row.last_error for row in outbox_queue.dead()] == ["the worker never came back"]


def test_codes_have_a_lane_of_their_own_and_their_secret_is_wiped(
    app: Flask, now: datetime, scalar: Scalar
) -> None:
    queue("news", now=now)
    queue("email_code", now=now, secret="123456")
    [row] = outbox_queue.claim(urgent=True, limit=5, now=now)
    assert (row.kind, row.secret) == ("email_code", "123456")
    assert b"123456" not in bytes(scalar("SELECT secret FROM outbox WHERE kind = 'email_code'"))
    outbox_queue.finish(row.id, now=now)
    assert scalar("SELECT secret FROM outbox WHERE kind = 'email_code'") is None


def test_a_code_leaves_while_slow_mail_blocks_the_other_lane(app: Flask) -> None:
    now = clock.now()  # the lanes are threads: they look at the real clock
    code_left, news_began, let_go = threading.Event(), threading.Event(), threading.Event()

    def slow(row: Claimed, at: datetime) -> None:
        news_began.set()
        assert let_go.wait(30)

    queue("news", now=now)
    worker = Worker(app, {"news": slow, "email_code": lambda row, at: code_left.set()}, scans=())
    running = threading.Thread(target=worker.run)
    running.start()
    try:
        assert news_began.wait(30)
        queue("email_code", now=now, secret="123456")
        assert code_left.wait(30)
        assert not let_go.is_set()
    finally:
        let_go.set()
        worker.stop()
        running.join(30)
    assert not running.is_alive()


def test_a_secret_dies_with_its_message(app: Flask, now: datetime, scalar: Scalar) -> None:
    queue("email_code", now=now, secret="123456")
    [row] = outbox_queue.claim(urgent=True, limit=1, now=now)
    outbox_queue.fail(replace(row, attempts=MAX_ATTEMPTS), "down", now=now)
    assert scalar("SELECT secret FROM outbox") is None
    assert scalar("SELECT dead_at FROM outbox") == now


def test_a_scan_that_breaks_stops_nobody(app: Flask, now: datetime) -> None:
    from mpaspor.worker.timed_work import Scan

    ran: list[datetime] = []

    def breaks(at: datetime) -> None:
        raise RuntimeError

    Worker(app, {}, scans=(Scan("bad", 1, breaks), Scan("good", 1, ran.append))).once()
    assert ran == [now]


def test_news_of_a_case_that_names_none_is_found_among_the_failed(
    app: Flask, now: datetime, scalar: Scalar
) -> None:
    """A process of the version before, still running while the schema is new, queues such rows."""
    queue("granted", now=now)
    Worker(app, HANDLERS, scans=()).once()
    assert scalar("SELECT last_error FROM outbox WHERE sent_at IS NULL") == "granted names no case"


def test_beside_web_processes_the_worker_gives_way_to_them(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    monkeypatch.setattr(serve.os, "nice", done.append)
    monkeypatch.setattr(serve.loop, "run_forever", lambda _beat: done.append("works"))
    serve._work(lambda _settings: app, settings(), nobody_watches)
    assert done == [10, "works"]
