"""Kill -9 between a payment's commit and its reply: the bank asks again and hears what was decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mpaspor.foundation import clock
from mpaspor.simulators.bank import CHANNELS, Bank, Result
from mpaspor.simulators.bank_client import SnapClient
from mpaspor.simulators.bank_journal import Journal
from tests import live_web
from tests.postgres import Urls
from tests.stage.banks import known_bank
from tests.stage.bills import Owing

Scalar = Callable[..., Any]


def bank_of(folder: Path, url: str) -> Bank:
    identity = known_bank(folder, now=clock.now())
    return Bank(identity, SnapClient(url, identity), Journal(folder / "journal.sqlite3"))


def test_a_web_process_killed_after_the_commit_changes_nothing_for_the_bank(
    owed_today: Owing, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    port = live_web.free_port()
    bank = bank_of(tmp_path / "bank", f"http://127.0.0.1:{port}")
    taken = scalar("SELECT taken FROM slot WHERE id = :id", id=owed_today.slot_id)

    with live_web.web(database, tmp_path, port=port, orders=("die",)) as web:
        outcome = bank.pay(owed_today.code, CHANNELS[0])
        assert web.process.wait(timeout=60) == -9
    assert (outcome.result, outcome.response_code) == (Result.SUSPENDED, "")
    stored = bytes(scalar("SELECT reply FROM snap_exchange WHERE service = '25'"))

    with live_web.web(database, tmp_path, port=port):
        again = bank.resend(outcome.ntb)
        assert bank.resend(outcome.ntb) == again
    assert (again.result, again.response_code) == (Result.PAID, "2002500")
    assert Journal(tmp_path / "bank" / "journal.sqlite3").entry(outcome.ntb).reply == stored

    assert scalar("SELECT count(*) FROM payment") == 1
    assert scalar("SELECT ntb FROM payment") == outcome.ntb
    assert scalar("SELECT count(*) FROM booking WHERE state = 'confirmed'") == 1
    assert scalar("SELECT count(*) FROM booking") == 1
    assert scalar("SELECT taken FROM slot WHERE id = :id", id=owed_today.slot_id) == taken
    assert scalar("SELECT state FROM application WHERE id = :id", id=owed_today.application_id) == "scheduled"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'visit_letter'") == 1
