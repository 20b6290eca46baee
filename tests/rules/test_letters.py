"""The three letters as PDF: what they say, that they can be scanned, that a name stays a name."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from mpaspor.applications import visit_token
from mpaspor.applications.visit_token import Visit
from mpaspor.correspondence import payment_letter, receipt, visit_letter
from mpaspor.correspondence.letters import Head, Hour, PaymentLetter, Receipt, ReceiptLine, VisitLetter

MADE = datetime(2026, 11, 23, 3, 51, tzinfo=UTC)
PAY_UNTIL = datetime(2026, 11, 23, 5, 51, tzinfo=UTC)
KEY = bytes(range(32))
NAME = "Ratna Dewi Kusuma"
LONG = "Raden Ajeng Maria Bernadette Kusumaningrum Wulandari Sastrowardoyo"
HOSTILE = "[klik](http://jahat.example) **x** \u202e) Tj /JS (app.alert) <script>=cmd|' 王"

HEAD = Head("7F3A90C1D2E844B6", MADE, "Asia/Jakarta", "https://paspor.example/v/7F3A90C1D2E844B6", True)
HOUR = Hour(
    datetime(2026, 12, 8, 4, tzinfo=UTC),
    datetime(2026, 12, 8, 5, tzinfo=UTC),
    "Asia/Jakarta",
    "Kantor Imigrasi Kelas I TPI Palembang",
    "Jl. Pangeran Ratu 1, Jakabaring",
)
PAYMENT = PaymentLetter(
    HEAD,
    "820261123004173",
    650_000,
    MADE,
    PAY_UNTIL,
    NAME,
    "1038000000012345",
    "Paspor elektronik 5 tahun",
    HOUR,
)
RECEIPT = Receipt(
    head=HEAD,
    billing_code="820261123004173",
    issued_at=MADE,
    expires_at=PAY_UNTIL,
    paid_at=MADE,
    bank="Bank Contoh",
    channel="ATM",
    payer_name=NAME,
    ministry="Kementerian",
    unit="Direktorat Jenderal",
    work_unit="Kantor",
    amount_rp=650_000,
    ntb="000123456789",
    bank_reference="000123456789",
    ntpn="7F3A90C1D2E844B7",
    settled_at=MADE,
    application_number="1038000000012345",
    lines=(ReceiptLine("Paspor elektronik 5 tahun", 650_000, "PP 45/2024"),),
)
TOKEN = visit_token.sign(Visit("K7M4Q2XD", "palembang", HOUR.starts_at), KEY)
VISIT = VisitLetter(
    HEAD,
    NAME,
    "K7M4Q2XD",
    "1038000000012345",
    "Paspor elektronik 5 tahun",
    HOUR,
    TOKEN,
    ("e-KTP", "Paspor lama"),
)

DRAWN: dict[str, tuple[Callable[[str], bytes], str]] = {
    "payment": (lambda name: payment_letter.draw(replace(PAYMENT, payer_name=name)), HEAD.verify_url),
    "receipt": (lambda name: receipt.draw(replace(RECEIPT, payer_name=name)), HEAD.verify_url),
    "visit": (lambda name: visit_letter.draw(replace(VISIT, applicant_name=name)), TOKEN),
}
each_letter = pytest.mark.parametrize("kind", DRAWN)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_payment_letter_says_code_amount_deadline_and_place() -> None:
    words = words_of(payment_letter.draw(PAYMENT))
    for told in (
        "820 261 123 004 173",
        "Rp650.000",
        "Enam ratus lima puluh ribu rupiah",
        "Bayar sebelum pukul 12.51 WIB, Senin, 23 November 2026",
        "Selasa, 8 Desember 2026, 11.00–12.00 WIB",
        "Penerimaan Negara",
        "MODE DEMO – bukan surat resmi",
    ):
        assert told in words


def test_the_deadline_follows_the_zone_of_the_office() -> None:
    jayapura = replace(PAYMENT, hour=replace(HOUR, time_zone="Asia/Jayapura"))
    assert "pukul 14.51 WIT," in words_of(payment_letter.draw(jayapura))


def test_the_receipt_carries_the_fields_of_the_treasury() -> None:
    words = words_of(receipt.draw(RECEIPT))
    for told in (
        "Bukti penerimaan negara",
        "7F3A 90C1 D2E8 44B7",
        "000123456789",
        "Tanggal billing",
        "Tanggal kedaluwarsa",
        "Tanggal bayar",
        "Bank/pos/fintech bayar",
        "Unit eselon I",
        "Satuan kerja",
        "Enam ratus lima puluh ribu rupiah",
        "PP 45/2024",
    ):
        assert told in words


def test_a_receipt_without_ntpn_calls_itself_temporary() -> None:
    words = words_of(receipt.draw(replace(RECEIPT, ntpn=None, settled_at=None)))
    assert "sementara" in words
    assert "Jangan bayar lagi" in words


def test_the_visit_letter_says_where_when_and_what_to_bring() -> None:
    words = words_of(visit_letter.draw(VISIT))
    for told in (
        "11.00–12.00 WIB",
        "Tiba pukul 10.45 WIB",
        "K7M4-Q2XD",
        "Paspor lama",
        "1038 0000 0001 2345",
        "paling lambat Senin, 7 Desember 2026",
    ):
        assert told in words


def test_a_receipt_without_a_number_of_the_bank_does_not_call_its_reference_one() -> None:
    reference = "7f4fdd8b-5d2c-4d1c-9bb5-2f5a6e1a4c11"
    pdf = receipt.draw(replace(RECEIPT, ntb=None, bank_reference=reference))
    words = words_of(pdf)
    assert "NTB, nomor transaksi bank Tidak diberikan bank" in words
    assert f"Rujukan bank {reference}" in words
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_a_payment_letter_whose_code_is_dead_asks_nobody_to_pay() -> None:
    dead = replace(HEAD, no_longer="Jangan membayar kode billing di surat ini.")
    words = words_of(payment_letter.draw(replace(PAYMENT, head=dead)))
    assert "Tidak berlaku lagi Jangan membayar kode billing di surat ini." in words
    assert "Bayar sebelum" not in words and "Cara membayar" not in words


def test_a_real_letter_carries_no_demo_mark() -> None:
    assert "DEMO" not in words_of(payment_letter.draw(replace(PAYMENT, head=replace(HEAD, is_demo=False))))


@each_letter
@pytest.mark.parametrize("name", [NAME, LONG, HOSTILE])
def test_a_letter_is_one_page_of_at_most_60_kb(kind: str, name: str) -> None:
    pdf = DRAWN[kind][0](name)
    assert len(pdf) <= 60_000
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


@each_letter
def test_a_letter_is_pdf_a_with_its_fonts_inside(kind: str) -> None:
    pdf = DRAWN[kind][0](NAME)
    reader = PdfReader(io.BytesIO(pdf))
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>B<" in pdf
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for font in fonts.values():
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in described


@each_letter
def test_the_same_letter_is_the_same_bytes(kind: str) -> None:
    first = DRAWN[kind][0](NAME)
    sleep(1.1)  # the format counts in seconds
    assert DRAWN[kind][0](NAME) == first


@each_letter
def test_a_hostile_name_stays_text(kind: str) -> None:
    pdf = DRAWN[kind][0](HOSTILE)
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert "/Annots" not in page
    for trap in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/AA"):
        assert trap not in pdf
    words = words_of(pdf)
    assert "[klik](http://jahat.example) **x**" in words
    assert "\u202e" not in words


@each_letter
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
def test_the_qr_code_can_be_scanned_from_the_page(kind: str, tmp_path: Path) -> None:
    draw, told = DRAWN[kind]
    (tmp_path / "letter.pdf").write_bytes(draw(NAME))
    command = ["pdftoppm", "-r", "110", "-png", "-singlefile", "letter.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=30)
    read = zxingcpp.read_barcodes(Image.open(tmp_path / "page.png"))
    assert [code.text for code in read] == [told]
