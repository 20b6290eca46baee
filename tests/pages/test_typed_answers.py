"""The draft's pages read what people really type."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from tests.stage.cast import Person
from tests.stage.drafts import TYPED, case_of, starts
from tests.stage.visitor import visitor


def test_numbers_are_read_as_people_write_them_and_shown_as_they_were_read(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    typed = {
        **TYPED["identitas"],
        "full_name": "Ni‘mah Dewi–Kusuma\u200b",
        "nik": "\ufeff1671.0147-0892/0001\u202c",
        "birth_on-day": "07",
        "birth_on-month": "Agt",
    }
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas").sends(typed)
    page.opens(f"/permohonan/{code}/isi/kontak").sends({"phone": "+62 (0)812-7123-4567"})
    page.opens(f"/permohonan/{code}/isi/alamat").sends({**TYPED["alamat"], "postcode": "30\u00a0129"})
    case = case_of(code)
    assert (case.full_name, case.nik, case.phone) == (
        "Ni'mah Dewi-Kusuma",
        "1671014708920001",
        "+6281271234567",
    )
    page.opens(f"/permohonan/{code}/isi/periksa").reads("7 Agustus 1992").reads("1671 0147 0892 0001")
    page.reads("30129").reads("+62 812-7123-4567")


@pytest.mark.parametrize("slug", ["identitas", "orang-tua", "kerabat"])
def test_a_name_that_no_letter_can_print_is_refused_with_its_sign(
    app: Flask, ratna: Person, now: datetime, slug: str
) -> None:
    code = starts(ratna, now)
    field = next(name for name in TYPED[slug] if name.endswith("_name"))
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/{slug}")
    page.sends({**TYPED[slug], field: "Dewi 😀"}, 422).reads("“😀” tidak bisa dicetak")
    page.sends({**TYPED[slug], field: "Dewi 2"}, 422).reads("tanpa angka. Hapus “2”")


@pytest.mark.parametrize(
    ("year", "said"), [("2090", "Tanggal lahir harus sudah lewat"), ("1900", "Tahun lahir terlalu lama")]
)
def test_a_day_on_which_nobody_was_born_is_refused_on_the_draft_as_at_sign_up(
    app: Flask, ratna: Person, now: datetime, year: str, said: str
) -> None:
    """Whoever was married counts as grown up whatever the age, so no other rule stops these."""
    code = starts(ratna, now)
    typed = {**TYPED["identitas"], "birth_on-year": year, "civil_status": "married"}
    visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas").sends(typed, 422).reads(said)


def test_a_birth_place_may_be_as_long_on_the_draft_as_at_the_desk(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas")
    page.sends({**TYPED["identitas"], "birth_place": "d" * 101}, 422).reads("Paling banyak 100 huruf")
    page.opens(f"/permohonan/{code}/isi/identitas").sends({**TYPED["identitas"], "birth_place": "d" * 100})
