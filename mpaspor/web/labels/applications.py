"""What is applied for, and the states of a case as officers see them (applicants: `journey`)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mpaspor.applications.rules import CaseState, Need, PaperState, PassportKind, ReplacementReason

S = CaseState

# For officers: short, as it stands in a table.
OFFICER_STATES = {
    S.DRAFT: _l("Draf"),
    S.DISCARDED: _l("Draf dihapus"),
    S.AWAITING_PAYMENT: _l("Belum bayar"),
    S.AWAITING_PLACE: _l("Dibayar, belum punya jam"),
    S.SCHEDULED: _l("Terjadwal"),
    S.MISSED: _l("Tidak datang"),
    S.ARRIVED: _l("Hadir"),
    S.DOCUMENTS_CHECKED: _l("Berkas lengkap"),
    S.DOCUMENTS_WANTED: _l("Menunggu berkas"),
    S.BIOMETRICS_TAKEN: _l("Foto diambil"),
    S.INTERVIEWED: _l("Sudah wawancara"),
    S.GRANTED: _l("Disetujui"),
    S.DEFERRED: _l("Ditangguhkan"),
    S.REFUSED: _l("Ditolak"),
    S.PRINTED: _l("Dicetak"),
    S.READY: _l("Siap diambil"),
    S.COLLECTED: _l("Diambil"),
    S.VOID: _l("Batal, tidak diambil"),
    S.WITHDRAWN: _l("Dibatalkan pemohon"),
    S.CLOSED: _l("Ditutup"),
}

# For officers: what they decided about a paper.
OFFICER_PAPER_STATES = {
    PaperState.SUBMITTED: _l("Belum"),
    PaperState.ACCEPTED: _l("Diterima"),
    PaperState.WANTED: _l("Diminta"),
}

NEEDS = {
    Need.NEW: _l("Baru"),
    Need.REPLACEMENT: _l("Penggantian"),
}

REPLACEMENT_REASONS = {
    ReplacementReason.EXPIRED: _l("habis masa berlaku"),
    ReplacementReason.PAGES_FULL: _l("halaman penuh"),
    ReplacementReason.TO_ELECTRONIC: _l("tukar ke elektronik"),
}

PASSPORT_NAMES = {
    PassportKind.ELECTRONIC_LAMINATED: _l("Paspor elektronik laminasi"),
    PassportKind.ELECTRONIC_POLYCARBONATE: _l("Paspor elektronik polikarbonat"),
    PassportKind.NON_ELECTRONIC: _l("Paspor biasa nonelektronik"),
}


def passport_name(kind: str, validity_years: int) -> str:
    """`Paspor elektronik laminasi, 5 tahun`."""
    return _(
        "%(passport)s, %(years)s tahun", passport=PASSPORT_NAMES[PassportKind(kind)], years=validity_years
    )
