"""The letter with which a case ends: what was decided, why, on what ground, until when, and what is next."""

from __future__ import annotations

from collections.abc import Mapping

from mpaspor.applications.rules import LetterKind
from mpaspor.correspondence.letters import EndLetter
from mpaspor.correspondence.paper import CLOTH, INK2, INNER, MARGIN, WHITE, Paper
from mpaspor.web import formats

K = LetterKind
TITLES: Mapping[LetterKind, str] = {
    K.REFUSAL: "Surat penolakan",
    K.DEFERRAL: "Surat penangguhan",
    K.VOIDING: "Surat pembatalan paspor",
    K.CLOSING: "Surat penutupan permohonan",
}
_DECIDED: Mapping[LetterKind, str] = {
    K.REFUSAL: "Permohonan paspor ini ditolak.",
    K.DEFERRAL: "Permohonan paspor ini ditangguhkan.",
    K.VOIDING: "Paspor dari permohonan ini dibatalkan.",
    K.CLOSING: "Permohonan paspor ini ditutup.",
}
_NEXT: Mapping[LetterKind, str] = {
    K.REFUSAL: "Kalau alasannya sudah dipenuhi, pemohon boleh mengajukan permohonan baru.",
    K.DEFERRAL: "Setelah alasannya terpenuhi pemohon boleh mengajukan permohonan baru.",
    K.VOIDING: "Pemohon mengajukan permohonan baru sebagai penggantian paspor, dengan surat ini.",
    K.CLOSING: "Kalau masih memerlukan paspor, pemohon mengajukan permohonan baru.",
}


def draw(letter: EndLetter) -> bytes:
    """The letter as PDF/A-2B, one page."""
    paper = Paper(TITLES[letter.kind], letter.head)
    paper.gap(1)
    paper.say(f"Untuk {letter.applicant_name}", 11.5, colour=INK2)
    paper.gap(5)
    top = paper.get_y()
    paper.box(MARGIN, top, INNER, 24, CLOTH, 4)
    decided = _DECIDED[letter.kind]
    size = paper.fitted(decided, 18, INNER - 16, bold=True)
    paper.word(MARGIN + 8, top + 8, decided, size, bold=True, colour=WHITE)
    paper.set_xy(MARGIN, top + 24)
    paper.gap(6)
    paper.facts(_facts(letter))
    paper.gap(7)
    paper.heading("Langkah berikutnya")
    paper.say(_following(letter), 10.5, colour=INK2, width=INNER - 52)
    paper.gap(3)
    paper.say("Biaya yang sudah masuk kas negara tidak kembali.", 10.5, colour=INK2, width=INNER - 52)
    paper.gap(3)
    paper.say(
        "Tidak setuju atau ada yang tidak jelas? Sampaikan secara tertulis atau tanyakan di "
        f"{letter.office_name} dengan menyebut kode {formats.grouped(letter.application_code)}.",
        10.5,
        colour=INK2,
        width=INNER - 52,
    )
    if letter.head.is_draft:
        return paper.finished()
    under = paper.get_y()
    x, size = MARGIN + INNER - 42, 42.0
    paper.qr(letter.head.verify_url, x, under - 34, size)
    paper.set_y(under - 34 + size)
    paper.say("Pindai untuk memeriksa keaslian surat ini", 8.5, colour=INK2, x=x + 4, width=size - 4)
    return paper.finished()


def _facts(letter: EndLetter) -> list[tuple[str, str]]:
    office = ", ".join(filter(None, (letter.office_name, letter.office_address)))
    until = formats.long_date(letter.until, language="id") if letter.until else None
    waited = formats.long_date(letter.collect_by, language="id") if letter.collect_by else None
    rows = [
        ("Alasan", letter.reason),
        ("Dasar", letter.ground),
        ("Ditangguhkan sampai", until),
        ("Hari terakhir pengambilan", waited),
        ("Permohonan", f"{letter.service} · Nomor {formats.grouped(letter.application_number)}"),
        ("Kantor", office),
    ]
    return [(name, value) for name, value in rows if value]


def _following(letter: EndLetter) -> str:
    if letter.until is None:
        return _NEXT[letter.kind]
    day = formats.long_date(letter.until, language="id")
    return f"Setelah {day} pemohon boleh mengajukan permohonan baru."
