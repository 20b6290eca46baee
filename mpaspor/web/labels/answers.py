"""The pages of an application in words: tasks, pages, fields, choices, doubts about a NIK, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from mpaspor.applications import refusals
from mpaspor.applications.choices import Citizenship, CivilStatus, Occupation, Purpose, Relation, Sex, Stay
from mpaspor.applications.form_pages import TaskState
from mpaspor.applications.nik import NikDoubt, NikFault, NikWarning
from mpaspor.applications.rules import Need

Words = Mapping[str, LazyString]

TASK_TITLES: Words = {
    "kind": _l("Jenis permohonan"),
    "wish": _l("Kantor dan hari"),
    "identity": _l("Identitas"),
    "contact": _l("Alamat dan kontak"),
    "family": _l("Pekerjaan dan keluarga"),
    "trip": _l("Paspor lama dan perjalanan"),
    "documents": _l("Berkas"),
    "check": _l("Periksa isian"),
}

TASK_STATES = {
    TaskState.NOT_STARTED: _l("Belum mulai"),
    TaskState.IN_PROGRESS: _l("Sedang diisi"),
    TaskState.DONE: _l("Selesai"),
    TaskState.LOCKED: _l("Belum bisa dimulai"),
}

PAGE_TITLES: Words = {
    "kind": _l("Jenis permohonan"),
    "wish": _l("Kantor dan hari yang Anda inginkan"),
    "identity": _l("Identitas"),
    "citizenship": _l("Kewarganegaraan"),
    "contact": _l("Nomor HP"),
    "address": _l("Alamat di KTP"),
    "domicile": _l("Alamat tempat tinggal"),
    "occupation": _l("Pekerjaan"),
    "parents": _l("Orang tua"),
    "spouse": _l("Suami atau istri"),
    "first_passport": _l("Yakin belum pernah punya paspor?"),
    "old_passport": _l("Paspor lama"),
    "trip": _l("Rencana perjalanan"),
    "added_name": _l("Nama satu kata untuk umrah dan haji"),
    "relatives": _l("Keluarga yang bisa dihubungi"),
}

PAGE_LEADS: Words = {
    "kind": _l("Harga sudah pasti dan sama di semua kantor."),
    "wish": _l("Ini baru keinginan. Jam datang Anda pilih paling akhir, setelah semua terisi."),
    "identity": _l("Isi sama seperti di KTP."),
    "contact": _l("Petugas menghubungi nomor ini kalau ada yang perlu ditanyakan."),
    "address": _l("Titik, koma, dan garis miring boleh."),
    "citizenship": _l(
        "Pemegang dua kewarganegaraan memilih salah satu paling lambat pada umur 21 tahun (UU 12/2006)."
    ),
    "parents": _l("Isi sama seperti di akta kelahiran."),
    "spouse": _l("Boleh kosong."),
    "old_passport": _l("Lihat halaman 2, halaman yang ada foto Anda."),
    "added_name": _l(
        "Untuk masuk Arab Saudi, nama di paspor perlu dua kata atau lebih. Nama ayah atau kakek bisa "
        "ditambahkan di halaman pengesahan; nama di halaman data tetap sama dengan KTP."
    ),
    "relatives": _l("Orang yang tinggal di Indonesia dan bisa kami hubungi selama Anda pergi."),
}

FIELDS: Words = {
    "need": _l("Permohonan"),
    "kind": _l("Jenis paspor"),
    "office_code": _l("Kantor imigrasi"),
    "preferred_days": _l("Hari yang cocok"),
    "full_name": _l("Nama lengkap"),
    "nik": _l("NIK"),
    "birth_place": _l("Tempat lahir"),
    "birth_on": _l("Tanggal lahir"),
    "sex": _l("Jenis kelamin"),
    "civil_status": _l("Status perkawinan"),
    "phone": _l("Nomor HP"),
    "address": _l("Alamat"),
    "province": _l("Provinsi"),
    "city": _l("Kabupaten atau kota"),
    "district": _l("Kecamatan"),
    "postcode": _l("Kode pos"),
    "domicile_same": _l("Apakah Anda tinggal di alamat KTP?"),
    "domicile_address": _l("Alamat tempat tinggal"),
    "domicile_province": _l("Provinsi tempat tinggal"),
    "domicile_city": _l("Kabupaten atau kota tempat tinggal"),
    "domicile_district": _l("Kecamatan tempat tinggal"),
    "domicile_postcode": _l("Kode pos tempat tinggal"),
    "occupation": _l("Pekerjaan"),
    "occupation_other": _l("Pekerjaan lainnya"),
    "mother_name": _l("Nama ibu"),
    "mother_citizenship": _l("Warga negara ibu"),
    "father_name": _l("Nama ayah"),
    "father_citizenship": _l("Warga negara ayah"),
    "spouse_name": _l("Nama suami atau istri"),
    "spouse_citizenship": _l("Warga negara suami atau istri"),
    "never_had_passport": _l("Pernah punya paspor?"),
    "number": _l("Nomor paspor lama"),
    "issued_in_indonesia": _l("Paspor lama terbit di Indonesia?"),
    "issued_place": _l("Kantor yang menerbitkan"),
    "issued_year": _l("Tahun terbit"),
    "same_data": _l("Apakah nama, tempat lahir, dan tanggal lahir di KTP dan paspor lama sama?"),
    "dual_citizen": _l("Apakah Anda juga warga negara lain?"),
    "wants_added_name": _l("Tambahkan nama di halaman pengesahan?"),
    "added_name": _l("Nama yang ditambahkan"),
    "purpose": _l("Tujuan perjalanan"),
    "destination": _l("Negara tujuan"),
    "stay": _l("Rencana lama tinggal"),
    "address_there": _l("Alamat di negara tujuan"),
    "relative_name": _l("Nama"),
    "relative_phone": _l("Nomor telepon"),
    "relative_relation": _l("Hubungan dengan Anda"),
    "abroad_name": _l("Nama keluarga di negara tujuan"),
    "abroad_phone": _l("Nomor teleponnya"),
    "abroad_relation": _l("Hubungannya dengan Anda"),
}

# Where an answer is read again, a question would sound odd.
TERMS: Words = {
    **FIELDS,
    "need": _l("Untuk apa"),
    "domicile_same": _l("Tinggal di alamat KTP"),
    "never_had_passport": _l("Punya paspor"),
    "issued_in_indonesia": _l("Terbit di Indonesia"),
    "same_data": _l("Data di KTP dan paspor lama sama"),
    "dual_citizen": _l("Juga warga negara lain"),
    "wants_added_name": _l("Tambah nama di halaman pengesahan"),
}
SECTIONS: Words = {**PAGE_TITLES, "wish": _l("Kantor dan hari"), "first_passport": _l("Paspor sebelumnya")}

HINTS: Words = {
    "preferred_days": _l("Boleh lebih dari satu, boleh juga kosong."),
    "full_name": _l("Titik, koma, dan tanda petik boleh. Nama satu kata boleh."),
    "nik": _l("16 angka di bagian atas KTP. Spasi boleh."),
    "birth_on": _l("Misalnya 14 8 1996."),
    "phone": _l("Nomor HP Indonesia, misalnya 0812 3456 7890."),
    "address": _l("Jalan, nomor, RT/RW, kelurahan atau desa."),
    "domicile_address": _l("Jalan, nomor, RT/RW, kelurahan atau desa."),
    "postcode": _l("5 angka."),
    "domicile_postcode": _l("5 angka."),
    "occupation_other": _l("Hanya kalau pekerjaan Anda tidak ada di daftar."),
    "number": _l("1 atau 2 huruf, lalu 6 sampai 8 angka. Misalnya A 1234567."),
    "issued_place": _l("Misalnya Palembang, atau KBRI Kuala Lumpur."),
    "added_name": _l("Biasanya nama ayah, sama seperti di akta kelahiran Anda."),
    "address_there": _l("Misalnya nama hotel. Boleh diisi nanti."),
    "relative_phone": _l("Untuk nomor luar negeri, awali dengan +."),
    "abroad_phone": _l("Awali dengan + dan kode negara, misalnya +60 12 345 6789."),
}

CITIZENSHIPS: Words = {Citizenship.INDONESIAN: _l("WNI"), Citizenship.FOREIGN: _l("WNA")}
YES_NO: Words = {"yes": _l("Ya"), "no": _l("Tidak")}
SEXES: Words = {Sex.MALE: _l("Laki-laki"), Sex.FEMALE: _l("Perempuan")}
CIVIL_STATUSES: Words = {
    CivilStatus.SINGLE: _l("Belum kawin"),
    CivilStatus.MARRIED: _l("Kawin"),
    CivilStatus.DIVORCED: _l("Cerai hidup"),
    CivilStatus.WIDOWED: _l("Cerai mati"),
}
OCCUPATIONS: Words = {
    Occupation.CIVIL_SERVANT: _l("Aparatur sipil negara"),
    Occupation.POLICE: _l("Anggota Polri"),
    Occupation.MILITARY: _l("Anggota TNI"),
    Occupation.PRIVATE_EMPLOYEE: _l("Karyawan swasta"),
    Occupation.STATE_COMPANY_EMPLOYEE: _l("Karyawan BUMN atau BUMD"),
    Occupation.SELF_EMPLOYED: _l("Wiraswasta"),
    Occupation.TRADER: _l("Pedagang"),
    Occupation.FARMER: _l("Petani atau pekebun"),
    Occupation.FISHER: _l("Nelayan"),
    Occupation.LABOURER: _l("Buruh"),
    Occupation.DRIVER: _l("Pengemudi"),
    Occupation.TEACHER: _l("Guru"),
    Occupation.LECTURER: _l("Dosen"),
    Occupation.HEALTH_WORKER: _l("Tenaga kesehatan"),
    Occupation.SEAFARER: _l("Pelaut"),
    Occupation.CLERGY: _l("Rohaniwan"),
    Occupation.ARTIST: _l("Seniman"),
    Occupation.FREELANCER: _l("Pekerja lepas"),
    Occupation.HOUSEHOLD_WORKER: _l("Pekerja rumah tangga"),
    Occupation.MIGRANT_WORKER: _l("Pekerja migran"),
    Occupation.HOUSEWIFE: _l("Ibu rumah tangga"),
    Occupation.PUPIL: _l("Pelajar"),
    Occupation.STUDENT: _l("Mahasiswa"),
    Occupation.RETIRED: _l("Pensiunan"),
    Occupation.NOT_WORKING: _l("Belum atau tidak bekerja"),
    Occupation.OTHER: _l("Lainnya"),
}
PURPOSES: Words = {
    Purpose.TOURISM: _l("Wisata"),
    Purpose.UMRAH: _l("Umrah"),
    Purpose.HAJJ: _l("Haji"),
    Purpose.FAMILY: _l("Mengunjungi keluarga"),
    Purpose.STUDY: _l("Belajar"),
    Purpose.MEDICAL: _l("Berobat"),
    Purpose.FORMAL_WORK: _l("Bekerja formal"),
    Purpose.MIGRANT_WORK: _l("Pekerja migran (PMI)"),
}
STAYS: Words = {
    Stay.UNDER_MONTH: _l("Kurang dari 1 bulan"),
    Stay.UNDER_HALF_YEAR: _l("Kurang dari 6 bulan"),
    Stay.UNDER_YEAR: _l("Kurang dari 1 tahun"),
    Stay.UNDER_FIVE_YEARS: _l("Kurang dari 5 tahun"),
    Stay.LONGER: _l("Lebih dari 5 tahun"),
}
RELATIONS: Words = {
    Relation.SPOUSE: _l("Suami atau istri"),
    Relation.FATHER: _l("Ayah"),
    Relation.MOTHER: _l("Ibu"),
    Relation.SIBLING: _l("Kakak atau adik"),
    Relation.CHILD: _l("Anak"),
    Relation.AUNT: _l("Bibi"),
    Relation.UNCLE: _l("Paman"),
    Relation.COUSIN: _l("Sepupu atau saudara lain"),
    Relation.OTHER: _l("Lainnya"),
}
WEEKDAYS: Words = {"0": _l("Senin"), "1": _l("Selasa"), "2": _l("Rabu"), "3": _l("Kamis"), "4": _l("Jumat")}
NO_DESTINATION = _l("Belum ada tujuan")
NEVER_HAD_PASSPORT: Words = {
    "yes": _l("Belum pernah"),
    "no": _l("Pernah, juga kalau sudah lama habis atau hilang"),
}

NEED_TITLES = {Need.NEW: _l("Paspor baru"), Need.REPLACEMENT: _l("Penggantian paspor")}

# Field → the words of what was chosen in it.
CHOICES: Mapping[str, Words] = {
    "sex": SEXES,
    "civil_status": CIVIL_STATUSES,
    "domicile_same": YES_NO,
    "issued_in_indonesia": YES_NO,
    "same_data": YES_NO,
    "dual_citizen": YES_NO,
    "wants_added_name": YES_NO,
    "never_had_passport": NEVER_HAD_PASSPORT,
    "mother_citizenship": CITIZENSHIPS,
    "father_citizenship": CITIZENSHIPS,
    "spouse_citizenship": CITIZENSHIPS,
    "occupation": OCCUPATIONS,
    "purpose": PURPOSES,
    "stay": STAYS,
    "relative_relation": RELATIONS,
    "abroad_relation": RELATIONS,
    "preferred_days": WEEKDAYS,
}

NIK_FAULTS = {
    NikFault.NOT_DIGITS: _l("NIK harus 16 angka, tanpa huruf"),
    NikFault.TOO_SHORT: _l("NIK baru %(have)s angka, kurang %(off)s angka"),
    NikFault.TOO_LONG: _l("NIK sudah %(have)s angka, lebih %(off)s angka"),
    NikFault.NO_SERIAL: _l("Empat angka terakhir NIK tidak pernah 0000. Lihat lagi KTP Anda."),
}

SENTENCES = {
    refusals.TooManyDrafts: _l(
        "Anda sudah punya %(allowed)s permohonan yang belum selesai. "
        "Selesaikan atau hapus satu, lalu mulai lagi."
    ),
    refusals.NotFilledHere: _l(
        "Bagian ini tidak perlu diisi untuk permohonan Anda. Kembali ke daftar bagian."
    ),
    refusals.Frozen: _l(
        "Nama, NIK, tanggal lahir, jenis kelamin, jenis permohonan dan paspor, serta kantor terkunci "
        "sejak Anda memilih jadwal. Kalau ada yang salah, sampaikan kepada petugas saat Anda datang."
    ),
    refusals.NotANik: _l("NIK harus 16 angka. Lihat lagi KTP Anda."),
    refusals.NotGrownUp: _l(
        "Pemohon di bawah 17 tahun yang belum pernah kawin diurus bersama orang tuanya. "
        "Periksa tanggal lahir dan status perkawinan."
    ),
    refusals.KindNotOffered: _l(
        "Kantor %(office)s tidak menerbitkan jenis paspor yang Anda pilih. Pilih kantor atau jenis lain."
    ),
    refusals.NotElectronic: _l("Paspor nonelektronik ditukar ke paspor elektronik. Pilih jenis elektronik."),
    refusals.ValidTooLong: _l(
        "Pemegang dua kewarganegaraan tidak bisa memakai masa berlaku 10 tahun. "
        "Ubah dulu jenis paspor menjadi 5 tahun di bagian Jenis permohonan."
    ),
    refusals.OfficeNotInService: _l("Pilih kantor yang melayani permohonan lewat situs ini"),
    refusals.Incomplete: _l(
        "Masih ada bagian yang belum lengkap. Buka daftar bagian untuk melihat yang mana."
    ),
}


def words_of(field: str, found: Any) -> str:
    """What was answered in a field of choices, in words; text stays as it was typed."""
    choices = CHOICES.get(field)
    if choices is None:
        return str(found)
    several = found if isinstance(found, list) else [found]
    return ", ".join(str(choices.get(one, one)) for one in several)


def nik_doubt(doubt: NikWarning) -> str:
    """One doubt about a NIK: which digits, and what they mean."""
    if doubt.doubt is NikDoubt.PROVINCE:
        return _("angka ke-1 dan 2 (%(digits)s) bukan kode provinsi yang kami kenal", digits=doubt.digits)
    if doubt.doubt is NikDoubt.MONTH:
        return _month_doubt(doubt.digits)
    if doubt.doubt is NikDoubt.YEAR:
        return _(
            "angka ke-11 dan 12 (%(digits)s) berarti tahun yang berakhir %(digits)s", digits=doubt.digits
        )
    if doubt.day is None:
        return _("angka ke-7 dan 8 (%(digits)s) bukan tanggal mana pun", digits=doubt.digits)
    if doubt.sex == Sex.FEMALE:
        return _(
            "angka ke-7 dan 8 (%(digits)s) berarti tanggal %(day)s, perempuan",
            digits=doubt.digits,
            day=doubt.day,
        )
    return _(
        "angka ke-7 dan 8 (%(digits)s) berarti tanggal %(day)s, laki-laki", digits=doubt.digits, day=doubt.day
    )


def _month_doubt(digits: str) -> str:
    if not 1 <= int(digits) <= 12:
        return _("angka ke-9 dan 10 (%(digits)s) bukan bulan mana pun", digits=digits)
    month = format_date(date(2000, int(digits), 1), "MMMM")
    return _("angka ke-9 dan 10 (%(digits)s) berarti bulan %(month)s", digits=digits, month=month)
