"""`bin/mpaspor check`: a sound database is clean, and each promise broken by hand is found by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import InternalError, OperationalError

from mpaspor.applications.models import Application, Document
from mpaspor.billing import queries as billing
from mpaspor.billing.check_out import check_out
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.settle_bill import settle
from mpaspor.billing.snap import partners
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.cli import check as check_command
from mpaspor.cli.check import INVARIANTS, breaches, check
from mpaspor.foundation import database, files, seals
from mpaspor.foundation.database import PatientConnection, db
from mpaspor.foundation.invariants import Invariant
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.offices.models import Office
from tests import clean_tables
from tests.broken_by_hand import BREAKS, Break, by_hand, sweep_files
from tests.postgres import Urls
from tests.stage import banks, bills
from tests.stage.cast import RATNA_NIK, applicant
from tests.stage.drafts import ready_draft

_A_FILE_OF_LONG_AGO = timedelta(days=2)


@pytest.fixture
def paid_case(app: Flask, database: Urls, palembang: Office, now: datetime) -> Iterator[Application]:
    """Ratna's case from check-out to receipt, by the real operations, with one paper and sealed events."""
    case, papers = clean_tables.eraser(database.superuser).scene("paid_case", lambda: _play(palembang, now))
    for path, sealed in papers.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sealed)
        _age(path, now)
    sweep_files()
    yield case
    db.session.rollback()
    clean_tables.eraser(database.superuser).empty()
    sweep_files()


def _play(palembang: Office, now: datetime) -> tuple[Application, dict[Path, bytes]]:
    """The story once, and the sealed bytes of its papers."""
    ratna = applicant("Ratna Dewi Kusuma", "ratna@contoh.example", now)
    case = ready_draft(ratna, palembang, RATNA_NIK, now)
    papers = _give_paper(case, now)
    key = OneTimeKey(str(ratna.id), "/jadwal", "once", b"x" * 32, now)
    check_out.once(key, ratna.id, [(case.code, bills.free_slot(palembang, now))], now=now)
    bill = billing.newest_bill(case.id)
    assert bill is not None
    issued = now + timedelta(seconds=2)
    record_billing_code(bill.id, "820261123000001", issued, now=issued)
    partner_id = partners.register_partner(
        "BANKUJI",
        name="Bank",
        secret="x" * 32,
        public_key_pem=banks.public_pem(banks.bank_key()),
        now=now,
    )
    paid = issued + timedelta(minutes=1)
    call = banks.payment_call(partner_id, "820261123000001", bill.amount_rp, paid, ntb="000000000321")
    accept_payment(call)
    settle(bill.id, "ABCDEF0123456789", now=issued + timedelta(minutes=2))
    seals.seal_ended_days(now=now + timedelta(days=2))
    db.session.remove()
    return case, {path: path.read_bytes() for path in papers}


def _give_paper(case: Application, now: datetime) -> list[Path]:
    data = b"gambar"
    paper = Document(application_id=case.id, kind="family_card", file_key=files.store().put(data))
    paper.sha256, paper.uploaded_at = sha256(data).digest(), now
    paper.thumb_key, paper.thumb_sha256 = files.store().put(data), sha256(data).digest()
    db.session.add(paper)
    db.session.commit()
    root = Path(files.store().root)
    return [path for key in (paper.file_key, paper.thumb_key) for path in root.glob(f"??/??/{key}")]


def _age(path: Path, now: datetime) -> None:
    old = (now - _A_FILE_OF_LONG_AGO).timestamp()
    os.utime(path, (old, old))


def test_a_case_from_check_out_to_receipt_breaks_nothing(paid_case: Application, now: datetime) -> None:
    assert [str(breach) for breach in breaches(now)] == []


@pytest.mark.parametrize(
    "broken", BREAKS, ids=[f"{number}-{item.promise}" for number, item in enumerate(BREAKS)]
)
def test_what_a_hand_breaks_is_found(
    paid_case: Application, database: Urls, now: datetime, broken: Break
) -> None:
    with by_hand(database, broken.without) as connection:
        for statement in broken.sql.split(";"):
            assert connection.execute(statement.encode()).rowcount > 0, "nothing was broken"
        found = [breach for breach in breaches(now) if breach.name.startswith(broken.promise)]
        assert found, [str(breach) for breach in breaches(now)]


def test_every_promise_has_somebody_who_breaks_it() -> None:
    untried = [
        item.name for item in INVARIANTS if not any(item.name.startswith(each.promise) for each in BREAKS)
    ]
    assert untried == []


def test_a_hold_is_not_overdue_while_nobody_sweeps(
    paid_case: Application, database: Urls, now: datetime
) -> None:
    with by_hand(database, ()) as connection:
        connection.execute("INSERT INTO heartbeat VALUES ('sweep', %s)", [now])
        connection.execute("UPDATE booking SET state = 'held', held_until = %s", [now + timedelta(minutes=1)])
        late = now + timedelta(hours=3)
        assert not [breach for breach in breaches(late) if breach.name.startswith("5. No live hold")]


def test_the_command_says_clean_and_answers_zero(app: Flask, paid_case: Application, now: datetime) -> None:
    answer = app.test_cli_runner().invoke(check)
    assert (answer.exit_code, answer.output[:6]) == (0, "Clean:"), answer.output


def test_the_command_answers_one_with_the_rows_and_names_nobody(
    app: Flask, paid_case: Application, database: Urls, now: datetime
) -> None:
    with by_hand(database, ()) as connection:
        connection.execute("UPDATE application SET state = 'collected', nik_lookup = '\\x00'")
        connection.execute("UPDATE bill SET amount_rp = 1")
        answer = app.test_cli_runner().invoke(check)
    assert answer.exit_code == 1
    assert paid_case.code in answer.output
    for secret in ("Ratna", RATNA_NIK, "ratna@", "+62812"):
        assert secret not in answer.output


def test_it_cannot_write(paid_case: Application, database: Urls, now: datetime) -> None:
    with by_hand(database, ()) as connection:
        connection.execute("UPDATE application SET state = 'missed'")
        running = breaches(now)
        next(running)
        with pytest.raises(InternalError, match="read-only"):
            db.session.execute(update(Application).values(state="draft"))
        running.close()


def test_a_proof_takes_as_long_as_it_takes(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On millions of rows one promise takes longer than any page may; what is asked afterwards may not."""
    slow = "SELECT 'row', 'after a while' FROM pg_sleep(0.5)"
    limits = """
        SELECT name, setting FROM pg_settings
        WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout') AND setting <> '0'"""
    promises = [Invariant("Slow", slow), Invariant("Limits", limits)]
    monkeypatch.setattr(check_command, "INVARIANTS", promises)
    monkeypatch.setattr(database, "_PATIENCE", 0.2)
    monkeypatch.setattr(PatientConnection, "patience", 0.2)
    assert [str(breach) for breach in breaches(now)] == ["Slow: row: after a while"]
    with pytest.raises(OperationalError, match="does not answer"):
        db.session.execute(text("SELECT pg_sleep(0.5)"))
    db.session.rollback()
