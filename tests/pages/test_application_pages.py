"""The draft in a browser: questions before a start, one thing per page, nothing typed is ever lost."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from mpaspor.applications import queries
from mpaspor.billing.queries import my_cases
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.stage import cast, desk
from tests.stage.cast import Person
from tests.stage.drafts import TYPED, case_of, fills, gives_papers, starts
from tests.stage.visitor import visitor

HERE = "/permohonan/baru?usia=dewasa&paspor=belum&prioritas=tidak"


def test_whoever_has_no_application_reads_what_to_prepare(app: Flask, ratna: Person) -> None:
    page = visitor(app, ratna).opens("/permohonan")
    page.reads("Belum ada permohonan").reads("Mulai permohonan").reads("Siapkan KTP")


def test_the_questions_lead_to_kinds_with_prices_and_to_a_draft(app: Flask, ratna: Person) -> None:
    page = visitor(app, ratna).opens("/permohonan/baru").reads("Berapa usia pemohon?")
    page.opens("/permohonan/baru?tanya=usia", 422).reads("Pilih salah satu jawaban")
    page.opens("/permohonan/baru?tanya=usia&usia=dewasa").reads("Pernah punya paspor Indonesia?")
    page.opens("/permohonan/baru?usia=dewasa&tanya=paspor&paspor=belum").reads("layanan prioritas")
    page.opens(HERE).reads("Paspor elektronik laminasi, 5 tahun Rp650.000").reads("10 tahun Rp950.000")
    page.sends({}, 422).reads("Pilih jenis paspor")
    page.sends({"kind": "electronic_laminated-10"}).reads("1 dari 8 bagian selesai").reads("Rp950.000")
    ((case, *_),) = my_cases(ratna.id)
    assert (case.kind, case.validity_years, case.need) == ("electronic_laminated", 10, "new")


@pytest.mark.parametrize(
    ("answers", "words", "topic"),
    [
        ("usia=anak", "Paspor anak diurus bersama orang tua", "anak"),
        ("usia=dewasa&paspor=hilang", "diurus langsung di kantor", "hilang-rusak"),
        ("usia=dewasa&paspor=rusak", "diurus langsung di kantor", "hilang-rusak"),
        ("usia=dewasa&paspor=belum&prioritas=ya", "Anda boleh datang langsung", "prioritas"),
    ],
)
def test_who_is_served_elsewhere_reads_where_to_go_and_what_to_bring(
    app: Flask, ratna: Person, answers: str, words: str, topic: str
) -> None:
    page = visitor(app, ratna).opens(f"/permohonan/baru?{answers}")
    page.reads(words).reads("Bawa yang asli").reads("Lihat kantor dan alamatnya")
    assert f"/info/{topic}" in page.text


def test_two_taps_on_start_make_one_draft(app: Flask, ratna: Person) -> None:
    page = visitor(app, ratna).opens(HERE)
    first_form = page.page
    page.sends({"kind": "electronic_laminated-5"})
    page.page = first_form
    page.sends({"kind": "electronic_laminated-5"})
    assert queries.draft_count(ratna.id) == 1


def test_the_sixth_draft_is_refused_in_words(app: Flask, ratna: Person, now: datetime) -> None:
    for _n in range(5):
        starts(ratna, now)
    page = visitor(app, ratna).opens(HERE)
    page.sends({"kind": "electronic_laminated-5"}, 409).reads("Anda sudah punya 5 permohonan")


def test_every_page_is_filled_in_and_leads_to_the_hour(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna)
    for slug, typed in TYPED.items():
        page.opens(f"/permohonan/{code}/isi/{slug}").sends(typed)
    gives_papers(code, now)
    page.opens(f"/permohonan/{code}").reads("7 dari 8 bagian selesai")
    page.opens(f"/permohonan/{code}/isi/periksa").reads("Pensiunan").reads("1671 0147 0892 0001")
    page.reads("Belum ada tujuan").reads("Sumatera Selatan").reads("Rp650.000")
    page.opens(f"/permohonan/{code}/isi/pernyataan").reads("Pasal 126 huruf c")
    page.sends({}, 422).reads("Centang pernyataan untuk melanjutkan")
    page.sends({"agreed": "y"})
    assert page.address == f"/permohonan/{code}/jadwal"
    assert case_of(code).declared_at is not None
    page.opens("/permohonan").reads("Berikutnya: pilih jadwal")
    assert "lengkapi isian" not in page.text
    page.opens(f"/permohonan/{code}")
    assert page.text.index("Pilih jam kedatangan") < page.text.index("8 dari 8 bagian selesai")


def test_a_page_leads_through_its_part_and_back_to_the_list(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/kontak").sends(TYPED["kontak"])
    assert page.address == f"/permohonan/{code}/isi/alamat"
    page.sends({**TYPED["alamat"], "domicile_same": "no"})
    assert page.address == f"/permohonan/{code}/isi/domisili"
    page.opens(f"/permohonan/{code}/isi/alamat").sends(TYPED["alamat"])
    assert page.address == f"/permohonan/{code}/isi"


def test_what_is_wrong_comes_back_with_everything_that_was_typed(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    typed = {**TYPED["identitas"], "nik": "1671 0147 0892 000", "birth_on-day": "31", "birth_on-month": "9"}
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas").sends(typed, 422)
    page.reads("Perbaiki 2 isian").reads("NIK baru 15 angka, kurang 1 angka")
    page.reads("31 September tidak ada di kalender").reads("Kesalahan:")
    for words in ('value="Ratna Dewi Kusuma"', 'value="Palembang"', 'value="31"', 'value="1992"'):
        assert words in page.text
    assert re.search(r'<input[^>]*checked[^>]*value="female"', page.text)
    assert case_of(code).full_name is None


def test_a_nik_that_disagrees_is_a_warning_that_names_the_digits(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    typed = {**TYPED["identitas"], "nik": "1671015708920001"}
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas").sends(typed)
    page.reads("angka ke-7 dan 8 (57) berarti tanggal 17, perempuan").reads("Lanjut, sudah benar")
    assert case_of(code).nik == "1671015708920001"
    page.opens(f"/permohonan/{code}/isi/periksa").reads("Lihat sekali lagi NIK Anda")


def test_who_is_under_17_is_told_at_the_birth_date(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    typed = {**TYPED["identitas"], "birth_on-year": "2012"}
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas").sends(typed, 422)
    page.reads("diurus bersama orang tuanya")
    page.sends({**typed, "civil_status": "widowed"})
    assert case_of(code).birth_on.year == 2012  # type: ignore[union-attr]


def test_papers_that_an_answer_makes_missing_after_paying_are_told_until_the_visit(
    app: Flask, palembang: Office, now: datetime
) -> None:
    code = desk.guest(palembang, now, hours=72)
    db.session.execute(db.text("UPDATE application SET need = 'replacement'"))
    db.session.execute(db.text("DELETE FROM document WHERE kind = 'family_card'"))
    db.session.commit()
    page = visitor(app, cast.owner_of(code, now))
    for address in (f"/permohonan/{code}", f"/permohonan/{code}/isi/periksa"):
        page.opens(address).reads("Berkas ini belum ada Kartu Keluarga (KK); Paspor lama.")
        page.reads("Kirim fotonya sebelum Anda datang.")
    db.session.execute(db.text("UPDATE application SET state = 'arrived'"))
    db.session.commit()
    page.opens(f"/permohonan/{code}")
    assert "Berkas ini belum ada" not in page.text


def test_having_had_a_passport_does_not_pass_as_a_new_one(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/paspor-pertama").reads("paling mahal")
    page.sends({"never_had_passport": "no"}, 422).reads("Ubah menjadi penggantian paspor")
    page.opens(f"/permohonan/{code}/isi/jenis").sends({"before": "habis", "kind": "electronic_laminated-5"})
    assert case_of(code).need == "replacement"
    page.opens(f"/permohonan/{code}/isi/paspor-pertama", 404)
    page.opens(f"/permohonan/{code}/isi/paspor-lama")
    page.sends(
        {"number": "a-12", "issued_in_indonesia": "yes", "issued_place": "Palembang", "issued_year": "1"}, 422
    )
    page.reads("1 atau 2 huruf, lalu 6 sampai 8 angka").reads("Tahun terbit harus antara")
    page.sends(
        {
            "number": "a 123 4567",
            "issued_in_indonesia": "yes",
            "issued_place": "Palembang",
            "issued_year": "2016",
            "same_data": "yes",
        }
    )
    saved = queries.answers(case_of(code))["old_passport"]
    assert saved["number"] == "A1234567" and saved["issued_year"] == "2016"


def test_the_wish_shows_what_is_free_and_claims_nothing(
    app: Flask, ratna: Person, now: datetime, scalar
) -> None:  # type: ignore[no-untyped-def]
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/keinginan").reads("Sisa kuota di Palembang")
    page.sends(TYPED["keinginan"])
    assert scalar("SELECT count(*) FROM booking") == 0
    assert queries.answers(case_of(code))["wish"]["preferred_days"] == ["0", "4"]


def test_changing_from_the_check_page_comes_back_there(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/periksa")
    link = re.search(r'href="([^"]*/isi/pekerjaan\?kembali=periksa)"', page.text)
    assert link is not None
    page.opens(link.group(1)).sends({"occupation": "housewife"})
    assert page.address == f"/permohonan/{code}/isi/periksa"
    page.reads("Ibu rumah tangga")


def test_what_the_account_knows_is_proposed_once(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas")
    assert 'value="Ratna Dewi Kusuma"' in page.text and 'value="1992"' in page.text
    page.sends(TYPED["identitas"])
    page.opens(f"/permohonan/{starts(ratna, now)}/isi/identitas")
    assert 'value="Ratna Dewi Kusuma"' not in page.text


def test_a_draft_is_thrown_away_after_a_question(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/hapus").reads("tidak bisa dikembalikan")
    page.sends({}).reads("Belum ada permohonan")
    page.opens(f"/permohonan/{code}", 404)


def test_a_strangers_draft_is_not_there(app: Flask, ratna: Person, budi: Person, now: datetime) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now)
    page = visitor(app, budi)
    for rest in (
        "",
        "/isi",
        "/isi/identitas",
        "/isi/identitas/nik",
        "/isi/periksa",
        "/isi/pernyataan",
        "/hapus",
    ):
        page.opens(f"/permohonan/{code}{rest}", 404)
    page.opens("/permohonan/baru")
    for rest in ("/isi/identitas", "/isi/pernyataan", "/hapus"):
        page.opens(HERE).sends({**TYPED["identitas"], "agreed": "y"}, 404, to=f"/permohonan/{code}{rest}")
    assert case_of(code).full_name == "Ratna Dewi Kusuma"


def test_abuse_13_fields_that_a_page_does_not_have_are_ignored(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/kontak")
    extra = {"state": "scheduled", "fee": "0", "office_id": "1", "role": "admin", "declared_at": "2020-01-01"}
    page.sends({**TYPED["kontak"], **extra, "nik": "1111111111111111", "full_name": "Orang Lain"})
    case = case_of(code)
    assert (case.state, case.nik, case.full_name, case.declared_at) == ("draft", None, None, None)
    assert queries.answers(case)["contact"] == {"phone": "+6281271234567"}


def test_abuse_14_frozen_facts_stay_after_check_out(app: Flask, ratna: Person, now: datetime) -> None:
    code = _checked_out(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas")
    assert 'name="nik"' not in page.text and 'name="full_name"' not in page.text
    page.sends({**TYPED["identitas"], "full_name": "Pembeli Tempat"}, 409).reads("terkunci")
    page.opens(f"/permohonan/{code}/isi/identitas").sends({"birth_place": "Lahat", "civil_status": "single"})
    case = case_of(code)
    assert case.full_name == "Ratna Dewi Kusuma"
    assert queries.answers(case)["identity"]["birth_place"] == "Lahat"
    page.opens(f"/permohonan/{code}/isi/keinginan").sends({"office_code": "langsa"}, 422)
    page.opens(f"/permohonan/{code}/isi").reads("Yang bertanda gembok")
    assert case_of(code).validity_years == 5


def test_abuse_14_a_new_passport_does_not_become_a_replacement_after_check_out(
    app: Flask, ratna: Person, now: datetime
) -> None:
    code = _checked_out(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/identitas")
    for typed in ({"before": "penuh"}, {"before": "belum", "kind": "electronic_laminated-10"}):
        page.opens(f"/permohonan/{code}/isi/identitas")
        page.sends(typed, 409, to=f"/permohonan/{code}/isi/jenis").reads("jenis permohonan dan paspor")
    page.opens(f"/permohonan/{code}/isi/jenis").reads("Periksa isian Anda")
    assert "/isi/jenis" not in page.text and "/isi/paspor-pertama" not in page.text
    assert (case_of(code).need, case_of(code).validity_years) == ("new", 5)


def test_abuse_14_nothing_is_declared_before_it_is_complete(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/kontak")
    page.sends({"agreed": "y"}, to=f"/permohonan/{code}/isi/pernyataan")
    assert page.address == f"/permohonan/{code}/isi" and case_of(code).declared_at is None


def test_after_check_in_answers_are_closed(app: Flask, ratna: Person, now: datetime) -> None:
    code = _checked_out(ratna, now)
    db.session.execute(db.text("UPDATE application SET state = 'arrived' WHERE code = :code"), {"code": code})
    db.session.commit()
    visitor(app, ratna).opens(f"/permohonan/{code}/isi/kontak", 409).reads("baru saja berubah")


def _checked_out(owner: Person, now: datetime) -> str:
    code = starts(owner, now)
    fills(owner, code, now)
    db.session.execute(
        db.text(
            "UPDATE application SET state = 'awaiting_payment', number = '1234567890123452' WHERE code = :c"
        ),
        {"c": code},
    )
    db.session.commit()
    return code


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x data-hx-on:load=alert(1)>',
    "{{7*7}}{0.__class__}",
    "'; DROP TABLE application; --",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_abuse_40_41_what_is_typed_is_text_and_nothing_else(
    app: Flask, ratna: Person, now: datetime, hostile: str
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna)
    page.opens(f"/permohonan/{code}/isi/identitas").sends({**TYPED["identitas"], "full_name": hostile}, 422)
    assert "<script>alert" not in page.page.text
    assert "<img src=x" not in page.page.text
    page.sends({**TYPED["identitas"], "birth_place": hostile})
    page.opens(f"/permohonan/{code}/isi/alamat").sends(
        {**TYPED["alamat"], "address": hostile, "city": hostile[:60]}
    )
    assert queries.answers(case_of(code))["identity"]["birth_place"] == hostile
    for address in ("/permohonan", f"/permohonan/{code}/isi", f"/permohonan/{code}/isi/periksa"):
        page.opens(address)
        assert "<script>alert" not in page.page.text and "<img src=x" not in page.page.text
        assert "49" not in re.findall(r"\b49\b", page.text)


def test_the_pages_stay_within_their_bytes(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    fills(ratna, code, now)
    client = ratna.at(app)
    slugs = ["", *(f"/{slug}" for slug in TYPED), "/periksa"]
    for slug in slugs:
        answer = client.get(f"/permohonan/{code}/isi{slug}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert len(answer.data) <= 10_000, (slug, len(answer.data))


def test_countries_have_their_names_in_the_readers_language(app: Flask, ratna: Person, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/perjalanan")
    assert "Arab Saudi" in page.text
    page.opens(f"/permohonan/{code}/isi/perjalanan?bahasa=en")
    assert "Saudi Arabia" in page.text
