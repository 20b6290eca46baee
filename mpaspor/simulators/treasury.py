"""A pretend treasury with a ledger of its own, for the demo and for tests.

It knows nothing of our tables: it keeps its codes in a file, as a stranger would.
"""

from __future__ import annotations

import secrets
import sqlite3
import string
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from mpaspor.billing.gateways import IssuedCode, TariffLine, TreasuryUnavailable

_JAKARTA = timezone(timedelta(hours=7))
_NTPN_SIGNS = string.ascii_uppercase + string.digits
_TRIES = 20
_SCHEMA = """
CREATE TABLE IF NOT EXISTS code (
    bill TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, amount_rp INTEGER NOT NULL, payer TEXT NOT NULL,
    lines INTEGER NOT NULL, issued_at TEXT NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS settled (
    code TEXT NOT NULL, ntb TEXT NOT NULL, ntpn TEXT NOT NULL UNIQUE, PRIMARY KEY (code, ntb)
);
"""


class TreasurySimulator:
    """Keeps the promise of `billing.gateways.Treasury` with a ledger file in `folder`.

    Codes look like those of SIMPONI: `8`, the day of issue in Jakarta, six digits. Every method raises
    `TreasuryUnavailable` when the ledger cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._ledger = folder / "treasury.sqlite3"

    def request_code(
        self,
        bill_id: uuid.UUID,
        amount_rp: int,
        payer_name: str,
        lines: Sequence[TariffLine],
        now: datetime,
    ) -> IssuedCode:
        """The code for this bill: the same one however often it is asked."""
        if amount_rp <= 0 or sum(line.amount_rp for line in lines) != amount_rp:
            raise ValueError("the lines must add up to an amount above zero")
        with self._writing() as ledger:
            for _ in range(_TRIES):
                code = f"8{now.astimezone(_JAKARTA):%Y%m%d}{secrets.randbelow(10**6):06d}"
                ledger.execute(
                    "INSERT OR IGNORE INTO code (bill, code, amount_rp, payer, lines, issued_at)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (str(bill_id), code, amount_rp, payer_name, len(lines), now.astimezone(UTC).isoformat()),
                )
                row = ledger.execute(
                    "SELECT code, issued_at FROM code WHERE bill = ?", (str(bill_id),)
                ).fetchone()
                if row is not None:
                    return IssuedCode(row[0], datetime.fromisoformat(row[1]))
        raise TreasuryUnavailable("no free code left for this day")

    def cancel_code(self, code: str) -> None:
        """Mark the code as taken back; unknown codes are left alone."""
        with self._writing() as ledger:
            ledger.execute("UPDATE code SET cancelled = 1 WHERE code = ?", (code,))

    def ntpn_for(self, code: str, ntb: str) -> str | None:
        """The NTPN of that money: settled as soon as it is asked for, None for a code never issued here."""
        with self._writing() as ledger:
            if ledger.execute("SELECT 1 FROM code WHERE code = ?", (code,)).fetchone() is None:
                return None
            ntpn = "".join(secrets.choice(_NTPN_SIGNS) for _ in range(16))
            ledger.execute(
                "INSERT OR IGNORE INTO settled (code, ntb, ntpn) VALUES (?, ?, ?)", (code, ntb, ntpn)
            )
            row = ledger.execute(
                "SELECT ntpn FROM settled WHERE code = ? AND ntb = ?", (code, ntb)
            ).fetchone()
            return None if row is None else str(row[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        ledger: sqlite3.Connection | None = None
        try:
            self._ledger.parent.mkdir(parents=True, exist_ok=True)
            ledger = sqlite3.connect(self._ledger, timeout=5, isolation_level=None)
            ledger.executescript(_SCHEMA)
            ledger.execute("BEGIN IMMEDIATE")
            yield ledger
            ledger.execute("COMMIT")
        except (sqlite3.Error, OSError) as exc:
            raise TreasuryUnavailable(str(exc)) from exc
        finally:
            if ledger is not None:
                ledger.close()  # without COMMIT this undoes what was begun
