"""The simulated bank is a partner of every demo."""

from __future__ import annotations

from pathlib import Path

from mpaspor.billing.snap import partners
from mpaspor.foundation import clock
from mpaspor.simulators import bank_identity


def register_bank(data_dir: Path) -> None:
    """Make the simulated bank's keys if need be and register it with us. Needs an application context."""
    identity = bank_identity.load_or_make(bank_identity.folder(data_dir))
    known = partners.partner_by_code(identity.partner_id)
    if (
        known is not None
        and known.secret == identity.secret
        and known.public_key_pem == identity.public_key_pem
    ):
        return
    partners.register_partner(
        identity.partner_id,
        name=bank_identity.BANK_NAME,
        secret=identity.secret,
        public_key_pem=identity.public_key_pem,
        now=clock.now(),
    )
