"""Words of the desk: roles, stations, verdicts, what happened, who may collect, why a step was refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.applications.rules import CaseState
from mpaspor.desk import refusals
from mpaspor.desk.close_case import NEVER_COLLECTED, PAPERS_NEVER_CAME
from mpaspor.desk.rules import InterviewVerdict, Relation
from mpaspor.desk.stages import Stage

STAGES = {
    Stage.DUE: _l("Belum datang"),
    Stage.PAPERS: _l("Berkas"),
    Stage.PHOTO: _l("Foto"),
    Stage.INTERVIEW: _l("Wawancara"),
    Stage.DECISION: _l("Keputusan"),
    Stage.PRINT: _l("Cetak"),
    Stage.QUALITY: _l("Uji kualitas"),
    Stage.PICKUP: _l("Pengambilan"),
    Stage.SHELF: _l("Siap diambil"),
    Stage.WANTED: _l("Menunggu berkas"),
    Stage.SENT: _l("Berkas sudah dikirim"),
    Stage.AWAY: _l("Perlu datang lagi"),
    Stage.DONE: _l("Selesai"),
}

VERDICTS = {
    InterviewVerdict.RECOMMEND: _l("Disarankan disetujui"),
    InterviewVerdict.DOUBT: _l("Ada keraguan"),
}

PROPOSALS = {
    CaseState.DEFERRED: _l("Tangguhkan"),
    CaseState.REFUSED: _l("Tolak"),
}

RELATIONS = {
    Relation.SELF: _l("Pemilik sendiri"),
    Relation.FAMILY: _l("Keluarga satu KK"),
    Relation.PROXY: _l("Penerima kuasa, surat kuasa bermeterai"),
}

# Why a paper is asked for again; stored by its name, and read by each in their own language.
WANTED_REASONS = {
    "differs": _l("Data berbeda dengan isian"),
    "blurry": _l("Foto buram"),
    "cut_off": _l("Foto terpotong"),
    "other_paper": _l("Bukan berkas ini"),
}

# Events of a case that are not a change of its state.
HAPPENINGS = {
    "paper_given": _l("Mengirim %(paper)s"),
    "paper_accepted": _l("Menerima %(paper)s"),
    "paper_wanted": _l("Meminta ulang %(paper)s"),
    "corrected": _l("Membetulkan %(fields)s"),
    "proposed": _l("Mengusulkan: %(verdict)s"),
    "proposal_declined": _l("Tidak menyetujui usul: %(verdict)s"),
    "came_back": _l("Datang lagi"),
    "came_to_collect": _l("Datang mengambil paspor"),
    "taken_over": _l("Mengambil alih dari rekan"),
    "emergency": _l("Didahulukan, darurat"),
    "priority_given": _l("Diberi nomor prioritas"),
    "own_case_refused": _l("Ditolak: petugas mencoba membuka permohonan sendiri atau keluarga"),
}

# What an officer at this station does next.
STEPS = {
    CaseState.SCHEDULED: _l("Terima kedatangan"),
    CaseState.MISSED: _l("Tidak datang pada jadwalnya"),
    CaseState.ARRIVED: _l("Periksa berkas"),
    CaseState.DOCUMENTS_WANTED: _l("Menunggu berkas dari pemohon"),
    CaseState.DOCUMENTS_CHECKED: _l("Ambil foto dan sidik jari"),
    CaseState.BIOMETRICS_TAKEN: _l("Wawancara"),
    CaseState.INTERVIEWED: _l("Keputusan"),
    CaseState.GRANTED: _l("Cetak"),
    CaseState.PRINTED: _l("Uji kualitas"),
    CaseState.READY: _l("Serahkan paspor"),
}

# Who may collect a passport, and what each brings: one list for pages, mails and the desk.
# The application code on the phone is as good as the printed receipt.
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

CLOCK_REASONS = {
    PAPERS_NEVER_CAME: _l("Berkas yang diminta tidak dikirim sampai batas waktu"),
    NEVER_COLLECTED: _l("Tidak diambil satu bulan sejak terbit"),
}


_NOTE = ": "


def wanted_reason(name: str, note: str) -> str:
    """Why a paper is asked for again, as it is stored: the reason's name and what the officer adds to it."""
    return f"{name}{_NOTE}{note}" if note else name


def reason_in_words(reason: str | None) -> str:
    """A stored reason for its reader: a name in their language, an officer's sentence as it was written."""
    text = reason or ""
    name, _note, note = text.partition(_NOTE)
    if name in WANTED_REASONS:
        return f"{WANTED_REASONS[name]}. {note}" if note else str(WANTED_REASONS[name])
    return str(CLOCK_REASONS.get(text, text))


SENTENCES = {
    refusals.NotYourStep: _l("Langkah ini bukan bagian peran Anda. Minta petugas yang berwenang."),
    refusals.OwnCase: _l(
        "Petugas tidak menangani permohonan sendiri atau keluarga. Minta rekan menanganinya."
    ),
    refusals.ReasonNeeded: _l("Tulis alasannya. Alasan tersimpan di riwayat permohonan."),
    refusals.CheckInRefused: _l("Orang ini belum bisa diterima masuk."),
    refusals.TooEarly: _l("Terlalu awal untuk jam kunjungannya."),
    refusals.TooLate: _l("Jam kunjungannya sudah lewat."),
    refusals.WrongDay: _l("Jadwalnya bukan hari ini."),
    refusals.AlreadyHere: _l("Orang ini sudah diterima masuk."),
    refusals.HeldByColleague: _l(
        "Sedang dilayani %(name)s. Ambil alih dulu kalau rekan Anda memang menyerahkannya."
    ),
    refusals.NotTheirTurn: _l("Gilirannya sudah berubah: dipanggil, selesai, atau dialihkan."),
    refusals.NoCounter: _l("Pilih nomor loket Anda dulu, supaya orang tahu harus ke mana."),
    refusals.NotHere: _l("Orang ini tidak sedang di kantor, atau sudah punya nomor prioritas."),
    refusals.NotExpected: _l("Permohonan ini tidak punya jadwal kunjungan."),
    refusals.Unpaid: _l("Permohonan ini belum dibayar, atau pembayarannya ditarik kembali."),
    refusals.NotOurQr: _l(
        "Kode ini tidak terbaca sebagai surat kedatangan kami. Periksa CapsLock dan tata letak keyboard "
        "pemindai, lalu pindai lagi, atau ketik kode permohonannya."
    ),
    refusals.NoSuchCode: _l("Tidak ada permohonan dengan kode ini di kantor Anda."),
    refusals.OtherOffice: _l("Surat ini asli, tetapi untuk kantor lain: %(office)s."),
    refusals.PapersUndecided: _l("Masih ada berkas yang belum diputuskan: terima, atau minta ulang."),
    refusals.NoPicture: _l("Fotonya belum ada, atau baru saja diganti pemohon. Lihat foto terbaru dulu."),
    refusals.ProposalPending: _l("Ada usul yang menunggu adjudikator kedua. Putuskan usul itu dulu."),
    refusals.DoubtNeedsReason: _l("Pewawancara ragu. Tulis alasan Anda menyetujui meskipun ada keraguan."),
    refusals.NoTerm: _l("Isi lama penangguhan: 6 sampai 24 bulan."),
    refusals.NeedsSecondOfficer: _l("Yang mengusulkan tidak boleh menyetujui. Minta adjudikator lain."),
    refusals.OwnPrint: _l("Yang mencetak tidak boleh menguji. Minta penguji lain."),
    refusals.NotABookletNumber: _l("Nomor paspor terdiri dari 1–2 huruf dan 6–8 angka, misalnya X1234567"),
    refusals.BookletNumberTaken: _l("Nomor paspor ini sudah dipakai. Periksa lagi nomor di buku paspor."),
    refusals.AnotherCaseLive: _l("NIK ini sudah punya permohonan lain yang berjalan."),
    refusals.TwoFactsNeeded: _l("Isi kode atau nomor permohonan, atau NIK bersama tanggal lahirnya."),
    refusals.NothingChanged: _l("Tidak ada yang berbeda dari isian, jadi tidak ada yang disimpan."),
    refusals.NotOldEnough: _l(
        "Menurut tanggal lahir itu pemohon belum 17 tahun. Permohonan anak dilayani langsung di kantor; "
        "minta penyelia menutup permohonan ini."
    ),
    refusals.NotTheSameDay: _l("Kehadiran hanya bisa dibatalkan pada hari yang sama."),
}
