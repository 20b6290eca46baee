"""Which programme somebody goes by: offered with price, promise and hours; refused with the reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.rules import Need, ReplacementReason
from mpaspor.billing.check_out import check_out
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.foundation.database import db
from mpaspor.foundation.kept import Kept
from mpaspor.offices.models import Office
from tests.counted import counted
from tests.stage import programmes
from tests.stage.cast import RATNA_NIK, Person
from tests.stage.drafts import TYPED, case_of, fills, gives_papers, ready_draft, starts
from tests.stage.visitor import visitor


@pytest.fixture
def several(palembang: Office, now: datetime) -> Office:
    """Palembang with same-day service in the morning and Laksan on Saturdays."""
    programmes.opens(palembang, "expedited", now=now)
    programmes.opens(palembang, "laksan", weekdays=(5,), hours=(8, 9, 10, 11), now=now)
    return palembang


def test_where_an_office_offers_one_programme_nobody_is_asked(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/keinginan").reads("Sisa kuota di Palembang")
    assert "programme_code" not in page.text


def test_each_programme_says_price_promise_place_and_hours(
    app: Flask, ratna: Person, several: Office, now: datetime
) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/keinginan")
    page.reads("Rp650.000 · Siap dalam 4 hari kerja")
    page.reads("Rp1.650.000, termasuk Rp1.000.000 untuk layanan ini · Siap pada hari Anda datang")
    page.reads("Senin–Jumat 08.00–10.00: Palembang").reads("Sabtu 08.00–12.00: Palembang")
    page.reads("Layanan lain di kantor ini").reads("Belum bisa dipesan lewat situs ini.")
    page.reads("untuk rombongan mulai 40 orang")
    page.opens(f"/permohonan/{code}/isi/keinginan?bahasa=en").reads("Ready on the day of your visit")


def test_one_has_to_be_chosen_and_is_kept(app: Flask, ratna: Person, several: Office, now: datetime) -> None:
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/keinginan")
    page.sends({"office_code": "palembang", "programme_code": ""}, 422).reads("Pilih layanan")
    page.sends({"office_code": "palembang", "programme_code": "expedited"})
    page.opens(f"/permohonan/{code}/isi/periksa").reads("Percepatan").reads("Rp1.650.000")
    assert case_of(code).programme_id == programmes.programme("expedited").id
    page.opens(f"/permohonan/{code}/isi/keinginan")
    page.sends({"office_code": "palembang", "programme_code": "laksan"})
    page.opens(f"/permohonan/{code}/isi/periksa").reads("Laksan").reads("Rp650.000")


def test_what_does_not_fit_says_why_and_cannot_be_sent(
    app: Flask, ratna: Person, several: Office, now: datetime
) -> None:
    code = starts(ratna, now, Need.REPLACEMENT, ReplacementReason.PAGES_FULL)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/keinginan")
    page.reads("Hanya untuk paspor baru atau penggantian karena habis masa berlaku.")
    page.sends({"office_code": "palembang", "programme_code": "expedited"}, 422)
    assert case_of(code).programme_id == programmes.programme("regular").id


def test_a_birth_date_that_stands_against_the_choice_leads_back_to_it(
    app: Flask, ratna: Person, several: Office, now: datetime
) -> None:
    programmes.changes("laksan", date(2026, 1, 2), age_from=60)
    code = starts(ratna, now)
    page = visitor(app, ratna).opens(f"/permohonan/{code}/isi/keinginan")
    page.sends({"office_code": "palembang", "programme_code": "laksan"})
    fills(ratna, code, now)
    gives_papers(code, now)
    page.opens(f"/permohonan/{code}/isi/pernyataan").sends({"agreed": "y"})
    page.reads("Layanan yang Anda pilih tidak untuk permohonan ini").reads("Untuk usia 60 tahun ke atas.")
    page.sends({"office_code": "palembang", "programme_code": "regular"})
    page.opens(f"/permohonan/{code}/isi/pernyataan").sends({"agreed": "y"}).reads("Pilih hari dan jam")


def test_the_bill_names_the_programme_and_what_it_adds(
    app: Flask, ratna: Person, several: Office, now: datetime
) -> None:
    fast = programmes.programme("expedited").id
    code = ready_draft(ratna, several, RATNA_NIK, now, programme_id=fast).code
    page = visitor(app, ratna).opens(f"/permohonan/{code}/jadwal").reads("Rp1.650.000")
    slot = programmes.slot_of(several, "expedited", after=now + timedelta(days=1))
    check_out(ratna.id, [(code, slot)], now=now)
    bill = db.session.scalars(select(Bill)).one()
    record_billing_code(bill.id, "820261123000778", now, now=now)
    page.opens(f"/permohonan/{code}/tagihan").reads("5 tahun · Percepatan").reads("Percepatan Rp1.000.000")
    page.reads("Rp1.650.000 (satu juta enam ratus lima puluh ribu rupiah)")


def test_choosing_among_several_asks_as_little_as_any_page(
    app: Flask, ratna: Person, several: Office, now: datetime
) -> None:
    code = starts(ratna, now)
    before, app.extensions["kept"] = app.extensions["kept"], Kept(3600)
    try:
        found = []
        for _turn in range(2):
            with counted() as statements:
                ratna.at(app).get(f"/permohonan/{code}/isi/keinginan")
            found.append(len(statements))
    finally:
        app.extensions["kept"] = before
    assert found[0] <= 8 and found[1] <= 3, found
    assert TYPED["keinginan"]
