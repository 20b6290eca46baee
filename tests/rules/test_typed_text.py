"""What people type, paste and scan is read for what was meant."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from babel.dates import format_date
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.applications.passport_number import read_passport_number
from mpaspor.correspondence import paper
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.plain_text import one_line, visible
from mpaspor.foundation.typed_text import joined
from mpaspor.people import names
from mpaspor.people.contact import email_address, mobile_number, phone_number
from mpaspor.web.typed_dates import read_month, split_date

UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u061c\u034f\u3164\ufe0f"
FONTS = sorted((Path(paper.__file__).parent / "fonts").glob("*.ttf"))


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_sign_that_nobody_sees_means_nothing_anywhere(sign: str) -> None:
    assert one_line(f"{sign}Bu{sign}di {sign}") == "Budi"
    assert names.read_name(f"{sign}Bu{sign}di {sign}") == "Budi"
    assert joined(f"{sign}16{sign}71") == "1671"
    assert email_address(f"{sign}budi@{sign}contoh.id{sign}") == "budi@contoh.id"
    assert mobile_number(f"{sign}0812 3456{sign} 7890") == "+6281234567890"
    assert read_passport_number(f"{sign}A12{sign}34567") == "A1234567"
    assert read_code(f"{sign}7kq4{sign}-m2xp") == "7KQ4M2XP"
    assert read_month(f"{sign}Agus{sign}tus") == 8


@given(st.text())
def test_reading_twice_changes_nothing(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert names.read_name(names.read_name(text)) == names.read_name(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Nur ‘Aini", "Nur 'Aini"),
        ("Nur\u02bcaini Ma\u02bbruf", "Nur'aini Ma'ruf"),
        ("Ma´ruf", "Ma'ruf"),
        ("Ma`ruf", "Ma'ruf"),
        ("Sya\u02bfban", "Sya'ban"),
        ("Ma＇ruf", "Ma'ruf"),
        ("\u0149a", "'na"),
        ("Ali/Lie", "Ali/Lie"),
        ("Uji–Wayan", "Uji-Wayan"),
        ("Uji\u2212Wayan", "Uji-Wayan"),
        ("N", "N"),
        ("R.A. Siti (Lie), S.", "R.A. Siti (Lie), S."),
        ("𝐁𝐮𝐝𝐢 Ｓantoso", "Budi Santoso"),
        ("Andre\u0301", "André"),
        ("Budi\u00a0\u2003Santoso", "Budi Santoso"),
    ],
)
def test_a_name_is_read_as_it_was_meant(typed: str, read: str) -> None:
    assert names.read_name(typed) == read
    assert names.foreign_character(read) is None and names.has_letter(read)


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("Budi😀", "😀"),
        ("محمد", "م"),
        ("Siti 4", "4"),
        ("王", "王"),
        ("n\u0308", "\u0308"),
        ("a@b", "@"),
        ("µ", "μ"),
    ],
)
def test_what_no_letter_can_carry_is_named(typed: str, sign: str) -> None:
    assert names.foreign_character(names.read_name(typed)) == sign


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_every_letter_prints_every_name_that_is_taken(font: Path) -> None:
    printable = set(map(chr, TTFont(font).getBestCmap()))
    assert printable >= names.LETTERS | names.MARKS
    assert len(names.LETTERS) > 300


def test_a_name_is_kept_as_it_is_printed() -> None:
    """No letter of the rule is changed by what mails, pages and letters do to text."""
    for sign in names.LETTERS | names.MARKS - {" "}:
        assert one_line(sign) == sign and names.read_name(sign) == sign


@pytest.mark.parametrize("sign", ["\u0301", "\ufdfa", "\uff9e"], ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_hundred_kilobytes_of_marks_never_reach_the_normaliser(
    sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, given = "a" + sign * 120_000, []
    with monkeypatch.context() as patched:
        patched.setattr(unicodedata, "normalize", lambda form, text: given.append(text) or text)
        name, number = names.read_name(text), joined(text)
        nothing = [read(text) for read in (mobile_number, phone_number, read_passport_number, read_month)]
    assert (name, number, nothing) == (text, text, [None] * 4)
    assert not given


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "6281234567890",
        "0062 812 3456 7890",
        "0062 0812 3456 7890",
        "+62 (0)812-3456-7890",
        "+62 0812 3456 7890",
        "62-812-3456-7890",
        "8123 4567 890",
        "(0812) 3456.7890",
        "0812–3456–7890",
        "０８１２３４５６７８９０",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "'081234567890",
        "\u202a+62\u00a0812-3456-7890\u202c",
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(typed: str) -> None:
    assert mobile_number(typed) == phone_number(typed) == "+6281234567890"


@pytest.mark.parametrize(
    "typed", ["0812", "0711 123456", "+1 415 555 0100", "0812 345 / 0813 456 7890 123", "hp", ""]
)
def test_what_is_no_mobile_number_is_none(typed: str) -> None:
    assert mobile_number(typed) is None


def test_a_relatives_number_may_be_of_any_country() -> None:
    assert phone_number("0060 12-345 6789") == phone_number("+60 12 345 6789") == "+60123456789"
    assert phone_number("(021) 123 4567") == "+62211234567"
    assert phone_number("tetangga") is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("x1234567", "X1234567"),
        (" AB 123456 ", "AB123456"),
        ("a 123-4567", "A1234567"),
        ("Ａ１２３４５６７", "A1234567"),
        ("X12O4567", "X1204567"),
        ("X12i4567", "X1214567"),
        ("AO123456", "AO123456"),
        ("1234567", None),
        ("X12345", None),
        ("", None),
    ],
)
def test_a_passport_number_is_read_as_it_is_typed(typed: str, read: str | None) -> None:
    assert read_passport_number(typed) == read


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("pattern", ["MMMM", "MMM"])
def test_a_month_is_read_in_both_languages_whole_and_shortened(language: str, pattern: str) -> None:
    for month in range(1, 13):
        word = format_date(date(2026, month, 1), pattern, locale=language)
        assert read_month(word) == read_month(word.upper() + ".") == month


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("08", 8),
        ("Agt", 8),
        ("Ags.", 8),
        ("Peb", 2),
        ("Nopember", 11),
        ("13", None),
        ("0", None),
        ("ju", None),
        ("XII", None),
    ],
)
def test_other_ways_of_a_month(typed: str, month: int | None) -> None:
    assert read_month(typed) == month


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("14 Agustus 1996", ("14", "Agustus", "1996")),
        ("14/8/1996", ("14", "8", "1996")),
        ("14-08-1996", ("14", "08", "1996")),
        ("14.8.96", ("14", "8", "96")),
        ("1996-08-14", ("14", "08", "1996")),
        ("August 14, 1996", ("14", "August", "1996")),
        ("14081996", ("14", "08", "1996")),
    ],
)
def test_a_whole_date_in_one_box_is_spread_over_the_three(typed: str, parts: tuple[str, str, str]) -> None:
    found = split_date({"day": typed, "month": "", "year": ""})
    assert found == dict(zip(("day", "month", "year"), parts, strict=True))


def test_a_date_in_three_boxes_stays_there() -> None:
    assert split_date({"day": "14", "month": "8", "year": "1996"}) is None
    assert split_date({"day": "14", "month": "", "year": ""}) is None


def test_the_end_of_a_sentence_is_no_part_of_an_address() -> None:
    assert email_address("nama@contoh.id.") == email_address("Nama@Contoh.ID, ") == "nama@contoh.id"
