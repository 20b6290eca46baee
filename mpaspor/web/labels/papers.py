"""Papers that a case asks for, what pictures show, and why a picture was not taken."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from mpaspor.applications import images, papers, picture_turns
from mpaspor.applications.paper_queries import Papers
from mpaspor.applications.papers import DocumentKind
from mpaspor.applications.rules import PaperState
from mpaspor.applications.upload_document import PaperAccepted, WrongKind

PAPER_NAMES = {
    papers.ID_CARD: _l("e-KTP"),
    papers.FAMILY_CARD: _l("Kartu Keluarga (KK)"),
    papers.PROOF: _l("Akta lahir, ijazah, atau buku nikah (pilih satu)"),
    papers.OLD_PASSPORT: _l("Paspor lama"),
    papers.NAME_CHANGE: _l("Penetapan ganti nama"),
    papers.CITIZENSHIP: _l("Surat pewarganegaraan"),
}

DOCUMENT_NAMES = {
    DocumentKind.ID_CARD: _l("e-KTP"),
    DocumentKind.FAMILY_CARD: _l("Kartu Keluarga (KK)"),
    DocumentKind.BIRTH_CERTIFICATE: _l("Akta kelahiran"),
    DocumentKind.DIPLOMA: _l("Ijazah"),
    DocumentKind.MARRIAGE_CERTIFICATE: _l("Akta perkawinan"),
    DocumentKind.MARRIAGE_BOOK: _l("Buku nikah"),
    DocumentKind.BAPTISM_LETTER: _l("Surat baptis"),
    DocumentKind.OLD_PASSPORT: _l("Paspor lama"),
    DocumentKind.NAME_CHANGE_DECREE: _l("Penetapan ganti nama"),
    DocumentKind.CITIZENSHIP_LETTER: _l("Surat pewarganegaraan"),
}

PAPER_HINTS = {
    papers.ID_CARD: _l("Sisi depan, semua tulisan terbaca."),
    papers.FAMILY_CARD: _l("Satu lembar penuh, semua tepi terlihat."),
    papers.PROOF: _l("Pilih satu. Harus memuat nama, tempat dan tanggal lahir, serta nama orang tua."),
    papers.OLD_PASSPORT: _l("Halaman 2, yang ada foto Anda."),
    papers.NAME_CHANGE: _l("Hanya kalau Anda pernah ganti nama."),
    papers.CITIZENSHIP: _l("Hanya kalau Anda menjadi WNI lewat pewarganegaraan atau pernyataan memilih."),
}

# The office keeps the copies; of an e-KTP it takes only the uncut sheet.
COPIES = _l("Salinan A4 semuanya; salinan e-KTP jangan dipotong")


def document_name(kind: str) -> str:
    """What a picture shows, in words."""
    return str(DOCUMENT_NAMES[DocumentKind(kind)])


def missing_names(found: Papers) -> list[str]:
    """The papers of a case that nobody sent yet, in words."""
    return [str(PAPER_NAMES[paper]) for paper in found.missing]


PAPER_STATES = {
    PaperState.SUBMITTED: _l("Sudah dikirim"),
    PaperState.ACCEPTED: _l("Diterima petugas"),
    PaperState.WANTED: _l("Kirim ulang"),
}

PICTURE_HINTS = {
    "blurry": _l("Foto ini tampak buram. Kalau tulisannya sulit dibaca, ambil ulang."),
    "dark": _l("Foto ini tampak gelap. Kalau tulisannya sulit dibaca, ambil ulang di tempat terang."),
    "tiny": _l(
        "Gambar ini diperkecil, jadi tulisannya mungkin terlalu kecil. Buka fotonya. Kalau sulit dibaca, "
        "foto dari dekat atau kirim bagian pentingnya saja."
    ),
}

SENTENCES = {
    picture_turns.PicturesBusy: _l(
        "Banyak foto sedang kami periksa, jadi foto ini belum tersimpan. Tunggu sebentar, lalu kirim foto "
        "yang sama."
    ),
    picture_turns.OwnPicturesFirst: _l(
        "Dua foto Anda masih kami periksa, jadi foto ini belum tersimpan. Kirim foto yang sama %(clock)s."
    ),
    images.NothingChosen: _l("Pilih foto berkas terlebih dahulu"),
    images.NotAnImage: _l("File ini bukan foto JPG atau PNG. Foto berkasnya, lalu pilih foto itu."),
    images.PdfNotTaken: _l("PDF tidak diterima. Foto berkasnya dengan HP, lalu pilih foto itu."),
    images.HeicNotTaken: _l(
        "Foto HEIC dari iPhone belum bisa dibaca. Di Pengaturan, Kamera, Format, pilih “Paling kompatibel”, "
        "lalu foto lagi."
    ),
    images.TooLarge: _l("Foto harus paling besar %(limit_mb)s MB. Kecilkan ukurannya, atau foto ulang."),
    images.TooManyPixels: _l(
        "Foto harus paling banyak %(limit)s megapiksel. Kecilkan ukuran kameranya, lalu foto lagi."
    ),
    images.TooSmall: _l(
        "Foto ini hanya %(width)s × %(height)s titik, terlalu kecil untuk dibaca. "
        "Sisi terpanjang harus paling sedikit %(limit)s titik."
    ),
    images.Unreadable: _l("Foto ini rusak atau terpotong, jadi tidak bisa dibuka. Foto ulang berkasnya."),
    PaperAccepted: _l("Berkas ini sudah diterima petugas, jadi tidak bisa diganti."),
    WrongKind: _l("Pilih jenis berkas yang ada di foto"),
}


def opened_words(what: str) -> str:
    """What an officer opened of a case, as its person reads it; a paper goes by the code of its address."""
    if what in _OPENED:
        return str(_OPENED[what])
    paper = papers.paper_by_code(what)
    return str(PAPER_NAMES[paper]) if paper is not None else str(_OPENED["case"])


_OPENED = {
    "case": _l("Isian permohonan"),
    "photo": _l("Foto dari loket"),
    "letter": _l("Surat keputusan"),
}
