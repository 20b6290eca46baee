"""Words for accounts, codes, sign-ins and roles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.people.names import NameFault
from mpaspor.people.refusals import (
    AddressTaken,
    AdministratorExists,
    AppDiffers,
    BadTerm,
    ChallengeOver,
    CodeDead,
    CodesSlowed,
    CodesSpent,
    CodeTooSoon,
    CodeUsed,
    DomainUsedOften,
    HasRole,
    KeyCopied,
    KeyKnown,
    KeyRefused,
    LastAdministrator,
    LinkOver,
    NoChallenge,
    NoRoleLeft,
    NoSecondFactor,
    NotAnAdministrator,
    NotYourself,
    PhoneUsedOften,
    ReasonMissing,
    SignInSlowed,
    SignUpsSlowed,
    StaffAddressTaken,
    TooManyKeys,
    TooManyWrongCodes,
    UnknownRole,
    WeakPassword,
    WrongCode,
    WrongCredentials,
    WrongPassword,
)
from mpaspor.people.rules import LinkPurpose, Role, Weakness

SENTENCES = {
    WrongCredentials: _l("E-mail dan kata sandi ini tidak cocok. Periksa keduanya, lalu coba lagi."),
    WrongPassword: _l("Kata sandi sekarang tidak cocok. Ketik kata sandi yang Anda pakai untuk masuk."),
    WeakPassword: _l("Kata sandi ini terlalu mudah ditebak. Pilih yang lain."),
    WrongCode: _l("Kode ini salah. Anda bisa mencoba %(left)s kali lagi."),
    CodeDead: _l("Kode ini tidak berlaku lagi. Minta kode baru, lalu ketik kode dari e-mail terakhir."),
    TooManyWrongCodes: _l("Sudah 10 kode salah diketik dalam 24 jam. Coba lagi %(clock)s."),
    CodesSlowed: _l(
        "Terlalu banyak kode salah dari jaringan ini, jadi kode ini belum diperiksa. Coba lagi %(clock)s."
    ),
    SignUpsSlowed: _l(
        "Terlalu banyak pendaftaran dari jaringan ini. Coba lagi %(clock)s, atau pakai jaringan lain."
    ),
    PhoneUsedOften: _l(
        "Terlalu banyak pendaftaran dengan nomor HP ini atau nomor di dekatnya. Coba lagi %(clock)s, "
        "atau pakai nomor lain."
    ),
    DomainUsedOften: _l(
        "Terlalu banyak pendaftaran dengan alamat di %(domain)s. Coba lagi %(clock)s, "
        "atau pakai alamat e-mail lain."
    ),
    CodeTooSoon: _l("Kode baru saja dikirim. Tunggu %(retry_after)s detik sebelum minta lagi."),
    CodesSpent: _l("Sudah %(count)s kode dikirim ke alamat ini dalam 24 jam. Coba lagi %(clock)s."),
    SignInSlowed: _l(
        "Terlalu banyak percobaan masuk ke akun ini atau dari jaringan ini. Coba lagi %(clock)s, "
        "atau masuk dengan kode e-mail lewat “Lupa kata sandi”."
    ),
    AddressTaken: _l("Alamat ini sudah dipakai akun lain. Masuk dengan akun itu, atau pakai alamat lain."),
    NoChallenge: _l("Tidak ada kode yang menunggu di sini. Masuk dengan e-mail dan kata sandi Anda."),
    NoSecondFactor: _l(
        "Akun ini belum punya aplikasi kode. Minta administrator kantor Anda mengirim tautan baru."
    ),
    AppDiffers: _l(
        "Kode ini bukan dari QR di halaman ini. Pindai QR-nya, periksa jam di HP, "
        "lalu ketik kode yang sedang tampil."
    ),
    KeyRefused: _l("Kunci sandi ini tidak diterima. Coba sekali lagi, atau pakai kode dari aplikasi."),
    KeyCopied: _l(
        "Kunci sandi ini mungkin disalin orang lain, jadi tidak diterima. Pakai kode dari aplikasi, "
        "hapus kunci ini di Akun saya, lalu beri tahu administrator."
    ),
    KeyKnown: _l("Kunci sandi ini sudah terdaftar."),
    TooManyKeys: _l("Paling banyak 10 kunci sandi. Hapus satu dulu."),
    CodeUsed: _l("Kode ini sudah dipakai. Tunggu kode berikutnya di aplikasi, paling lama 30 detik."),
    ChallengeOver: _l("Waktunya habis. Masuk lagi dengan e-mail dan kata sandi Anda."),
    LinkOver: _l(
        "Tautan ini sudah dipakai, diganti, atau habis waktunya. Minta administrator mengirim tautan baru."
    ),
    UnknownRole: _l("Peran %(roles)s tidak ada."),
    StaffAddressTaken: _l("Alamat ini sudah dipakai petugas lain."),
    NotAnAdministrator: _l("Hanya administrator atau penyelia kantor ini yang bisa melakukannya."),
    NotYourself: _l("Peran dan akses Anda sendiri diubah oleh administrator lain."),
    NoRoleLeft: _l("Pilih paling sedikit satu peran, atau berhentikan petugas ini."),
    ReasonMissing: _l("Tulis alasannya. Alasan dikirim kepada petugas dan tercatat."),
    AdministratorExists: _l("Kantor ini sudah punya administrator."),
    HasRole: _l("Petugas ini sudah punya peran itu."),
    BadTerm: _l("Pilih tanggal mulai hari ini, paling lama 31 hari ke depan."),
    LastAdministrator: _l("Ini administrator terakhir kantor ini. Tambahkan yang lain dulu."),
}

NAME_FAULTS = {
    NameFault.LONG: _l("Nama paling panjang 100 huruf. Kurangi %(over)s huruf."),
    NameFault.DIGIT: _l("Nama ditulis dengan huruf, tanpa angka. Hapus “%(sign)s”."),
    NameFault.FOREIGN: _l(
        "Nama ditulis dengan huruf Latin, seperti di KTP. “%(sign)s” tidak bisa dicetak: ganti atau hapus."
    ),
    NameFault.NO_LETTER: _l("Tulis nama dengan huruf"),
}

WEAKNESSES = {
    Weakness.SHORT: _l("Kata sandi paling sedikit 10 karakter. Tiga atau empat kata sudah cukup."),
    Weakness.LONG: _l("Kata sandi paling banyak 128 karakter."),
    Weakness.COMMON: _l("Kata sandi ini dipakai banyak orang. Pilih beberapa kata yang hanya Anda tahu."),
    Weakness.OWN: _l("Kata sandi jangan hanya nama, e-mail, nomor HP, atau NIK. Tambahkan kata lain."),
    Weakness.PATTERN: _l("Kata sandi ini mengulang atau mengurutkan karakter. Pilih beberapa kata lain."),
}

LINK_PURPOSES = {
    LinkPurpose.FACTOR: _l("HP hilang: pasang aplikasi kode lagi"),
    LinkPurpose.PASSWORD: _l("Kata sandi lupa: buat kata sandi baru"),
    LinkPurpose.JOIN: _l("Keduanya: mulai dari awal"),
}

ROLES = {
    Role.RECEPTION: _l("petugas registrasi"),
    Role.VERIFIER: _l("verifikator berkas"),
    Role.BIOMETRICS: _l("petugas foto"),
    Role.INTERVIEWER: _l("pewawancara"),
    Role.ADJUDICATOR: _l("adjudikator"),
    Role.PRINTER: _l("petugas cetak"),
    Role.QUALITY: _l("penguji kualitas"),
    Role.HANDOVER: _l("petugas pengambilan"),
    Role.SUPERVISOR: _l("penyelia"),
    Role.ADMIN: _l("administrator"),
}
