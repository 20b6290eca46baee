"""Who may collect a passport, and what each brings: one list for pages, mails and the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# Who → what they bring. The application code on the phone is as good as the printed receipt.
PICKUP = (
    (_l("Pemilik"), _l("e-KTP asli, dan bukti terima pembayaran atau kode permohonan")),
    (
        _l("Keluarga dalam satu KK"),
        _l("salinan KK, KTP asli sendiri, dan bukti terima atau kode permohonan"),
    ),
    (
        _l("Orang lain"),
        _l("surat kuasa bermeterai, KTP asli sendiri, dan bukti terima atau kode permohonan"),
    ),
)
