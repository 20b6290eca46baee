"""The house form of dates, hours, money, words and codes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.web import formats, number_words

NOON = datetime(2026, 11, 23, 5, 51, tzinfo=UTC)

UNITS = dict(
    zip(
        ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
        range(1, 10),
        strict=True,
    )
)
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}
EN_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def read_indonesian(words: str) -> int:
    """The inverse of terbilang, written from the grammar and not from the code under test."""
    total = group = pending = 0
    for word in words.replace("seribu", "satu ribu").replace("seratus", "satu ratus").split():
        if word in SCALES:
            total, group, pending = total + (group + pending) * SCALES[word], 0, 0
        elif word == "ratus":
            group, pending = group + pending * 100, 0
        elif word == "puluh":
            group, pending = group + pending * 10, 0
        elif word == "belas":
            group, pending = group + pending + 10, 0
        else:
            pending += {"nol": 0, "sepuluh": 10, "sebelas": 11, **UNITS}[word]
    return total + group + pending


def read_english(words: str) -> int:
    total = group = 0
    for word in words.replace("-", " ").split():
        if word in EN_SCALES:
            total, group = total + group * EN_SCALES[word], 0
        elif word == "hundred":
            group *= 100
        elif word in number_words._EN_UNITS:
            group += number_words._EN_UNITS.index(word)
        else:
            group += 10 * number_words._EN_TENS.index(word)
    return total + group


@given(st.integers(0, number_words.LIMIT - 1))
def test_words_can_be_read_back_to_the_same_number(value: int) -> None:
    assert read_indonesian(number_words.indonesian(value)) == value
    assert read_english(number_words.english(value)) == value


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (1000, "seribu rupiah"),
        (11_011, "sebelas ribu sebelas rupiah"),
        (100_101, "seratus ribu seratus satu rupiah"),
        (350_000, "tiga ratus lima puluh ribu rupiah"),
        (650_000, "enam ratus lima puluh ribu rupiah"),
        (1_001_000, "satu juta seribu rupiah"),
        (1_950_000, "satu juta sembilan ratus lima puluh ribu rupiah"),
        (-5, "minus lima rupiah"),
    ],
)
def test_an_amount_is_said_as_a_bank_slip_says_it(amount: int, words: str) -> None:
    assert formats.in_words(amount) == words


def test_a_number_too_large_to_be_said_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        number_words.indonesian(10**15)


def test_an_amount_is_said_in_english_too() -> None:
    assert formats.in_words(1_421_000, "en") == "one million four hundred twenty-one thousand rupiah"


@given(st.integers(-(10**14), 10**14))
def test_money_keeps_every_digit(amount: int) -> None:
    text = formats.rupiah(amount)
    assert int(text.replace("−", "-").replace("Rp", "").replace(".", "")) == amount


def test_money_dates_and_hours_have_house_form() -> None:
    assert formats.rupiah(350_000) == "Rp350.000"
    assert formats.long_date(date(2026, 11, 23)) == "Senin, 23 November 2026"
    assert formats.long_date(date(2026, 11, 23), language="en") == "Monday, 23 November 2026"
    assert formats.short_date(date(2026, 12, 8)) == "Sel 8 Des"
    assert formats.hour_range(NOON, NOON.replace(hour=6), "Asia/Jakarta") == "12.51–13.51 WIB"
    assert formats.date_time(NOON, "Asia/Jakarta") == "Senin, 23 November 2026, pukul 12.51 WIB"
    assert formats.date_time(NOON, "Asia/Jakarta", "en") == "Monday, 23 November 2026, 12.51 WIB"


@pytest.mark.parametrize(
    ("tz", "hour"),
    [("Asia/Jakarta", "12.51 WIB"), ("Asia/Makassar", "13.51 WITA"), ("Asia/Jayapura", "14.51 WIT")],
)
def test_an_hour_names_its_zone(tz: str, hour: str) -> None:
    assert formats.hour(NOON, tz) == hour


def test_a_moment_takes_the_date_of_its_zone() -> None:
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert formats.long_date(late, "Asia/Jakarta") == "Senin, 23 November 2026"
    with pytest.raises(ValueError, match="zone"):
        formats.long_date(late)


def test_codes_are_grouped_as_they_are_read_aloud() -> None:
    assert formats.grouped("820261123004173") == "820 261 123 004 173"
    assert formats.grouped("K7M4Q2XD") == "K7M4-Q2XD"
    assert formats.grouped("K7M4-Q2XD") == "K7M4-Q2XD"
    assert formats.grouped("0123456789ABCDEF") == "0123 4567 89AB CDEF"


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", max_size=40))
def test_grouping_loses_no_sign(code: str) -> None:
    assert formats.grouped(code).replace(" ", "").replace("-", "") == code


def test_a_masked_name_shows_initials_only() -> None:
    assert formats.masked_name("Ratna Dewi K") == "R•••• D••• K"


def test_what_is_held_on_one_line_is_text_and_an_amount_is_no_hour() -> None:
    held = formats.whole("Selasa, 11.00–12.00 WIB, 650.000, <b>")
    assert held == 'Selasa, <span class="nowrap">11.00–12.00 WIB</span>, 650.000, &lt;b&gt;'
    assert formats.whole(None) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Rp650.000 · bayar dalam 2 jam", ["Rp650.000"]),
        ("dikembalikan −Rp1.000.000.", ["−Rp1.000.000"]),
        ("Sen 21 Des, 09.00", ["Sen 21 Des", "09.00"]),
        ("Senin, 23 November 2026, pukul 12.51 WIB", ["23 November 2026", "12.51 WIB"]),
        ("Sunday, 3 May 2026, 08.00–09.00 WIT", ["3 May 2026", "08.00–09.00 WIT"]),
        ("Permohonan K7M4-Q2XD", ["K7M4-Q2XD"]),
        ("Misalnya 0812 3456 7890; salinan e-KTP", ["0812 3456 7890", "e-KTP"]),
        ("Datang 1 kali, 4 hari kerja; 3 Mayor", []),
    ],
)
def test_a_price_an_hour_a_date_and_a_code_are_never_broken_inside(text: str, kept: list[str]) -> None:
    held = str(formats.whole(text))
    assert re.findall(r'<span class="nowrap">(.*?)</span>', held) == kept
    assert re.sub("<[^>]+>", "", held) == text
