"""Surat pengantar pembayaran: the billing code, how much, until when, and how to pay."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mpaspor.correspondence.letters import PaymentLetter
from mpaspor.correspondence.paper import CLOTH, INK2, INNER, MARGIN, NOW_INK, NOW_SOFT, THREAD, WHITE, Paper
from mpaspor.web import formats

TITLE = "Surat pengantar pembayaran"

# The ways to pay (DOMAIN §8.1), cut to what helps at a machine or counter; the page shows every bank.
_WAYS = (
    ("ATM", "Pembayaran, lalu Penerimaan Negara, MPN, atau Pajak/PNBP."),
    ("M-banking", "Bayar, lalu Penerimaan Negara (MPN). BRImo: menu Lainnya. Livin’: menu Pajak."),
    ("Internet banking", "Pembayaran, Pajak, Penerimaan Negara. BRI: menu MPN."),
    ("Dompet dan toko daring", "DANA, LinkAja, Tokopedia, Bukalapak: cari Penerimaan Negara."),
    ("Tunai", "Teller bank, Kantor Pos, Indomaret: sebutkan “Penerimaan Negara” dan tunjukkan kode ini."),
)


def draw(letter: PaymentLetter) -> bytes:
    """The letter as PDF/A-2B, one page."""
    zone = ZoneInfo(letter.hour.time_zone)
    paper = Paper(TITLE, letter.head)
    paper.gap(1)
    paper.say(f"Untuk {letter.payer_name}", 11.5, colour=INK2)
    paper.gap(5)
    _slip(paper, letter)
    if letter.head.no_longer:
        paper.gap(6)
    else:
        _deadline(paper, letter, zone)
    paper.facts(
        [
            ("Terbilang", _sentence(formats.in_words(letter.amount_rp, "id"))),
            ("Permohonan", f"{letter.service} · Nomor {formats.grouped(letter.application_number)}"),
            ("Tempat yang ditahan", _place(letter, zone)),
            ("Kode dibuat", formats.date_time(letter.issued_at, zone, "id")),
        ]
    )
    paper.gap(7)
    _how_to_pay(paper, letter)
    return paper.finished()


def _slip(paper: Paper, letter: PaymentLetter) -> None:
    top = paper.get_y()
    paper.box(MARGIN, top, INNER, 43, CLOTH, 4)
    paper.word(MARGIN + 8, top + 6, "Kode billing, 15 angka", 10.5, colour=WHITE)
    paper.word(MARGIN + 8, top + 11.5, formats.grouped(letter.billing_code), 31, bold=True, colour=WHITE)
    paper.word(MARGIN + 8, top + 27, "Jumlah", 10.5, colour=WHITE)
    paper.word(MARGIN + 8, top + 32, formats.rupiah(letter.amount_rp), 18, bold=True, colour=WHITE)
    paper.set_xy(MARGIN, top + 43)


def _deadline(paper: Paper, letter: PaymentLetter, zone: ZoneInfo) -> None:
    paper.gap(4)
    top = paper.get_y()
    paper.box(MARGIN, top, INNER, 21, NOW_SOFT, 3)
    paper.set_fill_color(*THREAD)
    paper.rect(MARGIN, top + 3, 1.4, 15, style="F")
    paper.word(MARGIN + 8, top + 3.6, _before(letter, zone), 15, bold=True, colour=NOW_INK)
    paper.word(
        MARGIN + 8,
        top + 12,
        "Lewat itu jadwal batal; kuotanya dibuka lagi nanti, pada waktu acak. Isian tetap tersimpan.",
        10.5,
        colour=NOW_INK,
    )
    paper.set_xy(MARGIN, top + 21)
    paper.gap(6)


def _before(letter: PaymentLetter, zone: ZoneInfo) -> str:
    day = formats.long_date(letter.pay_until, zone, "id")
    return f"Bayar sebelum pukul {formats.hour(letter.pay_until, zone)}, {day}"


def _place(letter: PaymentLetter, zone: ZoneInfo) -> str:
    hour = letter.hour
    day = formats.long_date(hour.starts_at, zone, "id")
    return f"{day}, {formats.hour_range(hour.starts_at, hour.ends_at, zone)}, {hour.office_name}"


def _how_to_pay(paper: Paper, letter: PaymentLetter) -> None:
    top = paper.get_y()
    left = 118.0
    ways = () if letter.head.no_longer else _WAYS
    if ways:
        paper.heading("Cara membayar")
    for way, steps in ways:
        paper.say(way, 10.5, bold=True, width=left)
        paper.say(steps, 10, colour=INK2, width=left)
        paper.gap(1.4)
    if ways:
        paper.say("Periksa nama dan jumlah sebelum menekan bayar. Simpan bukti dari bank.", 10, width=left)
    x, size = MARGIN + INNER - 42, 42.0
    paper.qr(letter.head.verify_url, x, top, size)
    paper.set_y(top + size)
    paper.say("Pindai untuk memeriksa keaslian surat ini", 8.5, colour=INK2, x=x + 4, width=size - 4)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
