"""What the letters of the register are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

LETTER_NAMES = {
    "payment_letter": _l("Surat pengantar pembayaran"),
    "receipt": _l("Bukti penerimaan negara"),
    "visit_letter": _l("Surat kedatangan"),
}

# What has become of a letter → (heading, what to do; none where it holds).
STANDINGS = {
    "holds": (_l("Surat ini asli"), None),
    "hour_changed": (
        _l("Surat ini asli, tetapi sudah diganti"),
        _l(
            "Jadwalnya berubah sesudah surat ini dibuat. "
            "Yang berlaku adalah surat terbaru di halaman permohonan."
        ),
    ),
    "hour_given_up": (
        _l("Surat ini asli, tetapi tidak berlaku lagi"),
        _l("Jadwal di surat ini sudah dibatalkan."),
    ),
    "code_dead": (
        _l("Surat ini asli, tetapi kodenya tidak berlaku lagi"),
        _l(
            "Jangan membayar kode billing di surat ini. "
            "Kode yang berlaku, kalau ada, tertulis di halaman permohonan."
        ),
    ),
    "code_paid": (
        _l("Surat ini asli, dan kodenya sudah dibayar"),
        _l("Jangan membayar lagi. Buktinya ada di halaman permohonan."),
    ),
    "money_back": (
        _l("Surat ini asli, tetapi pembayarannya ditarik kembali"),
        _l("Bank menarik kembali pembayaran ini. Hubungi kantor imigrasi Anda dengan bukti bayar."),
    ),
}


def letter_name(kind: str) -> str:
    """The name of a kind of letter, as it stands at its head."""
    return str(LETTER_NAMES[kind])
