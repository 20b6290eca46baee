"""Closing hours as a supervisor does it, and what whoever lost an hour reads and presses."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Flask

from mpaspor.billing.accept_offer import accept_offer
from mpaspor.billing.lapse_offer import lapse_offers
from mpaspor.cli.quota import quota
from mpaspor.demo import messages
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from mpaspor.worker.loop import make_worker
from tests.stage import cast
from tests.stage.closing import Closing, booking_of, reseatings_of, starts_at
from tests.stage.visitor import Visitor

FRIDAY = {"first_on-day": "27", "first_on-month": "11", "first_on-year": "2026"}
MORNING = "first_on-day=27&first_on-month=11&first_on-year=2026&begins=08:00&ends=12:00"
WHY = {"cause": "power", "note": "Gardu PLN padam"}
DAY = timedelta(days=1)


def visitor(app: Flask, code: str, now: datetime) -> Visitor:
    return Visitor(cast.owner_of(code, now).at(app))


# The supervisor.


def test_a_supervisor_sees_who_is_hit_before_anything_is_closed(closing: Closing) -> None:
    boss, code, owed = closing.house[Role.SUPERVISOR], closing.paid(), closing.unpaid()
    page = boss.opens("/petugas/jam-tutup").opens(f"/petugas/jam-tutup/periksa?{MORNING}").page.text
    assert "Siapa yang kena" in page and code in page and owed.application_code in page
    assert "Usulan akan ke sini" in page
    assert booking_of(code).state == "confirmed"


def test_closing_leads_to_what_became_of_everybody(closing: Closing) -> None:
    boss, code = closing.house[Role.SUPERVISOR], closing.paid()
    boss.opens(f"/petugas/jam-tutup/periksa?{MORNING}")
    assert boss.presses("/petugas/jam-tutup/periksa", **WHY).page.status_code == 303
    there = boss.page.location
    assert "sedang dicarikan" in boss.opens(there).page.text
    closing.works()
    page = boss.opens(there).page.text
    assert code in page and "belum menjawab" in page and "Gardu PLN padam" in page
    assert "27 Nov" in boss.opens("/petugas/jam-tutup").page.text
    assert code in boss.opens("/petugas/tanpa-jadwal").page.text
    assert boss.opens(there).presses(f"{there.partition('?')[0]}/buka").page.status_code == 303
    closing.works()
    assert "kembali ke jam semula" in boss.opens(there).page.text


def test_the_history_of_a_case_names_the_closure_that_took_its_hour(closing: Closing) -> None:
    code, owed = closing.paid(), closing.unpaid()
    closure = closing.closes()
    closing.works()
    for hit in (code, owed.application_code):
        page = closing.house[Role.SUPERVISOR].opens(f"/petugas/kasus/{hit}").text
        assert re.search(r"Jam kunjungan .*27 Nov.* ditutup kantor: listrik padam", page)
        assert "Gardu PLN padam" in page and f'href="/petugas/jam-tutup/{closure}"' in page
    page = closing.house[Role.VERIFIER].opens(f"/petugas/kasus/{code}").text
    assert "ditutup kantor: listrik padam" in page and "jam-tutup" not in page


def test_what_is_missing_is_asked_for_where_it_is_missing(closing: Closing) -> None:
    boss = closing.house[Role.SUPERVISOR]
    for typed, words in {
        "": "Isi hari pertama",
        f"{MORNING}&last_on-day=26&last_on-month=11&last_on-year=2026": "lebih awal",
        "first_on-day=27&first_on-month=11&first_on-year=2026&begins=08:00": "Pilih kedua jamnya",
        MORNING.replace("ends=12:00", "ends=07:00"): "Jam akhir harus sesudah",
        f"{MORNING}&places_left=x": "Isi dengan angka",
    }.items():
        page = boss.get(f"/petugas/jam-tutup/periksa?{typed}")
        assert page.status_code == 422 and words in page.text, typed
    boss.opens(f"/petugas/jam-tutup/periksa?{MORNING}")
    page = boss.presses("/petugas/jam-tutup/periksa", note="Padam").page
    assert page.status_code == 422 and "Pilih sebabnya" in page.text and 'value="Padam"' in page.text


def test_hours_that_are_closed_already_are_told(closing: Closing) -> None:
    boss = closing.house[Role.SUPERVISOR]
    boss.opens(f"/petugas/jam-tutup/periksa?{MORNING}")
    closing.closes()
    page = boss.presses("/petugas/jam-tutup/periksa", **WHY).page
    assert page.status_code == 409 or page.status_code == 422
    assert "Tidak ada jam buka di situ" in page.text


def test_others_and_strangers_close_nothing(closing: Closing, app: Flask, now: datetime) -> None:
    made = closing.closes()
    assert closing.house[Role.VERIFIER].get("/petugas/jam-tutup").status_code == 403
    assert closing.house[Role.VERIFIER].get(f"/petugas/jam-tutup/{made}").status_code == 403


def test_the_board_leads_to_who_has_no_hour(closing: Closing) -> None:
    boss, code = closing.house[Role.SUPERVISOR], closing.paid()
    closing.closes()
    closing.works()
    lapse_offers(now=closing.now + DAY)
    page = boss.opens("/petugas").page.text
    assert "Belum punya jadwal" in page and "/petugas/tanpa-jadwal" in page
    assert "tidak menjawab" in boss.opens("/petugas/tanpa-jadwal").page.text
    assert code in boss.page.text


def test_an_hour_that_is_only_proposed_is_no_visit_on_the_officers_page(closing: Closing) -> None:
    code, owed = closing.paid(), closing.unpaid()
    closing.closes()
    closing.works()
    page = closing.house[Role.SUPERVISOR].opens(f"/petugas/kasus/{code}").page.text
    assert "belum punya jam" in page and "13.00" not in page
    offered = booking_of(owed.application_code).slot_id
    accept_offer(owed.account_id, owed.application_code, offered, now=closing.now)
    page = closing.house[Role.SUPERVISOR].opens(f"/petugas/kasus/{owed.application_code}").page.text
    assert "Memilih jam lain untuk tagihan yang sama" in page


# Whoever had the hour.


def test_the_page_says_that_the_hour_is_closed_before_the_worker_came(
    closing: Closing, app: Flask, now: datetime
) -> None:
    code = closing.paid()
    closing.closes()
    page = visitor(app, code, now).opens(f"/permohonan/{code}").page.text
    assert "Jangan datang pada jam ini" in page and "Tunjukkan di pintu" not in page


def test_one_tap_takes_the_proposed_hour(closing: Closing, app: Flask, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    person = visitor(app, code, now).opens(f"/permohonan/{code}")
    assert "listrik padam" in person.page.text and "Kami tahan jam ini" in person.page.text
    assert "24 November" in person.page.text, "until when"
    assert person.presses(f"/permohonan/{code}/usulan-jadwal").page.status_code == 303
    page = person.then().page.text
    assert "Tunjukkan di pintu" in page and "13.00–14.00 WIB" in page
    assert reseatings_of(code)[0].ended_as == "accepted"


def test_choosing_freely_is_as_near(closing: Closing, app: Flask, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    person = visitor(app, code, now).opens(f"/permohonan/{code}").opens(f"/permohonan/{code}/jadwal")
    wanted = closing.hour(24 * 9)
    person.presses(f"/permohonan/{code}/jadwal", slot=str(wanted))
    assert person.page.status_code == 303
    assert booking_of(code).slot_id == wanted


def test_too_late_a_yes_shows_what_is_free(closing: Closing, app: Flask, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    closing.works()
    person = visitor(app, code, now).opens(f"/permohonan/{code}")
    lapse_offers(now=now + DAY)
    page = person.presses(f"/permohonan/{code}/usulan-jadwal").page
    assert page.status_code == 409 and "Usulan jadwal ini sudah berakhir" in page.text
    assert "tidak Anda jawab" in person.opens(f"/permohonan/{code}").page.text


def test_who_owes_keeps_the_bill_and_answers_there(closing: Closing, app: Flask, now: datetime) -> None:
    owed = closing.unpaid()
    code = owed.application_code
    closing.closes()
    closing.works()
    person = visitor(app, code, now)
    bill = person.opens(f"/permohonan/{code}/tagihan").page.text
    assert "ditutup kantor" in bill and owed.code[:3] in bill
    page = person.opens(f"/permohonan/{code}").page.text
    assert "Tagihan dan batas bayarnya tetap" in page
    person.presses(f"/permohonan/{code}/usulan-jadwal")
    assert "ditutup kantor" not in person.opens(f"/permohonan/{code}/tagihan").page.text


def test_who_owes_may_choose_another_hour(closing: Closing, app: Flask, now: datetime) -> None:
    owed = closing.unpaid()
    code = owed.application_code
    closing.closes()
    closing.works()
    wanted = closing.hour(24 * 9)
    person = visitor(app, code, now).opens(f"/permohonan/{code}/jadwal")
    assert "Tagihan dan batas bayarnya tetap" in person.page.text
    person.presses(f"/permohonan/{code}/jadwal", slot=str(wanted))
    assert person.page.location.endswith(f"/permohonan/{code}/tagihan")
    assert "sudah dipilih" in person.opens(f"/permohonan/{code}/jadwal").page.text


def test_the_calendar_names_the_cause(closing: Closing, app: Flask, now: datetime) -> None:
    closing.closes(first=closing.friday, last=closing.friday)
    page = app.test_client().get("/jadwal?kantor=palembang&tanggal=2026-11-27").text
    assert "Ditutup kantor: listrik padam." in page
    closing.closes(first=closing.friday + 3 * DAY, last=closing.friday + 3 * DAY, begins=None)


def test_a_closed_hour_of_an_open_day_is_not_called_full(closing: Closing, app: Flask) -> None:
    closing.closes()
    page = app.test_client().get("/jadwal?kantor=palembang&tanggal=2026-11-27").text
    assert page.count("ditutup") == 3


def test_the_letter_of_a_closed_hour_says_so(closing: Closing, app: Flask, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    code = closing.paid()
    closing.closes()
    closing.works()
    person = visitor(app, code, now).opens(f"/permohonan/{code}")
    person.presses(f"/permohonan/{code}/usulan-jadwal")
    letter = scalar("SELECT code FROM letter WHERE kind = 'visit_letter'")
    day = starts_at(booking_of(code).slot_id).date()
    assert "Surat ini asli<" in app.test_client().get(f"/v/{letter}").text
    closing.closes(first=day, last=day)
    assert "jamnya ditutup kantor" in app.test_client().get(f"/v/{letter}").text
    closing.works()
    assert "jamnya ditutup kantor" in app.test_client().get(f"/v/{letter}").text


# By mail.


def test_each_is_told_by_mail_with_the_hour_that_is_held(closing: Closing, app: Flask, now: datetime) -> None:
    paid, owed = closing.paid(), closing.unpaid()
    db.session.execute(db.text("UPDATE account SET language = 'en' WHERE id = :id"), {"id": owed.account_id})
    db.session.commit()
    closing.closes()
    closing.works()
    make_worker(app).once()
    mails = {mail.body for mail in messages.newest() if mail.kind == "hour_closed"}
    of_paid = next(body for body in mails if paid[:4] in body)
    assert "listrik padam" in of_paid and "13.00–14.00 WIB" in of_paid and "tidak membayar lagi" in of_paid
    of_owed = next(body for body in mails if owed.application_code[:4] in body)
    assert "Your bill and its deadline stay" in of_owed and "Friday, 27 November 2026" in of_owed


# The command line.


def test_the_command_looks_first_and_closes_when_told(closing: Closing, app: Flask, now: datetime) -> None:
    closing.paid()
    run = app.test_cli_runner().invoke
    close = ["close", "--office", "palembang", "--from", "2026-11-27", "--begins", "08:00", "--ends", "12:00"]
    close += ["--cause", "power", "--note", "Padam"]
    looked = run(quota, close)
    assert looked.exit_code == 0 and "1 people in 3 hours" in looked.output, looked.output
    assert "Nothing was closed" in looked.output
    closed = run(quota, [*close, "--yes"])
    assert "Closed:" in closed.output, closed.output
    closing.works()
    listed = run(quota, ["closures", "--office", "palembang"])
    assert "in force, hours 3, hit 1, asked 1" in listed.output, listed.output
    closure = closed.output.split("Closed: ")[1].strip()
    assert run(quota, ["reopen", closure]).exit_code == 0
    assert run(quota, ["reopen", closure]).exit_code == 1
    closing.works()
    assert "undone" in run(quota, ["closures", "--office", "palembang"]).output
    again = run(
        quota,
        [
            "close",
            "--office",
            "palembang",
            "--from",
            "2020-01-01",
            "--cause",
            "other",
            "--note",
            "x",
            "--yes",
        ],
    )
    assert again.exit_code == 1
