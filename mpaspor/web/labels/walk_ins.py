"""Words for people whom the door registers: why they come without an appointment, what is seen, refusals."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mpaspor.applications.eligibility import Before
from mpaspor.applications.refusals import NotClaimed
from mpaspor.applications.walk_in_rules import Ground, Group, Proof
from mpaspor.desk import refusals

GROUNDS = {
    Ground.ELDERLY: _l("Lansia"),
    Ground.DISABILITY: _l("Penyandang disabilitas"),
    Ground.PREGNANT: _l("Ibu hamil"),
    Ground.CHILD: _l("Anak"),
    Ground.ADMITTED: _l("Diizinkan penyelia"),
}
PROOFS = {
    Proof.ID_CARD: _l("tanggal lahir di KTP"),
    Proof.CARD: _l("kartu penyandang disabilitas"),
    Proof.DOCTOR: _l("surat dokter"),
    Proof.BOOK: _l("buku KIA"),
    Proof.EYES: _l("terlihat langsung"),
    Proof.WORD: _l("dengan alasan"),
}
# What the passport is for, as the door asks it: one answer for need and reason.
BEFORE = {
    Before.NEVER: _l("Baru, belum pernah punya"),
    Before.EXPIRED: _l("Penggantian: habis masa berlaku"),
    Before.PAGES_FULL: _l("Penggantian: halaman penuh"),
    Before.EXCHANGE: _l("Penggantian: tukar ke elektronik"),
    Before.LOST: _l("Hilang"),
    Before.DAMAGED: _l("Rusak"),
}
LOST_LATER = _l(
    "Paspor hilang atau rusak diperiksa dulu dengan berita acara (BAP). Pendaftarannya belum ada di sini."
)
CHILDREN_LATER = _l(
    "Permohonan anak belum bisa didaftarkan di sini: berkas orang tuanya belum ada. Layani seperti biasa."
)

SENTENCES = {
    refusals.NoPlaceToday: _l("Tidak ada kuota prioritas lagi hari ini, atau jam layanannya sudah selesai."),
    refusals.NikHasCase: _l("NIK ini sudah punya permohonan yang berjalan."),
    refusals.NotInGroup: _l("Umur atau buktinya tidak cocok dengan kelompok yang dipilih."),
    NotClaimed: _l(
        "Kode, tanggal lahir, dan angka NIK itu tidak membuka permohonan. Periksa kertas dan KTP-nya. "
        "Sesudah lima kali salah, kantor yang mendaftarkan memberi kesempatan baru."
    ),
    refusals.UnpaidTooOften: _l(
        "Orang ini sudah %(allowed)s kali didaftarkan dan tidak membayar dalam 24 jam. "
        "Penyelia bisa mengizinkan."
    ),
    refusals.OwnKin: _l("Ini NIK Anda sendiri atau keluarga Anda. Minta rekan mendaftarkannya."),
}


def ground_in_words(ground: Ground, groups: Collection[Group]) -> str:
    """The group with the age that holds today: `Lansia, 60 tahun ke atas`."""
    name = str(GROUNDS[ground])
    found = next((group for group in groups if group.code == ground), None)
    if found is None:
        return name
    if found.least_age is not None:
        return _("%(group)s, %(years)s tahun ke atas", group=name, years=found.least_age)
    if found.most_age is not None:
        return _("%(group)s, sampai %(years)s tahun", group=name, years=found.most_age)
    return name
