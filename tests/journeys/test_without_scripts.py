"""The applicant's half with scripts off: every step is a plain form, and every page says the same."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.applicant import PASSWORD, Applicant, Person, picture
from tests.journeys.conftest import NewVisitor
from tests.journeys.house import House
from tests.journeys.officer import BIOMETRICS, SUPERVISOR, VERIFIER, Officer
from tests.journeys.visitor import DESK

# What a joker types. None of it may run anywhere, and all of it may be read as it was typed.
# A name holds only what a letter can print; what is left of markup in it are an apostrophe and a slash.
NAME = "Budi (O'Santoso) / Lie"
PLACE = "<script src=/probe-2></script>Lahat"
ADDRESS = '<div hx-get="/probe-3" hx-trigger="load" data-hx-on:load="alert(3)">Jl. Merdeka</div>'
DISTRICT = '"><svg onload=alert(4)>Bukit {{7*7}} <img src=/probe-1>'
HOTEL = "<b data-hx-get=/probe-5 data-hx-trigger=load>Hotel</b> {0.__class__}"
CITY = "<iframe src='javascript:parent.alert(6)'></iframe>Kota"
REASON = "Datang lebih awal <img src=/probe-7 onerror=alert(7)>"
JOKER = Person(
    "Budi Santoso",
    "budi@warga-uji.id",
    "1671012103880004",
    ("21", "3", "1988"),
    sex="Laki-laki",
    phone="0812 7123 4568",
    card_name=NAME,
    answers={
        "identity": {"Tempat lahir": PLACE},
        "address": {"Alamat": ADDRESS, "Kabupaten atau kota": CITY, "Kecamatan": DISTRICT},
        "trip": {"Negara tujuan": "Malaysia", "Alamat di negara tujuan": HOTEL},
    },
)


@pytest.mark.long
def test_the_applicants_half_without_scripts_and_abuse_40_what_was_typed_stays_text(
    visitor: NewVisitor, house: House
) -> None:
    budi = Applicant(visitor(scripts=False), JOKER)
    budi.signs_up().types_the_code_from_the_mail()
    budi.answers_the_first_questions()
    forgets_a_field(budi)
    budi.fills_in_every_page()
    forgets_to_choose_a_photo(budi)
    budi.photographs_the_papers(picture(1600, 1200, quality=80))
    budi.checks_and_declares()
    forgets_to_choose_an_hour(budi)
    budi.picks_an_hour().waits_for_the_bill()
    budi.pays_at_the_bank("Indomaret").opens_the_bill().waits_for_the_receipt()
    budi.opens_the_case().at.reads_heading("Berikutnya: datang ke kantor").reads(NAME)
    follows_by_loading_again(budi, visitor)
    officers_read_it_as_text(budi, visitor)
    house.kept_to_itself(*JOKER.secrets, PASSWORD, "probe")


def forgets_a_field(budi: Applicant) -> None:
    """Everything but the NIK: 422, the summary leads to the field, and nothing has to be typed twice."""
    at = budi.at.opens(f"/permohonan/{budi.code}/isi/identitas")
    budi.fills_in_identity()
    at.writes({"NIK": ""})
    with at.expecting(422):
        at.presses("Simpan dan lanjutkan")
    summary = at.page.get_by_role("alert").filter(has_text="Perbaiki 1 isian")
    expect(summary).to_be_visible()
    assert at.page.title().startswith("Kesalahan:")
    summary.get_by_role("link", name="Isi NIK").click()
    expect(at.page.get_by_label("NIK")).to_have_attribute("aria-invalid", "true")
    expect(at.page.get_by_label("Nama lengkap")).to_have_value(NAME)
    expect(at.page.get_by_label("Tempat lahir")).to_have_value(PLACE)
    expect(at.page.get_by_role("radio", name="Laki-laki")).to_be_checked()


def forgets_to_choose_a_photo(budi: Applicant) -> None:
    at = budi.at.opens(f"/permohonan/{budi.code}/dokumen")
    with at.expecting(422):
        at.presses("Kirim foto", within=budi.card("e-KTP"))
    expect(at.page.get_by_role("alert").filter(has_text="Pilih foto berkas")).to_be_visible()


def forgets_to_choose_an_hour(budi: Applicant) -> None:
    with budi.at.expecting(422):
        budi.at.presses("Pilih jadwal ini")
    expect(budi.at.page.get_by_role("alert").filter(has_text="Pilih jam kedatangan")).to_be_visible()


def follows_by_loading_again(budi: Applicant, visitor: NewVisitor) -> None:
    supervisor = Officer(visitor(DESK), SUPERVISOR).signs_in()
    supervisor.lets_in(budi.code.lower(), REASON)
    budi.at.opens(f"/permohonan/{budi.code}").reads_heading("Berikutnya: berkas Anda diperiksa")


def officers_read_it_as_text(budi: Applicant, visitor: NewVisitor) -> None:
    """On screens where scripts and htmx run: the words stand there, and nothing that they ask for happens."""
    verifier = Officer(visitor(DESK), VERIFIER).signs_in()
    verifier.at.reads(NAME)
    verifier.opens_case(budi.code)
    verifier.at.reads_heading(NAME).reads(PLACE).reads(REASON)
    verifier.at.page.get_by_text("Isian lainnya").click()
    for words in (ADDRESS, DISTRICT, HOTEL, CITY):
        verifier.at.reads(re.compile(re.escape(words)))
    verifier.accepts_every_paper()
    assert verifier.at.page.locator("[hx-get*=probe], [data-hx-get], svg[onload], img[onerror]").count() == 0
    camera = Officer(visitor(DESK), BIOMETRICS).signs_in().opens_case(budi.code)
    camera.at.reads_heading(NAME).reads_heading("Ambil foto dan sidik jari")
