"""Sentences about bills and money."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.billing.check_out import KindNotPriced, NikInUse, NotDeclared, TooManyUnpaid

SENTENCES = {
    NotDeclared: _l(
        "Permohonan ini belum lengkap atau belum dinyatakan benar. Buka daftar isian, lalu lengkapi."
    ),
    NikInUse: _l(
        "NIK ini sedang dipakai pada permohonan lain yang masih berjalan. Lanjutkan permohonan itu; "
        "jika bukan milik Anda, datang ke kantor imigrasi dengan e-KTP asli."
    ),
    TooManyUnpaid: _l(
        "Dua tagihan terakhir tidak dibayar sampai batas waktunya. Anda bisa memilih jam lagi 24 jam sesudah "
        "tagihan pertama, supaya kuota tidak tertahan percuma."
    ),
    KindNotPriced: _l("Jenis paspor ini tidak ditawarkan hari ini. Pilih jenis lain pada isian Anda."),
}
