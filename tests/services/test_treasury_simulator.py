"""The pretend treasury keeps the promise that the real one will have to keep."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mpaspor.billing.gateways import IssuedCode, TariffLine, Treasury, TreasuryUnavailable
from mpaspor.simulators.treasury import TreasurySimulator

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)  # already the 24th in Jakarta
LINES = [TariffLine("passport", 650_000)]


def _ask(treasury: Treasury, bill: uuid.UUID) -> IssuedCode:
    return treasury.request_code(bill, 650_000, "SITI", LINES, NOW)


def test_a_code_has_15_digits_and_names_its_day_in_jakarta(tmp_path: Path) -> None:
    issued = _ask(TreasurySimulator(tmp_path), uuid.uuid4())
    assert re.fullmatch(r"820261124\d{6}", issued.code)
    assert issued.issued_at == NOW


def test_the_same_bill_gets_the_same_code_also_from_many_at_once(tmp_path: Path) -> None:
    bill = uuid.uuid4()
    with ThreadPoolExecutor(16) as crowd:
        codes = set(crowd.map(lambda _: _ask(TreasurySimulator(tmp_path), bill).code, range(32)))
    assert len(codes) == 1


def test_other_bills_get_other_codes(tmp_path: Path) -> None:
    treasury = TreasurySimulator(tmp_path)
    assert len({_ask(treasury, uuid.uuid4()).code for _ in range(50)}) == 50


def test_an_ntpn_has_16_signs_and_belongs_to_one_money(tmp_path: Path) -> None:
    treasury = TreasurySimulator(tmp_path)
    code = _ask(treasury, uuid.uuid4()).code
    first = treasury.ntpn_for(code, "000000000001")
    assert first is not None and re.fullmatch(r"[A-Z0-9]{16}", first)
    assert treasury.ntpn_for(code, "000000000001") == first
    assert treasury.ntpn_for(code, "000000000002") != first


def test_a_code_never_issued_is_never_settled(tmp_path: Path) -> None:
    assert TreasurySimulator(tmp_path).ntpn_for("820261124000000", "1") is None


def test_cancelling_twice_or_what_is_unknown_changes_nothing(tmp_path: Path) -> None:
    treasury = TreasurySimulator(tmp_path)
    bill = uuid.uuid4()
    code = _ask(treasury, bill).code
    treasury.cancel_code(code)
    treasury.cancel_code(code)
    treasury.cancel_code("820261124000000")
    assert _ask(treasury, bill).code == code


def test_lines_that_do_not_add_up_are_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="add up"):
        TreasurySimulator(tmp_path).request_code(uuid.uuid4(), 350_000, "SITI", LINES, NOW)


def test_a_ledger_that_cannot_be_used_means_unavailable(tmp_path: Path) -> None:
    (tmp_path / "treasury.sqlite3").write_bytes(b"this is not a ledger at all, and long enough to tell")
    with pytest.raises(TreasuryUnavailable):
        _ask(TreasurySimulator(tmp_path), uuid.uuid4())
