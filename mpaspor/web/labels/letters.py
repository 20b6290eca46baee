"""What the letters of the register are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

LETTER_NAMES = {
    "payment_letter": _l("Surat pengantar pembayaran"),
    "receipt": _l("Bukti penerimaan negara"),
    "visit_letter": _l("Surat kedatangan"),
}


def letter_name(kind: str) -> str:
    """The name of a kind of letter, as it stands at its head."""
    return str(LETTER_NAMES[kind])
