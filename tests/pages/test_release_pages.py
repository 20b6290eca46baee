"""What opens when, as a supervisor plans it: looked at first, public at once, taken back in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.releases import open_due
from mpaspor.people.rules import Role
from tests.stage.desk import House, Officer

FRIDAY = datetime(2026, 12, 4, 7, 0, tzinfo=UTC)
OPENS = "opens_on-day=4&opens_on-month=12&opens_on-year=2026&opens=14:00"
DAYS = (
    "first_on-day=24&first_on-month=12&first_on-year=2026&last_on-day=31&last_on-month=12&last_on-year=2026"
)
LOOK = f"/petugas/rilis/periksa?{OPENS}&{DAYS}"


def plans(boss: Officer, more: str = "") -> str:
    """Look, and plan it; the page that follows."""
    boss.opens(LOOK + more)
    assert boss.presses("/petugas/rilis/periksa").page.status_code == 303
    return boss.opens(boss.page.location).page.text


def test_a_supervisor_sees_what_opens_before_it_is_planned(house: House) -> None:
    boss = house[Role.SUPERVISOR]
    assert "Tidak ada pembukaan yang direncanakan" in boss.opens("/petugas/rilis").page.text
    page = boss.opens(f"{LOOK}&percent=50").page.text
    assert "Jumat, 4 Desember 2026, pukul 14.00 WIB" in page
    assert "Libur: Hari Raya Natal" in page and "tidak ada jam buka" in page
    assert ">200<" in page and "50 %" in page
    assert "Tidak ada pembukaan yang direncanakan" in boss.opens("/petugas/rilis").page.text


def test_what_is_planned_is_listed_opened_and_told(house: House, now: datetime) -> None:
    boss = house[Role.SUPERVISOR]
    page = plans(boss)
    assert "Tersimpan: rencana ini" in page and "Jum 4 Des, 14.00 WIB" in page
    assert "Kam 24 Des – Kam 31 Des" in page and "Petugas supervisor" in page
    open_due(now=FRIDAY + timedelta(minutes=25))
    page = boss.opens("/petugas/rilis").page.text
    assert "400 kuota dibuka" in page
    assert "terlambat: baru pukul 14.25 WIB" in page


def test_what_is_missing_or_does_not_fit_is_said_where_it_is_with_all_that_was_typed(house: House) -> None:
    boss = house[Role.SUPERVISOR]
    for typed, words in {
        "": "Isi hari bukanya",
        OPENS: "Isi hari pertama",
        f"{OPENS}&{DAYS}&percent=101": "Isi dengan angka 1 sampai 100",
        f"{OPENS.replace('day=4&', 'day=31&')}&{DAYS}": "paling cepat sehari sesudah dibuka",
        f"{OPENS.replace('month=12', 'month=11').replace('day=4&', 'day=20&')}&{DAYS}": "sudah lewat",
        f"{OPENS}&{DAYS.replace('last_on-day=31', 'last_on-day=23')}": "lebih awal daripada hari pertama",
    }.items():
        page = boss.get(f"/petugas/rilis/periksa?{typed}")
        assert page.status_code == 422 and words in page.text, typed
        assert not typed or 'value="2026"' in page.text


def test_one_week_or_all_are_cancelled_before_they_open(house: House, now: datetime) -> None:
    boss = house[Role.SUPERVISOR]
    page = plans(boss, "&weekly=y")
    assert page.count("setiap minggu") >= 10
    first = boss.opens("/petugas/rilis").page.text.partition("/batal")[0].rpartition('"')[2]
    boss.opens(f"{first}/batal")
    assert boss.presses(f"{first}/batal").page.status_code == 303
    page = boss.opens("/petugas/rilis").page.text
    assert "dibatalkan" in page
    second = page.partition("/batal")[0].rpartition('"')[2]
    assert second != first
    boss.opens(f"{second}/batal")
    assert boss.presses(f"{second}/batal", semua="1").page.status_code == 303
    assert "Tidak ada pembukaan yang direncanakan" in boss.opens("/petugas/rilis").page.text
    again = boss.post(f"{second}/batal", data={})
    assert again.status_code in (400, 409)


def test_days_that_nothing_opens_any_more_are_said(house: House) -> None:
    boss = house[Role.SUPERVISOR]
    plans(boss)
    top_up(house.office.id, now=FRIDAY - timedelta(hours=1))
    made = boss.opens("/petugas/rilis").page.text.partition("/batal")[0].rpartition('"')[2]
    boss.opens(f"{made}/batal")
    boss.presses(f"{made}/batal")
    page = boss.opens("/petugas/rilis").page.text
    assert "hari punya jam yang tidak akan pernah dibuka" in page and "Sen 28 Des" in page


def test_nobody_else_plans_or_cancels(house: House, app: Flask) -> None:
    plans(house[Role.SUPERVISOR])
    made = house[Role.SUPERVISOR].opens("/petugas/rilis").page.text.partition("/batal")[0].rpartition('"')[2]
    for role in (Role.VERIFIER, Role.RECEPTION):
        assert house[role].get("/petugas/rilis").status_code == 403
        assert house[role].get(f"{made}/batal").status_code == 403
