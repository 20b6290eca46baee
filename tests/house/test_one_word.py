"""One word for one thing: the words that the product chose, held over every sentence that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
# What must not be read anywhere, and the word that stands there instead. The words that the state's own pages
# use win over literal translations; whoever wants another word changes it here and everywhere at once.
INDONESIAN = {
    r"\bkasus\b": "permohonan",
    r"\bMeja\b": "Petugas (M-Paspor Petugas)",
    r"[Pp]apan hari ini|[Kk]embali ke papan": "Antrean hari ini",
    r"[Tt]erima tamu|[Pp]enerima tamu": "Registrasi kedatangan",
    r"\b[Bb]uklet": "buku paspor",
    r"[Uu]ji mutu|[Pp]enguji mutu|diuji mutu": "uji kualitas",
    r"\b[Aa]judikator\b|\bPemutus\b": "adjudikator",
    r"[Pp]emeriksa berkas": "verifikator berkas",
    r"(…|\d) tempat\b|[Ss]isa tempat|[Tt]ersisa": "Sisa kuota N",
    r"[Jj]adwal kosong|[Hh]ari kosong": "Jadwal tersedia",
    r"\b([Aa]mbil|[Ll]epas) jam\b|[Mm]engambil jam": "Pilih jadwal ini, Batalkan jadwal ini",
    r"kembali ke umum": "kuota dibuka lagi untuk pemohon lain",
    r"[Bb]ukti lahir": "Akta lahir, ijazah, atau buku nikah (pilih satu)",
    r"\d+ tanda": "karakter",
    r"Benar belum pernah": "Yakin belum pernah punya paspor?",
    r"[Pp]astikan alamat dan|alamat Anda belum dipastikan": "Verifikasi e-mail dan masuk",
    r"balasan tidak dibaca|[Ss]urat ini dikirim otomatis": "E-mail ini otomatis; mohon tidak dibalas.",
    r"Nyatakan, lalu": "Saya nyatakan benar, lanjut pilih jadwal",
    r"lepaskan biaya|[Tt]arik permohonan|permohonan ditarik": "Batalkan; biaya hangus",
    r"sudah pasti\.": "sudah dikonfirmasi",
    r"(jalan|jalur)(nya)? sendiri|tempat sendiri": "ada jalur khusus",
    r"tidak perlu memesan": "Kelompok prioritas boleh datang tanpa mendaftar",
    r"tidak kami kenal": "tidak terdaftar",
    r"\b[Gg]alat\b": "Kesalahan",
    r"\b[Kk]uki\b": "cookie",
    r"papan ketik": "keyboard",
    r"\b[Rr]ekaan\b": "contoh",
    r"\b[Gg]anti paspor\b": "Penggantian paspor",
    r"[Bb]ank (tiruan|contoh|peragaan)": "bank simulasi",
    r"[Hh]alaman (awal|utama|muka)": "halaman depan",
    r"\b[Pp]onsel\b|nomor (handphone|seluler)": "HP",
    r"\b[Dd]okumen": "berkas",
    r"[Tt]anda datang|[Ss]urat kunjungan": "surat kedatangan",
    r"\bber?materai\b|\bmaterai\b": "bermeterai",
    r"non-elektronik|non elektronik": "nonelektronik",
    r"\b[Aa]ntrian": "antrean",
}
ENGLISH = {
    r"goes back to every": "is offered to others",
    r"(Take|Release) this hour|(took|take) an hour": "Book / give up this slot",
    r"Is it true you never": "Are you sure you never had a passport?",
    r"We do not know this letter": "This letter is not in our register",
    r"[Gg]ranting": "Approval recommended",
    r"did not come at the hour": "You missed your appointment",
    r"Done: \S+ working days": "Ready in 4 working days",
    r"\bpapers?\b(?! bag)(?<!A4 paper)": "documents",
    r"[Aa]rrival ticket": "visit letter",
    r"\bcases?\b": "application",
}
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<[^>]*>|%\(\w+\)s?", re.DOTALL)


@cache
def sentences(language: str) -> tuple[tuple[str, str], ...]:
    """Every sentence for people in one language, with the place where it stands."""
    return tuple(_catalogue(language)) + tuple(_texts(language))


def _catalogue(language: str) -> Iterator[tuple[str, str]]:
    with (ROOT / "locales/en/LC_MESSAGES/messages.po").open("rb") as file:
        for message in read_po(file, locale="en"):
            said = message.id if language == "id" else message.string
            for text in (said,) if isinstance(said, str) else said:
                yield "messages.po", _CODE.sub(" … ", text)


def _texts(language: str) -> Iterator[tuple[str, str]]:
    """Mails and long pages: pairs of templates, one for each language; letters are written in code."""
    folder = ROOT / "templates"
    mails = (folder / "messages" / language).glob("*.txt")
    pages = (folder / "public/info").glob(f"*.{language}.html")
    for file in (*mails, *pages):
        yield str(file.relative_to(ROOT)), _CODE.sub(" … ", file.read_text(encoding="utf-8"))
    if language == "id":
        for file in (ROOT / "mpaspor/correspondence").glob("*.py"):
            code = file.read_text(encoding="utf-8")
            for words in re.findall(r'"([^"\n]*[a-z] [^"\n]*)"', code):
                yield str(file.relative_to(ROOT)), words


@pytest.mark.parametrize(("language", "table"), [("id", INDONESIAN), ("en", ENGLISH)])
def test_one_word_stands_for_one_thing_everywhere(language: str, table: dict[str, str]) -> None:
    found = [
        f"{place}: “…{text[max(0, met.start() - 30) : met.end() + 30]}…” → {good}"
        for place, text in sentences(language)
        for bad, good in table.items()
        if (met := re.search(bad, text))
    ]
    assert not found, "\n".join(found)


def test_the_table_finds_what_it_forbids() -> None:
    """Each pattern meets a sentence that it is meant for, so none is dead from the day it was written."""
    said = "Kasus kasus Meja Papan hari ini Terima tamu Buklet Uji mutu ajudikator Pemeriksa berkas 6 tempat."
    met = [bad for bad in INDONESIAN if re.search(bad, said)]
    assert len(met) == 9
    assert len(sentences("id")) > 1000 and len(sentences("en")) > 1000
