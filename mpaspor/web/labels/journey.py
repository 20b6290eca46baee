"""Words for the applicant's journey: where the case is, and what comes next."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from mpaspor.applications.models import Application
from mpaspor.applications.rules import ENDED, CaseState
from mpaspor.billing.models import Bill
from mpaspor.billing.rules import BillState
from mpaspor.booking.queries import Visit

S = CaseState

STOPS = {
    "checked_out": _l("Jam dipilih"),
    "paid": _l("Dibayar"),
    "arrived": _l("Datang ke kantor"),
    "at_the_desk": _l("Berkas, foto, sidik jari, wawancara"),
    "decided": _l("Keputusan"),
    "ready": _l("Paspor siap diambil"),
    "collected": _l("Diambil"),
}

# State → (short tag, kind of tag, heading that says what is next).
NEXT = {
    S.DRAFT: (_l("Draf"), "plain", _l("Berikutnya: lengkapi isian")),
    S.DISCARDED: (_l("Dihapus"), "plain", _l("Draf ini sudah dihapus")),
    S.AWAITING_PAYMENT: (_l("Menunggu pembayaran"), "now", _l("Berikutnya: bayar tagihan")),
    S.AWAITING_PLACE: (_l("Sudah dibayar"), "bad", _l("Berikutnya: pilih jam baru")),
    S.SCHEDULED: (_l("Sudah dibayar"), "ok", _l("Berikutnya: datang ke kantor")),
    S.MISSED: (_l("Tidak datang"), "bad", _l("Anda belum datang pada jam yang dipilih")),
    S.ARRIVED: (_l("Diproses"), "info", _l("Berikutnya: berkas Anda diperiksa")),
    S.DOCUMENTS_CHECKED: (_l("Diproses"), "info", _l("Berikutnya: foto dan sidik jari")),
    S.DOCUMENTS_WANTED: (_l("Berkas diminta"), "bad", _l("Berikutnya: kirim ulang berkas")),
    S.BIOMETRICS_TAKEN: (_l("Diproses"), "info", _l("Berikutnya: wawancara")),
    S.INTERVIEWED: (_l("Diproses"), "info", _l("Berikutnya: keputusan petugas")),
    S.GRANTED: (_l("Disetujui"), "ok", _l("Berikutnya: paspor dicetak")),
    S.PRINTED: (_l("Disetujui"), "ok", _l("Berikutnya: paspor diuji kualitasnya")),
    S.READY: (_l("Siap diambil"), "ok", _l("Berikutnya: ambil paspor Anda")),
    S.COLLECTED: (_l("Selesai"), "ok", _l("Paspor sudah diambil")),
    S.DEFERRED: (_l("Ditangguhkan"), "bad", _l("Permohonan ini ditangguhkan")),
    S.REFUSED: (_l("Ditolak"), "bad", _l("Permohonan ini ditolak")),
    S.VOID: (_l("Dibatalkan"), "bad", _l("Paspor ini dibatalkan karena tidak diambil")),
    S.WITHDRAWN: (_l("Dibatalkan"), "plain", _l("Permohonan ini Anda batalkan")),
    S.CLOSED: (_l("Ditutup"), "plain", _l("Permohonan ini ditutup")),
}

# Where money or hour say more than the state of the case: (tag, its kind, heading, what to do).
MONEY_BACK = (
    _l("Pembayaran ditarik kembali"),
    "bad",
    _l("Berikutnya: hubungi kantor imigrasi"),
    _l("Bank menarik kembali pembayaran ini. Hubungi kantor imigrasi Anda dengan bukti bayar."),
)
HOUR_GONE = (
    _l("Jadwal dibatalkan"),
    "bad",
    _l("Berikutnya: hubungi kantor imigrasi"),
    _l("Uang Anda aman, tetapi jadwal Anda dibatalkan. Tanyakan jadwal baru ke kantor imigrasi Anda."),
)
IN_GRACE = (
    _l("Menunggu kabar dari bank"),
    "now",
    _l("Berikutnya: tunggu kabar dari bank"),
    _l("Batas bayar sudah lewat. Pembayaran yang sedang berjalan masih kami tunggu sebentar."),
)

# An hour was taken from somebody: what comes next, for who has paid and for who has not.
_PROPOSED_PAID = (_l("Sudah dibayar"), "now", _l("Berikutnya: jawab usulan jadwal"))
_PROPOSED_UNPAID = (_l("Menunggu pembayaran"), "now", _l("Berikutnya: jawab usulan jadwal"))
_CHOOSE = (_l("Menunggu pembayaran"), "bad", _l("Berikutnya: pilih jam baru"))
_CLOSED = (_l("Jam ditutup"), "bad", _l("Jam Anda ditutup: tunggu usulan jadwal"))
_DECLARED = (_l("Draf"), "plain", _l("Berikutnya: pilih jadwal"))
_SENT = (_l("Berkas sudah dikirim"), "info", _l("Berikutnya: berkas Anda diperiksa"))


def is_money_back(case: Application, bill: Bill | None) -> bool:
    """Whether the bank took back what the case stands on."""
    return case.state not in ENDED and bill is not None and bill.state == BillState.REVERSED


def turn_of(
    case: Application, bill: Bill | None, visit: Visit | None, now: datetime
) -> tuple[object, ...] | None:
    """What money or hour say beyond the state of the case: tag, its kind, heading, what to do."""
    if is_money_back(case, bill):
        return MONEY_BACK
    if case.state == S.SCHEDULED and visit is None:
        return HOUR_GONE
    is_late = bill is not None and bill.pay_until is not None and bill.pay_until <= now
    if visit is not None and visit.is_closed:
        return None
    return IN_GRACE if case.state == S.AWAITING_PAYMENT and is_late else None


def next_of(case: Application, bill: Bill | None, visit: Visit | None, now: datetime) -> tuple[object, ...]:
    """The tag, its kind and the heading of one case: on its pages, in the list, in the public check."""
    if turn := turn_of(case, bill, visit, now):
        return turn
    if hour := _of_taken_hour(case, visit):
        return hour
    if case.state == S.DRAFT and case.declared_at is not None:
        return _DECLARED
    # Papers that were sent are wanted no longer.
    if case.state == S.DOCUMENTS_WANTED and case.papers_until is None:
        return _SENT
    return NEXT[case.state]


def _of_taken_hour(case: Application, visit: Visit | None) -> tuple[object, ...] | None:
    """Where the office took an hour away: the one that is proposed, or that one is to be chosen."""
    if visit is None:
        return _CHOOSE if case.state == S.AWAITING_PAYMENT else None
    if visit.is_offer:
        return _PROPOSED_UNPAID if case.state == S.AWAITING_PAYMENT else _PROPOSED_PAID
    return _CLOSED if visit.is_closed and case.state in (S.SCHEDULED, S.AWAITING_PAYMENT) else None
