"""The reference data that ships with the product, read as it lies in the files."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from mpaspor.offices import rules, seed

# The days of the joint decrees (DOMAIN §7.3), month-day; the calendar package must agree with every one.
PUBLIC = {
    2026: "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25 "
    "12-25",
    2027: "01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 08-17 "
    "12-25 12-26",
}
JOINT_LEAVE = {
    2026: "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24",
    2027: "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24",
}


def _days(listed: dict[int, str]) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for year, days in listed.items() for day in days.split()}


def test_there_are_exactly_151_offices() -> None:
    offices = list(seed.office_rows())
    assert len(offices) == 151
    assert len({office["code"] for office in offices}) == 151
    assert len({office["name"] for office in offices}) == 151


def test_every_office_is_complete_and_its_code_is_a_plain_slug() -> None:
    for office in seed.office_rows():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", office["code"])
        assert office["time_zone"] in rules.ZONE_LABELS
        assert office["province"] and office["sort_key"]
        assert (office["class_name"] == rules.UNKNOWN_CLASS) == (office["has_checkpoint"] is None)
        assert re.fullmatch(r"Kelas I Khusus|Kelas I{1,3}|unknown", office["class_name"])


def test_a_province_lies_in_one_zone() -> None:
    zones = {(office["province"], office["time_zone"]) for office in seed.office_rows()}
    assert len(zones) == len({province for province, _ in zones}) == 37
    labels = Counter(rules.zone_label(office["time_zone"]) for office in seed.office_rows())
    assert set(labels) == {"WIB", "WITA", "WIT"}


def test_palembang_is_class_one_with_a_checkpoint() -> None:
    palembang = next(office for office in seed.office_rows() if office["code"] == "palembang")
    name = rules.full_name("Palembang", palembang["class_name"], palembang["has_checkpoint"])
    assert name == "Kantor Imigrasi Kelas I TPI Palembang"


def test_holidays_are_those_of_the_decrees() -> None:
    rows = list(seed.holiday_rows())
    assert {row["on_date"] for row in rows if not row["is_joint_leave"]} == _days(PUBLIC)
    assert {row["on_date"] for row in rows if row["is_joint_leave"]} == _days(JOINT_LEAVE)
    assert len(rows) == 17 + 8 + 18 + 8
    assert not [row["name"] for row in rows if "perkiraan" in row["name"]]


def test_only_decreed_years_are_known() -> None:
    assert {row["on_date"].year for row in seed.holiday_rows()} == set(seed.DECREED_YEARS) == {2026, 2027}


def test_each_item_has_one_fee_on_any_day() -> None:
    for day in (date(2024, 12, 16), date(2024, 12, 17), date(2026, 11, 23)):
        current = [
            fee for fee in seed.fee_rows() if rules.in_force(fee["valid_from"], fee["valid_until"], day)
        ]
        assert len({(fee["item"], fee["validity_years"]) for fee in current}) == len(current) == 11


def test_the_fees_follow_the_regulation_of_the_day() -> None:
    def price(item: str, years: int | None, day: date) -> int:
        found = [
            fee["amount_rp"]
            for fee in seed.fee_rows()
            if (fee["item"], fee["validity_years"]) == (item, years)
            and rules.in_force(fee["valid_from"], fee["valid_until"], day)
        ]
        return int(found[0])

    assert price("electronic_laminated", 10, date(2024, 12, 16)) == 650_000
    assert price("electronic_laminated", 10, date(2024, 12, 17)) == 950_000
    assert price("electronic_laminated", 5, date(2026, 11, 23)) == 650_000
    assert price("charge_lost", None, date(2026, 11, 23)) == 1_000_000


def test_palembang_has_a_hundred_places_on_every_weekday() -> None:
    places: Counter[int] = Counter()
    for hour in seed.hours_from(seed.DATA / "palembang_hours.csv"):
        places[hour.weekday] += hour.capacity
    assert places == {0: 100, 1: 100, 2: 100, 3: 100, 4: 100}
