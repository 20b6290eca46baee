"""Whose passport it is decides what is asked: exchange, other data, two nationalities, a name of one word."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from mpaspor.billing.queries import my_cases
from tests.stage.cast import Person
from tests.stage.drafts import TYPED, starts
from tests.stage.visitor import visitor

HERE = "/permohonan/baru?usia=dewasa&paspor=belum&prioritas=tidak"


def test_a_passport_that_is_still_valid_is_told_when_it_may_be_replaced(app: Flask, ratna: Person) -> None:
    page = visitor(app, ratna).opens("/permohonan/baru?usia=dewasa&paspor=berlaku")
    page.reads("Paspor Anda belum bisa diganti").reads("kurang dari 6 bulan")
    assert "Bawa yang asli" not in page.text and "/info/persyaratan" in page.text


def test_a_valid_passport_without_a_chip_is_exchanged_for_an_electronic_one(
    app: Flask, ratna: Person
) -> None:
    page = visitor(app, ratna).opens("/permohonan/baru?usia=dewasa&paspor=tukar&prioritas=tidak")
    page.sends({"kind": "electronic_laminated-5"})
    ((case, *_),) = my_cases(ratna.id)
    assert (case.need, case.replacement_reason) == ("replacement", "to_electronic")
    page.opens(f"/permohonan/{case.code}/isi").reads("tukar ke elektronik")
    page.opens(f"/permohonan/{case.code}/isi/jenis").reads("Tukar paspor nonelektronik")


def test_other_data_than_on_the_old_passport_ask_for_family_card_and_proof(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/jenis")
    page.sends({"before": "habis", "kind": "electronic_laminated-5"})
    old = {
        "number": "A1234567",
        "issued_in_indonesia": "yes",
        "issued_place": "Palembang",
        "issued_year": "2016",
    }
    page.opens(f"/permohonan/{code}/isi/paspor-lama").sends(old, 422).reads("Pilih apakah datanya sama")
    page.sends({**old, "same_data": "yes"})
    page.opens(f"/permohonan/{code}/dokumen").reads("0 dari 2 berkas wajib")
    page.opens(f"/permohonan/{code}/isi/paspor-lama").sends({**old, "same_data": "no"})
    page.opens(f"/permohonan/{code}/dokumen").reads("0 dari 4 berkas wajib").reads("Kartu Keluarga")


def test_two_nationalities_before_twenty_one_get_no_ten_years(
    app: Flask, ratna: Person, now: datetime
) -> None:
    page = visitor(app, ratna).opens(HERE).sends({"kind": "electronic_laminated-10"})
    ((case, *_),) = my_cases(ratna.id)
    young = {**TYPED["identitas"], "nik": "1671014708070001", "birth_on-year": "2007"}
    page.opens(f"/permohonan/{case.code}/isi/identitas").sends(young)
    page.opens(f"/permohonan/{case.code}/isi/kewarganegaraan").reads("ulang tahun Anda yang ke-21")
    page.sends({"dual_citizen": "yes"}, 422).reads("tidak bisa memakai masa berlaku 10 tahun")
    page.opens(f"/permohonan/{case.code}/isi/jenis").sends(
        {"before": "belum", "kind": "electronic_laminated-5"}
    )
    page.opens(f"/permohonan/{case.code}/isi/kewarganegaraan").sends({"dual_citizen": "yes"})
    page.opens(f"/permohonan/{case.code}/isi/jenis")
    page.sends({"before": "belum", "kind": "electronic_laminated-10"}, 422).reads("masa berlaku 10 tahun")
    page.opens(f"/permohonan/{case.code}/isi/periksa").reads("Juga warga negara lain")


def test_a_pilgrim_of_one_name_reads_it_before_paying_and_adds_a_name(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas")
    page.sends({**TYPED["identitas"], "full_name": "Ratna"})
    page.opens(f"/permohonan/{code}/isi/perjalanan").sends({**TYPED["perjalanan"], "purpose": "umrah"})
    page.opens(f"/permohonan/{code}/isi/nama-tambahan").reads("dua kata atau lebih")
    page.sends({"wants_added_name": "yes", "added_name": ""}, 422).reads("Isi nama yang ditambahkan")
    page.sends({"wants_added_name": "yes", "added_name": "Abdul Kusuma"})
    page.opens(f"/permohonan/{code}/isi/periksa").reads("Abdul Kusuma")
