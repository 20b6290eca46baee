"""Choosing the hour: what the page says before and after, and where it leads once the hour is chosen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Flask

from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.web import calendar_looks
from tests.counted import counted
from tests.stage import bills, cast, drafts
from tests.stage.cast import Person
from tests.stage.visitor import visitor


def test_a_bill_that_is_still_open_is_named_where_a_second_hour_is_refused_and_giving_up_says_its_price(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    niks = (cast.RATNA_NIK, cast.BUDI_NIK)
    first, second = (drafts.ready_draft(ratna, palembang, nik, now) for nik in niks)
    hour = str(bills.free_slot(palembang, now))
    page = visitor(app, ratna).opens(f"/permohonan/{first.code}/jadwal")
    page.sends({"slot": hour})
    page.opens(f"/permohonan/{second.code}/jadwal").sends({"slot": hour}, 409)
    page.reads("Satu tagihan Anda masih menunggu dibayar").reads("Buka tagihan")
    page.opens(f"/permohonan/{first.code}/tagihan/batal")
    assert "dalam 24 jam" not in page.text
    page.sends({})
    page.opens(f"/permohonan/{second.code}/jadwal").sends({"slot": hour})
    page.opens(f"/permohonan/{second.code}/tagihan/batal")
    page.reads("Ini jadwal ke-2").reads("baru bisa memilih jadwal lagi besok pukul 08.00 WIB").sends({})
    page.opens(f"/permohonan/{second.code}/jadwal").sends({"slot": hour}, 429)
    page.reads("2 jadwal Anda dibatalkan atau tidak dibayar").reads("besok pukul 08.00 WIB")


def test_the_bar_of_the_hours_says_what_is_chosen_its_price_and_nothing_is_held_before(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    draft = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    page = visitor(app, ratna).opens(f"/permohonan/{draft.code}/jadwal")
    page.reads("Pilih jadwal dahulu").reads("Rp650.000 · bayar dalam 2 jam")
    assert "Ditahan untuk" not in page.text
    address = f"/permohonan/{draft.code}/jadwal?tanggal=2026-11-26&jam=0900"
    assert "Kam 26 Nov, 09.00" in re.sub("<[^>]+>", "", page.opens(address).text)
    part = {"HX-Request": "true", "HX-Target": "pilihan"}
    answer = ratna.at(app).get(address.replace("26&jam=0900", "27"), headers=part).get_data(as_text=True)
    assert ">Pilih jadwal dahulu</b>" in answer and "Kam 26 Nov" not in answer


def test_a_second_tab_after_the_hour_was_chosen_leads_in_words_to_the_bill(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    draft = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    hour = str(bills.free_slot(palembang, now))
    path = f"/permohonan/{draft.code}/jadwal"
    first, second = visitor(app, ratna).opens(path), visitor(app, ratna).opens(path)
    first.sends({"slot": hour})
    second.sends({"slot": hour}, 409)
    for page in (second, visitor(app, ratna).opens(path)):
        page.reads("Jadwal sudah dipilih").reads("Berikutnya: bayar tagihan").reads("Buka tagihan")
        assert f"/permohonan/{draft.code}/tagihan" in page.text
        assert "Sisa kuota" not in page.text


def test_abuse_22_a_program_that_reads_the_calendar_without_pause_waits_and_people_go_on(
    app: Flask, ratna: Person, palembang: Office, budi: Person, now: datetime
) -> None:
    draft = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    program, hours = app.test_client(), f"/permohonan/{draft.code}/jadwal"
    with app.test_request_context("/jadwal", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for _ in range(280):
            calendar_looks.from_here()
    said = [program.get("/jadwal?tanggal=2027-06-01") for _ in range(30)]
    assert [answer.status_code for answer in said] == [200] * 20 + [429] * 10
    assert said[-1].headers["Retry-After"] == "1" and "Jadwal dibuka terlalu sering" in said[-1].text
    assert {program.get(path).status_code for path in ("/", "/kantor")} == {429}
    # Behind the same address whoever is signed in reads on and books.
    his = drafts.ready_draft(budi, palembang, cast.BUDI_NIK, now)
    visitor(app, budi).opens(f"/permohonan/{his.code}/jadwal").reads("Sisa kuota")
    page = visitor(app, ratna)
    for _ in range(30):
        page.opens(hours)
    assert ratna.at(app).get(hours).status_code == 429
    page.sends({"slot": str(bills.free_slot(palembang, now))})
    with clock.at(now + timedelta(seconds=1)):
        assert program.get("/jadwal").status_code == 200


def test_who_comes_too_late_is_told_without_a_transaction_and_the_same_form_has_its_first_answer(
    app: Flask, ratna: Person, budi: Person, palembang: Office, now: datetime
) -> None:
    first, late = (
        drafts.ready_draft(who, palembang, nik, now)
        for who, nik in ((ratna, cast.RATNA_NIK), (budi, cast.BUDI_NIK))
    )
    hour = bills.free_slot(palembang, now)
    db.session.execute(db.text("UPDATE slot SET released = taken + 1 WHERE id = :id"), {"id": hour})
    db.session.commit()
    winner = visitor(app, ratna).opens(f"/permohonan/{first.code}/jadwal")
    loser = visitor(app, budi).opens(f"/permohonan/{late.code}/jadwal")
    form = winner.page
    winner.sends({"slot": str(hour)})
    with counted() as found:
        loser.sends({"slot": str(hour)}, 409)
    assert not [statement for statement in found if statement.startswith(("INSERT", "UPDATE"))]
    winner.page = form
    assert f"/permohonan/{first.code}/tagihan" in winner.sends({"slot": str(hour)}).text
