"""Sentences about bills and money."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.billing.check_out import KindNotPriced, NikInUse, NotDeclared
from mpaspor.billing.unpaid import BillStillOpen, PhoneHeldTooOften, TooManyUnpaid

SENTENCES = {
    NotDeclared: _l(
        "Permohonan ini belum lengkap atau belum dinyatakan benar. Buka daftar isian, lalu lengkapi."
    ),
    NikInUse: _l(
        "NIK ini sedang dipakai pada permohonan lain yang masih berjalan. Lanjutkan permohonan itu; "
        "jika bukan milik Anda, datang ke kantor imigrasi dengan e-KTP asli."
    ),
    BillStillOpen: _l(
        "Satu tagihan Anda masih menunggu dibayar. Bayar atau batalkan dulu, lalu pilih jadwal ini."
    ),
    TooManyUnpaid: _l(
        "Dalam 24 jam, %(count)s jadwal Anda dibatalkan atau tidak dibayar. Pilih jadwal lagi %(until)s."
    ),
    PhoneHeldTooOften: _l(
        "Dalam 24 jam, %(count)s jadwal dengan nomor HP ini dibatalkan atau tidak dibayar. Pilih jadwal lagi "
        "%(until)s, atau tulis nomor HP lain di isian Anda."
    ),
    KindNotPriced: _l("Jenis paspor ini tidak ditawarkan hari ini. Pilih jenis lain pada isian Anda."),
}
