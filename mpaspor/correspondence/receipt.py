"""Bukti penerimaan negara: the receipt, with the treasury's own fields."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mpaspor.correspondence.letters import Receipt
from mpaspor.correspondence.paper import INK2, INNER, MARGIN, MIST, Paper
from mpaspor.web import formats

TITLE = "Bukti penerimaan negara"
NO_NTB = "Tidak diberikan bank"
TEMPORARY_TITLE = "Bukti penerimaan negara sementara"


def draw(letter: Receipt) -> bytes:
    """The receipt as PDF/A-2B, one page; without NTPN it names itself temporary."""
    zone = ZoneInfo(letter.head.time_zone)
    paper = Paper(TITLE if letter.ntpn else TEMPORARY_TITLE, letter.head)
    paper.gap(1)
    paper.say(f"Dari {letter.payer_name}", 11.5, colour=INK2)
    paper.gap(5)
    _proof(paper, letter)
    paper.facts(_rows(letter, zone))
    paper.gap(4)
    _lines(paper, letter)
    paper.say(
        "Pindai kotak di atas untuk memeriksa keaslian bukti ini. Simpan sampai paspor Anda diambil.",
        10,
        colour=INK2,
    )
    return paper.finished()


def _proof(paper: Paper, letter: Receipt) -> None:
    """The two numbers that prove it, large and grouped."""
    top = paper.get_y()
    paper.box(MARGIN, top, INNER, 37, MIST, 4)
    paper.word(MARGIN + 8, top + 5, "NTPN, bukti negara menerima uang Anda", 10, colour=INK2)
    if letter.ntpn:
        paper.word(MARGIN + 8, top + 10, formats.grouped(letter.ntpn), 22, bold=True)
    else:
        paper.word(MARGIN + 8, top + 11, "Menyusul dari kas negara. Jangan bayar lagi.", 14, bold=True)
    paper.word(MARGIN + 8, top + 22.5, "Jumlah", 10, colour=INK2)
    paper.word(MARGIN + 8, top + 27, formats.rupiah(letter.amount_rp), 15, bold=True)
    paper.word(MARGIN + 66, top + 22.5, "NTB, nomor transaksi bank", 10, colour=INK2)
    ntb = letter.ntb or NO_NTB
    paper.word(MARGIN + 66, top + 27, ntb, paper.fitted(ntb, 15, 60, bold=True), bold=True)
    paper.qr(letter.head.verify_url, MARGIN + INNER - 36, top + 2, 33)
    paper.set_xy(MARGIN, top + 37)
    paper.gap(6)


def _rows(letter: Receipt, zone: ZoneInfo) -> list[tuple[str, str]]:
    words = formats.in_words(letter.amount_rp, "id")
    rows = [
        ("Kode billing", formats.grouped(letter.billing_code)),
        ("Tanggal billing", formats.date_time(letter.issued_at, zone, "id")),
        ("Tanggal kedaluwarsa", formats.date_time(letter.expires_at, zone, "id")),
        ("Tanggal bayar", formats.date_time(letter.paid_at, zone, "id")),
        ("Bank/pos/fintech bayar", letter.bank),
        ("Channel bayar", letter.channel),
        ("Nama wajib bayar", letter.payer_name),
        ("Kementerian/lembaga", letter.ministry),
        ("Unit eselon I", letter.unit),
        ("Satuan kerja", letter.work_unit),
        ("Total disetor", f"{formats.rupiah(letter.amount_rp)} (IDR)"),
        ("Terbilang", words[:1].upper() + words[1:]),
        ("Status", "Sudah dibayar, dibukukan negara" if letter.ntpn else "Sudah dibayar, menunggu NTPN"),
    ]
    if letter.ntb is None:
        rows.append(("Rujukan bank", letter.bank_reference))
    if letter.settled_at:
        rows.append(("Tanggal buku", formats.date_time(letter.settled_at, zone, "id")))
    rows.append(("Nomor permohonan", formats.grouped(letter.application_number)))
    return rows


def _lines(paper: Paper, letter: Receipt) -> None:
    """What was paid for, figures at the right."""
    top = paper.get_y()
    for line in letter.lines:
        paper.set_y(top)
        paper.say(line.item, 10.5, width=INNER - 90)
        paper.word(MARGIN + 84, top, line.regulation, 10, colour=INK2)
        amount = formats.rupiah(line.amount_rp)
        paper.set_font("Roboto", "B", 10.5)
        paper.word(MARGIN + INNER - paper.get_string_width(amount), top, amount, 10.5, bold=True)
        top += 6
    paper.set_xy(MARGIN, top)
