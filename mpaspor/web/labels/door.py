"""Words of the door: what became of arrivals that were told later, and why a supervisor is asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.desk.door_rules import Told, Why

# What became of an arrival that the door told once the server was there again.
TOLD = {
    Told.LET_IN: _l("Tercatat, nomor %(number)s."),
    Told.HERE: _l("Sudah diterima di pintu lain, nomor %(number)s. Tidak dicatat dua kali."),
    Told.EARLY: _l("Belum tercatat: datang terlalu awal, tanpa alasan. Penyelia sudah diberi tahu."),
    Told.LATE: _l("Belum tercatat: jam kunjungannya sudah lewat. Penyelia sudah diberi tahu."),
    Told.WRONG_DAY: _l("Belum tercatat: jadwalnya sudah diubah ke hari lain. Penyelia sudah diberi tahu."),
    Told.UNPAID: _l("Belum tercatat: pembayarannya ditarik kembali. Penyelia sudah diberi tahu."),
    Told.NOT_EXPECTED: _l("Belum tercatat: permohonannya sudah dibatalkan. Penyelia sudah diberi tahu."),
    Told.OWN_CASE: _l(
        "Belum tercatat: permohonan keluarga Anda. Rekan menerimanya; penyelia sudah diberi tahu."
    ),
    Told.DAY_OVER: _l("Tidak tercatat: harinya sudah lewat. Penyelia sudah diberi tahu."),
    Told.UNKNOWN: _l("Tidak tercatat: kode ini tidak ada di kantor Anda. Periksa surat orangnya."),
}

# Why somebody stands before a supervisor; what the door wrote itself stands beside it.
ASKED_WHY = {
    Why.ASKED: _l("Pintu meminta penyelia"),
    Why.EARLY: _l("Datang terlalu awal saat server tidak terjangkau"),
    Why.LATE: _l("Datang terlambat saat server tidak terjangkau"),
    Why.WRONG_DAY: _l("Datang saat server tidak terjangkau, tetapi jadwalnya sudah bukan hari itu"),
    Why.UNPAID: _l("Datang saat server tidak terjangkau, tetapi pembayarannya tidak ada lagi"),
    Why.NOT_EXPECTED: _l("Datang saat server tidak terjangkau, tetapi tidak punya jadwal lagi"),
    Why.OWN_CASE: _l("Diterima petugas yang berkerabat; rekan harus menerimanya"),
    Why.DAY_OVER: _l("Datang saat server tidak terjangkau, dan harinya sudah lewat"),
}
