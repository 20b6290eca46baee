"""Words of the desk: roles, stations, verdicts, what happened, who may collect, why a step was refused."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mpaspor.applications.rules import CaseState
from mpaspor.desk import refusals
from mpaspor.desk.attention import Attention
from mpaspor.desk.mrz import MrzFault
from mpaspor.desk.outcome import Outcome
from mpaspor.desk.photo_rules import PhotoAdvice
from mpaspor.desk.registry_rules import CheckState, Finding, FindingKind, Registry
from mpaspor.desk.rules import (
    NEVER_COLLECTED,
    PAPERS_NEVER_CAME,
    Capture,
    InterviewVerdict,
    Relation,
    Seen,
    Tick,
)
from mpaspor.desk.stages import Stage
from mpaspor.web.labels.answers import FIELDS
from mpaspor.web.labels.applications import OFFICER_STATES

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

# Beside the queue: what somebody should look at.
NEEDS_LOOK = {
    "away": _l("Pulang sebelum selesai"),
    "sent": _l("Berkas susulan sudah dikirim"),
    Attention.LONG: _l("Menunggu lama di kantor"),
    Attention.PROMISE: _l("Lewat janji siap"),
    Attention.SECOND: _l("Usul menunggu adjudikator kedua"),
    "door": _l("Pintu menunggu penyelia"),
}

VERDICTS = {
    InterviewVerdict.RECOMMEND: _l("Disarankan disetujui"),
    InterviewVerdict.DOUBT: _l("Ada keraguan"),
    InterviewVerdict.AGAINST: _l("Disarankan tidak disetujui"),
}

REGISTRIES = {
    Registry.WATCH_LIST: _l("Daftar cegah"),
    Registry.DUPLICATES: _l("Permohonan ganda"),
    Registry.POPULATION: _l("Dukcapil"),
}

# How a question to a register stands; a case from before they were asked has none.
CHECK_STATES = {
    None: _l("Belum ditanyakan"),
    CheckState.ASKED: _l("Belum dijawab"),
    CheckState.CLEAR: _l("Tidak ada temuan"),
    CheckState.HIT: _l("Ada temuan"),
    CheckState.UNAVAILABLE: _l("Tidak menjawab, akan ditanya lagi"),
}

FINDINGS = {
    FindingKind.LISTED: _l("Tercatat di daftar cegah, nomor %(text)s"),
    FindingKind.NIK_UNKNOWN: _l("NIK ini tidak ada di Dukcapil"),
    FindingKind.DIFFERS: _l("Berbeda dengan data Dukcapil: %(text)s"),
    FindingKind.SAME_NIK: _l("NIK sama: %(count)s permohonan lain, %(text)s"),
    FindingKind.SAME_PERSON: _l(
        "Nama dan tanggal lahir sama, NIK berbeda: %(count)s permohonan lain, %(text)s"
    ),
}


def finding_in_words(finding: Finding) -> str:
    """One finding of a register: a field by its name, a case by how it stands."""
    text = finding.text
    if finding.kind is FindingKind.DIFFERS:
        text = str(FIELDS[text]).lower()
    elif finding.kind in (FindingKind.SAME_NIK, FindingKind.SAME_PERSON):
        text = str(OFFICER_STATES[CaseState(text)]).lower()
    return str(FINDINGS[finding.kind]) % {"text": text, "count": finding.count}


# What interviewers ask; a tap writes the question into the notes, the answer is typed behind it.
QUESTIONS = (
    _l("Tujuan perjalanan"),
    _l("Siapa yang membiayai"),
    _l("Berapa lama dan kapan pulang"),
    _l("Menginap di mana, dengan siapa"),
    _l("Pekerjaan sekarang"),
    _l("Akan bekerja di sana?"),
    _l("Pernah punya paspor?"),
)

PROPOSALS = {
    CaseState.DEFERRED: _l("Tangguhkan"),
    CaseState.REFUSED: _l("Tolak"),
}

RELATIONS = {
    Relation.SELF: _l("Pemilik sendiri"),
    Relation.FAMILY: _l("Keluarga satu KK"),
    Relation.PROXY: _l("Penerima kuasa, surat kuasa bermeterai"),
    Relation.POST: _l("Dikirim lewat Pos Indonesia"),
}

# Why a paper is asked for again; stored by its name, and read by each in their own language.
WANTED_REASONS = {
    "differs": _l("Data berbeda dengan isian"),
    "blurry": _l("Foto buram"),
    "cut_off": _l("Foto terpotong"),
    "other_paper": _l("Bukan berkas ini"),
}

# Why an empty booklet leaves the stock; stored by its name, with what the officer adds to it.
SPOILT_REASONS = {
    "damaged": _l("Rusak: robek, basah, atau terlipat"),
    "misprint": _l("Salah cetak"),
    "flawed": _l("Cacat dari pabrik"),
    "chip": _l("Cip tidak terbaca"),
    "missing": _l("Tidak ada di kotaknya"),
}

# What is wrong with a printed booklet; stored like the reasons above.
FLAWS = {
    "photo": _l("Foto: bukan orangnya, miring, atau kabur"),
    "data": _l("Data di halaman identitas salah"),
    "mrz": _l("Dua baris mesin (MRZ) salah atau tidak terbaca"),
    "chip": SPOILT_REASONS["chip"],
    "laminate": _l("Laminasi bergelembung atau lepas"),
    "pages": _l("Halaman, jahitan, atau sampul rusak"),
}

CAPTURES = {
    Capture.TAKEN: _l("Sudah direkam"),
    Capture.IMPOSSIBLE: _l("Tidak bisa"),
}

TICKS = {
    Tick.PHOTO: _l("Foto: wajah pemohon, lurus, dan jelas"),
    Tick.DATA: _l("Data di halaman identitas sama dengan permohonan"),
    Tick.SIGNATURE: _l("Tanda tangan tercetak utuh"),
    Tick.CHIP: _l("Cip terbaca, isinya sama"),
    Tick.LAMINATE: _l("Laminasi rata, tanpa gelembung"),
    Tick.PAGES: _l("Halaman lengkap, nomornya sama, jahitan dan sampul rapi"),
}

SEEN = {
    Seen.FACE: _l("Wajahnya sama dengan foto di buku"),
    Seen.CARD: _l("KTP asli pengambil dilihat"),
    Seen.ADDRESS: _l("Alamat di amplop sama dengan alamat pemohon"),
}

PHOTO_ADVICE = {
    PhotoAdvice.DARK: _l("terlalu gelap"),
    PhotoAdvice.BLURRY: _l("kurang tajam"),
    PhotoAdvice.SMALL: _l("terlalu kecil"),
}

# In what the two lines of a booklet differ.
MRZ_FAULTS = {
    MrzFault.UNREADABLE: _l("tidak terbaca utuh: harus dua baris, 44 karakter tiap baris"),
    MrzFault.CHECK_DIGIT: _l("angka pemeriksanya tidak cocok"),
    MrzFault.STATE: _l("bukan paspor Indonesia"),
    MrzFault.NUMBER: _l("nomor buku lain"),
    MrzFault.NAME: _l("nama berbeda"),
    MrzFault.BIRTH: _l("tanggal lahir berbeda"),
    MrzFault.SEX: _l("jenis kelamin berbeda"),
    MrzFault.EXPIRY: _l("masa berlaku berbeda"),
}


def mrz_differs(faults: Iterable[MrzFault]) -> str:
    """What the lines of a booklet say that they should not, in one sentence."""
    return _("Dua baris mesin: %(what)s.", what=", ".join(str(MRZ_FAULTS[fault]) for fault in faults))


# Events of a case that are not a change of its state.
HAPPENINGS = {
    "hour_taken_again": _l("Memilih jam lain untuk tagihan yang sama"),
    "paper_given": _l("Mengirim %(paper)s"),
    "paper_accepted": _l("Menerima %(paper)s"),
    "paper_wanted": _l("Meminta ulang %(paper)s"),
    "corrected": _l("Membetulkan %(fields)s"),
    "proposed": _l("Mengusulkan: %(verdict)s"),
    "proposal_declined": _l("Tidak menyetujui usul: %(verdict)s"),
    "nik_proposed": _l("Mengusulkan pembetulan NIK"),
    "nik_corrected": _l("Memastikan pembetulan NIK"),
    "nik_declined": _l("Tidak menyetujui pembetulan NIK"),
    "registries_asked": _l("Menanyakan ulang daftar cegah, permohonan ganda, dan Dukcapil"),
    "came_back": _l("Datang lagi"),
    "came_to_collect": _l("Datang mengambil paspor"),
    "taken_over": _l("Mengambil alih dari rekan"),
    "emergency": _l("Didahulukan, darurat"),
    "priority_given": _l("Diberi nomor prioritas"),
    "registered_here": _l("Didaftarkan di tempat"),
    "claimed": _l("Menghubungkan permohonan ke akunnya"),
    "slip_renewed": _l("Diberi kesempatan baru untuk menghubungkan akun"),
    "letter_printed": _l("Mencetak lagi di kios: %(letter)s"),
    "told_later": _l("Kedatangannya dicatat pintu saat server tidak terjangkau"),
    "supervisor_asked": _l("Meminta penyelia di pintu: %(why)s"),
    "supervisor_answered": _l("Menjawab pertanyaan pintu"),
    "own_case_refused": _l("Ditolak: petugas mencoba membuka permohonan sendiri atau keluarga"),
}

# What the door tells somebody whom nobody expects in this state.
DOOR = {
    CaseState.AWAITING_PAYMENT: _l("Belum dibayar. Jadwalnya baru pasti setelah dibayar."),
    CaseState.AWAITING_PLACE: _l(
        "Sudah dibayar, tetapi belum punya jadwal: pilih jam lain di halaman permohonannya."
    ),
    CaseState.INTERVIEWED: _l("Tidak perlu datang sekarang: permohonannya menunggu keputusan."),
    CaseState.GRANTED: _l("Tidak perlu datang sekarang: paspornya sedang dicetak."),
    CaseState.PRINTED: _l("Tidak perlu datang sekarang: paspornya sedang diuji."),
    CaseState.REFUSED: _l(
        "Permohonan ini ditolak. Suratnya, dengan alasannya, ada di halaman status dan e-mail pemohon."
    ),
    CaseState.DEFERRED: _l(
        "Permohonan ini ditangguhkan. Suratnya, dengan alasan dan lamanya, ada di halaman status pemohon."
    ),
    CaseState.COLLECTED: _l("Paspornya sudah diambil."),
    CaseState.VOID: _l(
        "Paspornya dibatalkan karena tidak diambil. Suratnya ada di halaman status; pemohon mengajukan "
        "penggantian."
    ),
    CaseState.WITHDRAWN: _l("Pemohon sudah membatalkan permohonan ini."),
    CaseState.CLOSED: _l("Permohonan ini sudah ditutup. Suratnya ada di halaman status pemohon."),
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

# On what ground such a term ends a case.
CLOCK_GROUNDS = {
    PAPERS_NEVER_CAME: _l("Batas waktu melengkapi berkas yang diminta: tujuh hari"),
    NEVER_COLLECTED: _l("Permenkumham 8/2014, diubah dengan Permenkumham 18/2022"),
}


def ground_in_words(ended: Outcome) -> str | None:
    """On what ground a case ended: as the adjudicators wrote it, or the rule behind the term that ran out."""
    found = ended.ground or CLOCK_GROUNDS.get(ended.reason or "")
    return str(found) if found else None


_NOTE = ": "


def named_reason(name: str, note: str) -> str:
    """A reason out of a list, as it is stored: its name and what the officer adds to it."""
    return f"{name}{_NOTE}{note}" if note else name


def reason_in_words(reason: str | None) -> str:
    """A stored reason for its reader: a name in their language, an officer's sentence as it was written."""
    text = reason or ""
    name, _note, note = text.partition(_NOTE)
    listed = WANTED_REASONS.get(name) or SPOILT_REASONS.get(name) or FLAWS.get(name)
    if listed is not None:
        return f"{listed}. {note}" if note else str(listed)
    return str(CLOCK_REASONS.get(text, text))


SENTENCES = {
    refusals.NothingToDelay: _l(
        "Tidak ada jam hari ini yang masih akan datang di situ, atau keterlambatan itu sudah diumumkan."
    ),
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
    refusals.NoDayList: _l("Daftar hari itu bukan milik pintu kantor ini. Kedatangannya tidak dicatat."),
    refusals.ToldOtherwise: _l(
        "Kedatangan ini sudah pernah dikirim dengan isi lain. Tidak ada yang berubah."
    ),
    refusals.AskedAlready: _l("Penyelia sudah ditanya tentang orang ini dan belum menjawab."),
    refusals.QuestionAnswered: _l("Sudah dijawab rekan Anda, atau orangnya sudah diterima masuk."),
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
    refusals.OriginalNotHeld: _l("Pegang aslinya dulu, lalu centang “Asli saya pegang”."),
    refusals.ProposalPending: _l("Ada usul yang menunggu adjudikator kedua. Putuskan usul itu dulu."),
    refusals.DoubtNeedsReason: _l("Pewawancara ragu. Tulis alasan Anda menyetujui meskipun ada keraguan."),
    refusals.ChecksNeedReason: _l(
        "Ada temuan atau pemeriksaan yang belum dijawab. Tulis alasan Anda tetap menyetujui."
    ),
    refusals.NoTerm: _l("Isi lama penangguhan: 6 sampai 24 bulan."),
    refusals.NeedsSecondOfficer: _l("Yang mengusulkan tidak boleh menyetujui. Minta adjudikator lain."),
    refusals.OwnPrint: _l("Yang mencetak tidak boleh menguji. Minta penguji lain."),
    refusals.NotABookletNumber: _l("Nomor paspor terdiri dari 1–2 huruf dan 6–8 angka, misalnya X1234567"),
    refusals.NotASerialRange: _l(
        "Nomor pertama dan terakhir satu kotak: hurufnya sama, urut, paling banyak %(most)s buku."
    ),
    refusals.BlankPhoto: _l("Foto ini kosong: tidak ada yang terlihat. Buka penutup lensa, lalu ambil lagi."),
    refusals.DeviceSilent: _l(
        "Alat sidik jari atau tanda tangan tidak menjawab. Periksa sambungannya, lalu simpan lagi."
    ),
    refusals.WrongPerson: _l("Kode orang lain. Jangan serahkan; panggil pemilik permohonan ini."),
    refusals.WrongBooklet: _l("Buku ini bukan milik pemohon ini. Jangan serahkan; cari bukunya."),
    refusals.CollectorUnknown: _l("Lengkapi nama dan NIK pengambil, atau nomor resi pos."),
    refusals.MrzDiffers: _l("Dua baris mesin di buku tidak sama dengan permohonan."),
    refusals.TicksMissing: _l(
        "Periksa dan centang semuanya dulu. Yang tidak bisa dicentang berarti gagal uji."
    ),
    refusals.SerialsKnown: _l("Buku %(number)s sudah pernah diterima. Tidak ada yang disimpan."),
    refusals.SerialUnknown: _l("Buku %(number)s tidak ada di stok kantor ini. Periksa lagi nomornya."),
    refusals.SerialUsed: _l("Buku %(number)s sudah dipakai mencetak. Ambil buku lain."),
    refusals.SerialSpoilt: _l("Buku %(number)s sudah dicatat rusak. Ambil buku lain."),
    refusals.OtherKindOfBooklet: _l(
        "Jenis buku %(number)s bukan jenis paspor yang dibayar. Ambil buku jenis yang benar."
    ),
    refusals.AnotherCaseLive: _l("NIK ini sudah punya permohonan lain yang berjalan."),
    refusals.NotANik: _l("NIK terdiri dari 16 angka. Baca lagi di KTP."),
    refusals.NikProposed: _l("Sudah ada usul NIK yang menunggu petugas kedua."),
    refusals.NeedsSecondReader: _l("Yang mengusulkan tidak boleh memastikan. Minta rekan membaca KTP-nya."),
    refusals.NikReadDiffers: _l("Angka ini berbeda dari yang dibaca rekan Anda. Bacalah KTP-nya berdua."),
    refusals.TwoFactsNeeded: _l("Isi juga tanggal lahir: nama atau NIK saja tidak cukup untuk mencari."),
    refusals.NothingChanged: _l("Tidak ada yang berbeda dari isian, jadi tidak ada yang disimpan."),
    refusals.NotOldEnough: _l(
        "Menurut tanggal lahir itu pemohon belum 17 tahun. Permohonan anak dilayani langsung di kantor; "
        "minta penyelia menutup permohonan ini."
    ),
    refusals.NotTheSameDay: _l("Kehadiran hanya bisa dibatalkan pada hari yang sama."),
}
