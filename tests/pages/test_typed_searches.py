"""What is typed or pasted into a box of a search is read for what was meant, like in every other form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask

from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.conftest import MONDAY
from tests.stage import bills, desk

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DISGUISES: dict[str, Callable[[str], str]] = {
    "zero-width spaces": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "full width": lambda text: text.translate(FULL_WIDTH),
    "Arabic digits": lambda text: text.translate(ARABIC),
    "lower case": str.lower,
    "in groups, with marks around": lambda text: f"\u202a {text[:4]} \u2011 {text[4:]}\ufeff.",
}
disguised = pytest.mark.parametrize("disguise", DISGUISES.values(), ids=list(DISGUISES))


@disguised
def test_the_status_and_a_letter_are_found_by_whatever_was_meant(
    app: Flask,
    palembang: Office,
    now: datetime,
    scalar: Callable[..., str],
    disguise: Callable[[str], str],
) -> None:
    code = bills.owing(palembang, MONDAY).application_code
    client = app.test_client()
    found = client.get(f"/cek?kode={quote(disguise(code))}")
    assert found.status_code == 200 and f"{code[:4]}-{code[4:]}" in found.text
    letter = scalar("SELECT code FROM letter LIMIT 1")
    assert client.get(f"/v/{quote(disguise(letter), safe='')}").status_code == 200


@disguised
def test_the_board_opens_the_case_whose_code_or_number_was_meant(
    app: Flask,
    palembang: Office,
    now: datetime,
    scalar: Callable[..., str],
    disguise: Callable[[str], str],
) -> None:
    house = desk.House(app, palembang, now)
    code = house.guest()
    reception = house[Role.RECEPTION]
    opened = reception.get(f"/petugas?q={quote(disguise(code))}")
    assert (opened.status_code, opened.headers.get("Location")) == (303, f"/petugas/kasus/{code}")
    number = scalar("SELECT number FROM application WHERE code = :code", code=code)
    assert code in unescape(reception.get(f"/petugas?q={quote(disguise(number))}").text).replace("-", "")
    asked = reception.post("/petugas/cari", wanted=disguise(code))
    assert asked.headers.get("Location") == f"/petugas/kasus/{code}"


@pytest.mark.parametrize("typed", ["palem\u200bbang", "\u00adPALEM\u00adBANG\ufeff", " palembang \u202c"])
def test_an_office_is_found_though_signs_came_along_that_nobody_sees(
    app: Flask, palembang: Office, typed: str
) -> None:
    found = app.test_client().get(f"/kantor?cari={quote(typed)}").text
    assert palembang.name in found and 'value="' in found
    assert not any(sign in found for sign in "\u200b\u00ad\ufeff\u202c")
