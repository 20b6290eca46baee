"""What leaves the house: letters, what has become of them, and messages, for those who look after them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.applications.rules import LetterKind

LETTER_NAMES = {
    LetterKind.PAYMENT: _l("Surat pengantar pembayaran"),
    LetterKind.RECEIPT: _l("Bukti penerimaan negara"),
    LetterKind.VISIT: _l("Surat kedatangan"),
    LetterKind.REFUSAL: _l("Surat penolakan"),
    LetterKind.DEFERRAL: _l("Surat penangguhan"),
    LetterKind.VOIDING: _l("Surat pembatalan paspor"),
    LetterKind.CLOSING: _l("Surat penutupan permohonan"),
}

# By which name an address asks for them.
LETTERS_IN_ADDRESSES = {
    "surat-pengantar": LetterKind.PAYMENT,
    "bukti-terima": LetterKind.RECEIPT,
    "surat-kedatangan": LetterKind.VISIT,
    "surat-penolakan": LetterKind.REFUSAL,
    "surat-penangguhan": LetterKind.DEFERRAL,
    "surat-pembatalan": LetterKind.VOIDING,
    "surat-penutupan": LetterKind.CLOSING,
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
    "hour_closed": (
        _l("Surat ini asli, tetapi jamnya ditutup kantor"),
        _l("Jangan datang pada jam ini. Jadwal penggantinya ada di halaman permohonan."),
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

# What the outbox sends, as officers read it.
MESSAGE_KINDS = {
    "email_code": _l("Kode sekali pakai"),
    "account_exists": _l("Kabar alamat sudah dipakai"),
    "password_changed": _l("Kabar kata sandi diganti"),
    "staff_link": _l("Tautan akses petugas"),
    "staff_notice": _l("Kabar akses petugas"),
    "anchors": _l("Jangkar catatan peristiwa"),
    "ask_registry": _l("Tanyakan ke daftar cegah, Dukcapil, atau permohonan lain"),
    "request_billing_code": _l("Minta kode billing ke kas negara"),
    "cancel_billing_code": _l("Batalkan kode billing di kas negara"),
    "ask_ntpn": _l("Minta NTPN ke kas negara"),
    "billing_letter": _l("Surat pengantar pembayaran"),
    "bill_lapsed": _l("Kabar tagihan lewat waktu"),
    "receipt": _l("Bukti terima"),
    "visit_letter": _l("Surat kedatangan"),
    "moved": _l("Kabar jadwal diubah"),
    "withdrawn": _l("Kabar permohonan dibatalkan"),
    "awaiting_place": _l("Kabar perlu pilih jam baru"),
    "hour_closed": _l("Kabar jam ditutup"),
    "place_offered": _l("Usulan jadwal"),
    "delayed": _l("Kabar kantor terlambat"),
    "offer_lapsed": _l("Kabar usulan jadwal berakhir"),
    "hour_restored": _l("Kabar jam dibuka kembali"),
    "papers_wanted": _l("Permintaan berkas"),
    "come_again": _l("Kabar perlu datang lagi"),
    "ready": _l("Kabar paspor siap"),
    "collected": _l("Kabar paspor diambil"),
    "pickup_reminder": _l("Pengingat ambil paspor"),
    "taken_back": _l("Ralat kabar sebelumnya"),
    "missed": _l("Kabar tidak datang"),
    "closed": _l("Kabar permohonan ditutup"),
    "void": _l("Kabar paspor dibatalkan"),
    "granted": _l("Kabar disetujui"),
    "deferred": _l("Kabar ditangguhkan"),
    "refused": _l("Kabar ditolak"),
}


def letter_name(kind: LetterKind) -> str:
    """The name of a kind of letter, as it stands at its head."""
    return str(LETTER_NAMES[kind])
