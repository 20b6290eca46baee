"""Sentences about places."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.billing.accept_offer import OfferOver
from mpaspor.booking.closures import AlreadyReopened, NothingToClose
from mpaspor.booking.move_booking import AlreadyMoved, SameDay, TooLateToMove
from mpaspor.booking.releases import DaysDoNotFit, OpensInThePast, ReleaseOver
from mpaspor.booking.rules import ClosureCause, ReseatingEnd
from mpaspor.booking.transitions import SlotFull

SENTENCES = {
    SlotFull: _l("Jam itu baru saja penuh. Pilih jam lain; isian Anda tetap tersimpan."),
    TooLateToMove: _l("Jadwal hanya bisa diubah paling lambat sehari sebelumnya. Datanglah pada jam Anda."),
    AlreadyMoved: _l(
        "Jadwal ini sudah pernah diubah, dan perubahan hanya bisa satu kali. Datanglah pada jam Anda."
    ),
    OfferOver: _l(
        "Usulan jadwal ini sudah berakhir. Pilih jadwal lain yang masih ada, tanpa biaya tambahan."
    ),
    NothingToClose: _l("Tidak ada jam buka di situ: sudah ditutup, sudah lewat, atau memang tidak ada."),
    AlreadyReopened: _l("Penutupan ini sudah dibatalkan."),
    OpensInThePast: _l("Waktu bukanya sudah lewat. Isi waktu yang masih akan datang."),
    DaysDoNotFit: _l(
        "Hari-harinya tidak cocok: paling cepat sehari sesudah dibuka, paling jauh 120 hari, "
        "dan paling banyak 62 hari sekaligus."
    ),
    ReleaseOver: _l("Pembukaan ini sudah berjalan atau sudah dibatalkan."),
    SameDay: _l("Jam itu pada hari yang sama. Pilih hari lain, atau tetap pada jam Anda."),
}

# Why hours are closed, as people read it.
CAUSES = {
    ClosureCause.POWER: _l("listrik padam"),
    ClosureCause.SYSTEM: _l("gangguan sistem"),
    ClosureCause.EQUIPMENT: _l("alat rusak"),
    ClosureCause.STAFF: _l("petugas tidak cukup"),
    ClosureCause.BUILDING: _l("perbaikan gedung"),
    ClosureCause.BOOKLETS: _l("buku paspor habis"),
    ClosureCause.EVENT: _l("acara dinas"),
    ClosureCause.DISASTER: _l("bencana atau cuaca buruk"),
    ClosureCause.OTHER: _l("keadaan di kantor"),
}

# How it ended for somebody whose hour was closed, as officers read it.
RESEATED = {
    ReseatingEnd.ACCEPTED: _l("menerima usulan"),
    ReseatingEnd.CHOSEN: _l("memilih jadwal sendiri"),
    ReseatingEnd.SILENT: _l("tidak menjawab"),
    ReseatingEnd.RESTORED: _l("kembali ke jam semula"),
    ReseatingEnd.MOOT: _l("tidak perlu lagi"),
}
