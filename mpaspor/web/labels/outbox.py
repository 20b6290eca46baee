"""What the outbox sends, in words for those who look after it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "email_code": _l("Kode sekali pakai"),
    "account_exists": _l("Kabar alamat sudah dipakai"),
    "password_changed": _l("Kabar kata sandi diganti"),
    "anchors": _l("Jangkar catatan peristiwa"),
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
