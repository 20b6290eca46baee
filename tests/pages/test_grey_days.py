"""A day without a place says why, and where the nearest are: on its own page, and after a lost race."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications.models import Application
from mpaspor.billing.reseat import seat_again
from mpaspor.booking.closures import Scope
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import Slot
from mpaspor.booking.releases import Plan, open_due
from mpaspor.booking.rules import ClosureCause
from mpaspor.desk.close_hours import close_hours
from mpaspor.desk.plan_release import plan_release
from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office, Programme, ServicePoint
from mpaspor.offices.rules import Hour
from mpaspor.offices.seed import open_office
from tests.stage import bills, cast, drafts
from tests.stage.cast import Person
from tests.stage.visitor import visitor

FRIDAY = datetime(2026, 12, 4, 7, 0, tzinfo=UTC)  # 14.00 in Palembang
WEDNESDAY = date(2026, 12, 2)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def words_in(page: str) -> str:
    page = re.sub(r"</?span[^>]*>", "", page)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def schedule(app: Flask, query: str = "", **headers: str) -> str:
    answer = app.test_client().get(f"/jadwal?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def day_of(page: str) -> str:
    """What the section of the day says."""
    return words_in(page.partition('<section class="section">')[2].partition("</section>")[0])


def ways_out(page: str) -> list[str]:
    """The addresses below "Pilihan terdekat"."""
    rows = page.partition("Pilihan terdekat")[2].partition("</ul>")[0]
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+)"', rows)]


def fill(*where: Any) -> None:
    """Let others take every place of these hours."""
    db.session.execute(update(Slot).where(*where).values(taken=Slot.released))
    db.session.commit()
    db.session.remove()


def on(day: date) -> list[Any]:
    begin = datetime.combine(day, time(0), UTC) - timedelta(hours=7)
    return [Slot.starts_at >= begin, Slot.starts_at < begin + DAY]


def programme(office: Office, code: str, day: date, hours: int = 1, point: uuid.UUID | None = None) -> None:
    """Another programme of the office, with places on one day."""
    like = db.session.scalars(select(Slot).where(Slot.office_id == office.id).limit(1)).one()
    found = db.session.scalar(select(Programme).where(Programme.code == code))
    if found is None:
        found = Programme(id=uuid7(), code=code, name=f"Layanan {code}")
        db.session.add(found)
        db.session.flush()
    for number in range(hours):
        starts_at = datetime.combine(day, time(2 + number), UTC)
        hour = Slot(id=uuid7(), office_id=office.id, service_point_id=point or like.service_point_id)
        hour.programme_id, hour.starts_at, hour.ends_at = found.id, starts_at, starts_at + timedelta(hours=1)
        hour.capacity = hour.released = 4
        db.session.add(hour)
    db.session.commit()
    db.session.remove()


def neighbour(now: datetime) -> Office:
    """A second office of the province, with one hour each Wednesday."""
    open_office("muara-enim", hours=[Hour(2, time(9), time(10), 6)], valid_from=now.date(), now=now)
    found = offices.office_by_code("muara-enim")
    assert found is not None
    top_up(found.id, now=now)
    db.session.remove()
    return found


# Why.


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-23", "Terlalu dekat untuk dipilih"),
        ("2026-11-28", "Kantor tutup pada Sabtu dan Minggu."),
        ("2026-12-24", "Libur: Cuti Bersama"),
        ("2026-12-22", "Belum dibuka. Dibuka Selasa, 24 November 2026."),
        ("2026-11-20", "Sudah lewat."),
    ],
)
def test_each_kind_of_day_says_why_in_the_calendar_and_on_its_own_page(
    app: Flask, palembang: Office, now: datetime, day: str, words: str
) -> None:
    page = schedule(app, f"tanggal={day}")
    assert words in day_of(page)
    assert len(ways_out(page)) == 3
    if day > "2026-11-22":  # weeks that are over are not shown
        assert words in words_in(page.partition('<table class="cal')[2].partition("</table>")[0])
        assert f"tanggal={day}" in page, "the day is a link, without scripts too"


def test_today_says_from_when_on_and_is_not_called_over(app: Flask, palembang: Office, now: datetime) -> None:
    page = day_of(schedule(app, "tanggal=2026-11-23"))
    assert "Paling cepat Selasa, 24 November 2026" in page and "Sudah lewat" not in page


def test_a_day_without_booklets_says_so(app: Flask, palembang: Office, now: datetime) -> None:
    close_hours(
        None, Scope(palembang, WEDNESDAY, WEDNESDAY), ClosureCause.BOOKLETS, note="Kiriman telat", now=now
    )
    assert "Ditutup kantor: buku paspor habis." in day_of(schedule(app, f"tanggal={WEDNESDAY}"))


def test_a_day_of_another_programme_only_says_so(app: Flask, palembang: Office, now: datetime) -> None:
    saturday = date(2026, 12, 5)
    programme(palembang, "laksan", saturday)
    page = schedule(app, f"tanggal={saturday}")
    assert "Layanan ini tidak ada pada hari ini; kantor buka untuk layanan lain." in day_of(page)
    other = schedule(app, f"layanan=laksan&tanggal={saturday}")
    assert "Layanan laksan" in other and "Sisa kuota 4" in day_of(other)
    assert f"layanan=laksan&amp;tanggal={saturday}" in other, "its days stay with the programme"


def test_a_day_that_opens_later_says_when_and_a_full_one_when_more_opens(
    app: Flask, palembang: Office, now: datetime
) -> None:
    regular = offices.programme_by_code()
    assert regular is not None
    week = date(2026, 12, 28), date(2026, 12, 31)
    for percent, at in ((10, now + MINUTE), (100, FRIDAY)):
        plan_release(None, Plan(palembang, regular.id, at, *week, percent), now=now)
    before = schedule(app, "tanggal=2026-12-29")
    assert "Belum dibuka. Dibuka Senin, 23 November 2026, pukul 08.01 WIB." in day_of(before)
    with clock.at(now + MINUTE):
        open_due(now=now + MINUTE)
        assert "Sisa kuota 1" in day_of(schedule(app, "tanggal=2026-12-29"))
        assert "Des" in schedule(app, "tanggal=2026-11-24"), "the month can be reached"
        fill(*on(date(2026, 12, 29)))
        full = day_of(schedule(app, "tanggal=2026-12-29"))
    assert "Penuh. Kuota berikutnya dibuka Jumat, 4 Desember 2026, pukul 14.00 WIB." in full


# Where else.


def test_a_full_hour_leads_to_others_of_its_day_then_to_other_days(
    app: Flask, palembang: Office, now: datetime
) -> None:
    fill(*on(WEDNESDAY), Slot.starts_at < datetime(2026, 12, 2, 8, tzinfo=UTC))
    found = ways_out(schedule(app, f"tanggal={WEDNESDAY}&jam=0900"))
    assert found == [
        f"/jadwal?kantor=palembang&tanggal={day}&jam={hour}"
        for day, hour in (("2026-12-01", "1400"), ("2026-12-01", "1500"), ("2026-12-02", "1500"))
    ]
    for address in found:
        assert "Sisa kuota" in day_of(app.test_client().get(address).get_data(as_text=True))


def test_when_the_office_is_full_another_programme_and_another_office_are_named(
    app: Flask, palembang: Office, now: datetime
) -> None:
    neighbour(now)
    fill(Slot.office_id == palembang.id)
    programme(palembang, "percepatan", WEDNESDAY)
    page = schedule(app, f"tanggal={WEDNESDAY}&jam=0900")
    assert ways_out(page) == [
        "/jadwal?kantor=palembang&layanan=percepatan&tanggal=2026-12-02&jam=0900",
        "/jadwal?kantor=muara-enim&layanan=regular&tanggal=2026-12-02&jam=0900",
    ]
    assert "Layanan percepatan" in day_of(page) and "Muara Enim" in day_of(page)
    there = app.test_client().get(ways_out(page)[1]).get_data(as_text=True)
    assert "Muara Enim" in there and "Sisa kuota 6" in there


def test_the_lane_of_priority_is_no_way_out(app: Flask, palembang: Office, now: datetime) -> None:
    fill(Slot.office_id == palembang.id)
    programme(palembang, "priority", WEDNESDAY)
    assert ways_out(schedule(app, f"tanggal={WEDNESDAY}")) == []


def test_who_comes_too_late_is_led_elsewhere_with_the_draft(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    draft = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    neighbour(now)
    hour = db.session.scalars(
        select(Slot.id).where(*on(WEDNESDAY), Slot.office_id == palembang.id).order_by(Slot.starts_at)
    ).first()
    browser = visitor(app, ratna).opens(f"/permohonan/{draft.code}/jadwal?tanggal={WEDNESDAY}")
    fill(Slot.office_id == palembang.id)
    browser.sends({"slot": str(hour)}, 409)
    assert "Jam itu baru saja penuh" in browser.text
    [way] = ways_out(browser.text)
    assert way.startswith("isi/keinginan?kantor=muara-enim")
    page = browser.opens(f"/permohonan/{draft.code}/{way}").text
    assert re.search(r'<option[^>]* selected[^>]*value="muara-enim"|value="muara-enim"[^>]* selected', page)


def test_who_has_a_bill_is_shown_hours_of_their_own_office_only(
    app: Flask, palembang: Office, now: datetime
) -> None:
    neighbour(now)
    owed = bills.owing(palembang, now)
    close_hours(
        None,
        Scope(palembang, now.date() + 3 * DAY, now.date() + 7 * DAY),
        ClosureCause.POWER,
        note="x",
        now=now,
    )
    seat_again(now=now)
    fill(Slot.office_id == palembang.id)
    case = db.session.scalars(select(Application).where(Application.code == owed.application_code)).one()
    who = cast.owner(case.account_id, now)
    page = who.at(app).get(f"/permohonan/{owed.application_code}/jadwal").get_data(as_text=True)
    assert "Pilih hari dan jam" in page and ways_out(page) == []


def test_a_visit_that_moves_is_not_led_to_its_own_day(
    app: Flask, house: Any, palembang: Office, now: datetime
) -> None:
    code = house.guest(hours=24 * 9)
    fill(*on(WEDNESDAY), Slot.starts_at > datetime(2026, 12, 2, 1, tzinfo=UTC))
    page = (
        cast.owner_of(code, now).at(app).get(f"/permohonan/{code}/ubah-jadwal?tanggal={WEDNESDAY}&jam=0900")
    )
    found = ways_out(page.get_data(as_text=True))
    assert len(found) == 3 and not [one for one in found if str(WEDNESDAY) in one]


# Two service points.


def test_hours_at_two_places_are_two_lines_and_each_says_where(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    mall = ServicePoint(id=uuid7(), office_id=palembang.id, code="mal", name="Gerai Mal Jakabaring")
    db.session.add(mall)
    db.session.commit()
    programme(palembang, "regular", WEDNESDAY, point=mall.id)
    page = day_of(schedule(app, f"tanggal={WEDNESDAY}"))
    assert page.count("09.00–10.00 WIB") == 2 and page.count("Gerai Mal Jakabaring") == 1
    draft = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    there = f"/permohonan/{draft.code}/jadwal?tanggal={WEDNESDAY}"
    tiles = visitor(app, ratna).opens(there).text
    assert tiles.count("<b>09.00–10.00</b>") == 2
    [at_the_mall] = [one for one in re.findall(r"<label.*?</label>", tiles, re.S) if "Gerai Mal" in one]
    assert 'data-said="Rab 2 Des, 09.00, Gerai Mal Jakabaring"' in at_the_mall
    fill(*on(WEDNESDAY), Slot.service_point_id != mall.id)
    marked = visitor(app, ratna).opens(f"{there}&jam=0900").text
    assert re.search(
        r"<label[^>]*><input[^>]* checked[^>]*><span><b>09.00–10.00</b>[^/]*<small>Gerai", marked
    )


def test_at_one_place_nothing_is_said_about_where(app: Flask, palembang: Office, now: datetime) -> None:
    point = db.session.scalars(select(ServicePoint.name).where(ServicePoint.office_id == palembang.id)).one()
    assert f"{point} " not in day_of(schedule(app, f"tanggal={WEDNESDAY}")).replace("Waktu Palembang", "")


# The next opening.


def test_the_next_opening_is_said_with_how_long_it_is(app: Flask, palembang: Office, now: datetime) -> None:
    regular = offices.programme_by_code()
    assert regular is not None
    week = date(2026, 12, 28), date(2026, 12, 31)
    plan_release(None, Plan(palembang, regular.id, FRIDAY, *week), now=now)
    sentence = "Dibuka lagi Jumat, 4 Desember 2026, pukul 14.00 WIB (%s), untuk Sen 28 Des – Kam 31 Des."
    for before, left in {
        timedelta(days=11, hours=6): "11 hari lagi",
        timedelta(hours=27, minutes=59): "27 jam lagi",
        timedelta(hours=3): "3 jam lagi",
        timedelta(minutes=38, seconds=30): "38 menit lagi",
        timedelta(seconds=40): "kurang dari 1 menit lagi",
    }.items():
        top_up(palembang.id, now=FRIDAY - before)
        with clock.at(FRIDAY - before):
            answer = app.test_client().get("/jadwal")
            page = answer.get_data(as_text=True)
        assert sentence % left in words_in(page)
        is_soon = before < timedelta(hours=1)
        assert ("Halaman ini memuat ulang sendiri" in page) == is_soon
        assert (
            '<noscript><meta http-equiv="refresh" content="60;url=/jadwal?kantor=palembang&amp;tanggal='
            in page
        ) == is_soon
        assert ('hx-trigger="every 60s"' in page) == is_soon
        assert ("max-age=5" in answer.headers["Cache-Control"]) == is_soon
    with clock.at(FRIDAY + MINUTE):
        assert "seharusnya dibuka Jumat, 4 Desember 2026, pukul 14.00 WIB; sebentar lagi." in words_in(
            schedule(app)
        )


def test_the_hour_page_and_the_offices_say_it_too(
    app: Flask, ratna: Person, palembang: Office, now: datetime
) -> None:
    regular = offices.programme_by_code()
    assert regular is not None
    plan_release(
        None, Plan(palembang, regular.id, now + 2 * DAY, date(2026, 12, 28), date(2026, 12, 31)), now=now
    )
    words = "Dibuka lagi Rabu, 25 November 2026, pukul 08.00 WIB (2 hari lagi)"
    draft = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    browser = visitor(app, ratna).opens(f"/permohonan/{draft.code}/jadwal")
    assert words in words_in(browser.text) and 'every 60s"' not in browser.text
    assert words in words_in(app.test_client().get("/kantor").get_data(as_text=True))
    assert words not in words_in(app.test_client().get("/").get_data(as_text=True))
    fill(Slot.office_id == palembang.id)
    assert words in words_in(app.test_client().get("/").get_data(as_text=True))
    english = words_in(schedule(app, "bahasa=en"))
    assert "Opens again Wednesday, 25 November 2026, 08.00 WIB (in 2 days)" in english


def test_where_nothing_is_planned_and_nothing_left_the_next_new_day_is_said(
    app: Flask, palembang: Office, now: datetime
) -> None:
    assert "Hari baru berikutnya" not in schedule(app, "tanggal=2026-12-01")
    fill(Slot.office_id == palembang.id)
    page = words_in(schedule(app, "tanggal=2026-12-01"))
    assert "Hari baru berikutnya dibuka Selasa, 24 November 2026, untuk Selasa, 22 Desember 2026." in page
