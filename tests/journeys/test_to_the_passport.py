"""From the start page to the passport in the hand, in a real browser, against everything that runs."""

from __future__ import annotations

import re

import pytest
import segno

from mpaspor.applications import visit_token
from tests.journeys.applicant import PASSWORD, SITI, Applicant, picture
from tests.journeys.conftest import NewVisitor
from tests.journeys.house import House
from tests.journeys.officer import (
    ADJUDICATOR,
    BIOMETRICS,
    HANDOVER,
    INTERVIEWER,
    PRINTER,
    QUALITY,
    SUPERVISOR,
    VERIFIER,
    Officer,
)
from tests.journeys.visitor import DESK

SERVER_TAKES = 8_000_000
STATEMENTS_A_PAGE = 8
PDF_BUDGET = 60_000


@pytest.mark.long
def test_from_sign_up_to_collected(visitor: NewVisitor, house: House) -> None:
    siti = Applicant(visitor(), SITI)
    applies(siti)
    pays(siti, house)
    scanned = qr_on_the_page(siti, house)
    goes_through_the_house(siti.code, scanned, visitor)
    siti.opens_the_case().at.reads_heading("Paspor sudah diambil")
    assert house.ask("SELECT state FROM application WHERE code = %s", siti.code) == ("collected",)
    checked = house.mpaspor("check")
    assert checked.returncode == 0, checked.stdout
    house.kept_to_itself(*SITI.secrets, PASSWORD)
    asked = [line for line in house.lines() if line.get("method") == "GET"]
    assert asked and not [line for line in asked if line["statements"] > STATEMENTS_A_PAGE]


def applies(siti: Applicant) -> None:
    siti.signs_up().types_the_code_from_the_mail()
    siti.at.opens("/permohonan/baru?usia=dewasa&paspor=hilang").reads_heading("Paspor hilang atau rusak")
    siti.answers_the_first_questions()
    with siti.at.expecting(422):
        siti.at.opens(f"/permohonan/{siti.code}/isi/identitas").writes({"Nama lengkap": "", "NIK": "12"})
        with siti.at.in_place():
            siti.at.page.get_by_role("button", name="Simpan dan lanjutkan").click()
        siti.at.reads_heading(re.compile(r"Perbaiki \d isian"))
    siti.fills_in_every_page()
    # More than the server would take: it arrives only because the browser makes it smaller first.
    huge = picture(5200, 3900, quality=85)
    assert len(huge) > SERVER_TAKES
    for sent in siti.photographs_the_papers(huge):
        assert 10_000 < sent < SERVER_TAKES / 2, "the photo was made smaller before it travelled"
    siti.checks_and_declares().picks_an_hour()


def pays(siti: Applicant, house: House) -> None:
    siti.waits_for_the_bill()
    looks_at(siti, "tagihan/batal", "dokumen", "isi/periksa", "isi/kontak", "")
    siti.opens_the_bill()
    letter_is_mailed(siti, house, "surat-pengantar")
    siti.pays_at_the_bank("Tokopedia").opens_the_bill().waits_for_the_receipt()
    letter_is_mailed(siti, house, "bukti-terima")
    siti.opens_the_case().at.reads_heading("Berikutnya: datang ke kantor").reads("Bukti bayar")
    letter_is_mailed(siti, house, "surat-kedatangan")
    looks_at(siti, "ubah-jadwal", "tarik", "")


def looks_at(siti: Applicant, *roads: str) -> None:
    """Pages beside the way, which she reads and leaves as they are."""
    for road in roads:
        siti.at.opens(f"/permohonan/{siti.code}/{road}".rstrip("/"))


def letter_is_mailed(siti: Applicant, house: House, kind: str) -> None:
    """The letter in the app is a small PDF, and the same letter came by mail."""
    content_type, content = siti.at.fetches(f"/permohonan/{siti.code}/surat/{kind}")
    assert content_type == "application/pdf"
    assert content.startswith(b"%PDF") and len(content) <= PDF_BUDGET
    message, _ = house.postbox.wait_for(siti.who.email, r"(?s).*" + re.escape(siti.code[:4]))
    [attached] = message.iter_attachments()
    assert attached.get_content().startswith(b"%PDF"), message["Subject"]


def qr_on_the_page(siti: Applicant, house: House) -> str:
    """What a scanner would read from the ticket: the signed token, drawn exactly as it stands there."""
    office, starts_at = house.ask(
        "SELECT office.code, slot.starts_at FROM application"
        " JOIN booking ON booking.application_id = application.id AND booking.state = 'confirmed'"
        " JOIN slot ON slot.id = booking.slot_id JOIN office ON office.id = slot.office_id"
        " WHERE application.code = %s",
        siti.code,
    )
    token = visit_token.sign(visit_token.Visit(siti.code, office, starts_at), house.signing_key)
    drawn = segno.make(token, error="m", micro=False).svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True
    )
    path = re.findall(r'\bd="([^"]+)"', drawn)[-1]
    assert path in siti.at.page.content()
    return token


def goes_through_the_house(code: str, scanned: str, visitor: NewVisitor) -> None:
    def comes(email: str) -> Officer:
        return Officer(visitor(DESK), email).signs_in()

    supervisor = comes(SUPERVISOR)
    for road in ("?tahap=papers", "/pesan-gagal", "/cari", "?q=tidak-ada-nama-ini", ""):
        supervisor.at.opens(f"/petugas{road}")
    supervisor.lets_in(scanned, "Datang lebih awal karena ada tempat")
    comes(VERIFIER).opens_case(code).accepts_every_paper()
    comes(BIOMETRICS).opens_case(code).takes_a_photo(picture(800, 1000))
    comes(INTERVIEWER).opens_case(code).interviews("Jawaban sesuai berkas.")
    comes(ADJUDICATOR).opens_case(code).grants()
    comes(PRINTER).opens_case(code).prints("X1000200")
    comes(QUALITY).opens_case(code).tests_the_booklet()
    comes(HANDOVER).gives_to_the_owner(scanned, "X1000200")
