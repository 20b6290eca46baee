"""The token in the visit QR code."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.applications import visit_token
from mpaspor.applications.scanned_text import looks_like_token, readings
from mpaspor.applications.visit_token import BadVisitToken, Visit
from mpaspor.foundation.columns import ALPHABET

KEY = bytes(range(32))
PUBLIC = visit_token.public_key(KEY)
VISIT = Visit("K7M4Q2XD", "palembang", datetime(2026, 12, 8, 4, 0, tzinfo=UTC))

codes = st.text(alphabet=ALPHABET, min_size=8, max_size=8)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2099, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(codes, moments)
def test_what_was_signed_is_read_back(code: str, starts_at: datetime) -> None:
    visit = Visit(code, "tanjung-balai-karimun", starts_at)
    assert visit_token.verify(visit_token.sign(visit, KEY), PUBLIC) == visit


@given(st.data())
def test_no_single_changed_sign_passes(data: st.DataObject) -> None:
    token = visit_token.sign(VISIT, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters(codec="ascii").filter(lambda other: other != token[place]))
    changed = token[:place] + sign + token[place + 1 :]
    with pytest.raises(BadVisitToken):
        visit_token.verify(changed, PUBLIC)


def test_another_office_key_is_refused() -> None:
    with pytest.raises(BadVisitToken):
        visit_token.verify(visit_token.sign(VISIT, bytes(range(1, 33))), PUBLIC)


@given(st.text())
def test_any_text_is_refused_quietly(text: str) -> None:
    with pytest.raises(BadVisitToken):
        visit_token.verify(text, PUBLIC)


def test_codes_with_separators_cannot_be_signed() -> None:
    with pytest.raises(ValueError, match="cannot be part"):
        visit_token.sign(Visit("K7M4Q2XD", "palem.bang", VISIT.starts_at), KEY)


EARLIER = "MP1.K7M4Q2XD.palembang.202612080400"


def earlier_token() -> str:
    """A token as it was printed on letters before: mixed case, with dashes and underscores."""
    signature = Ed25519PrivateKey.from_private_bytes(KEY).sign(b"mpaspor visit\x00" + EARLIER.encode())
    return f"{EARLIER}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_letters_that_were_printed_earlier_are_still_read() -> None:
    assert visit_token.verify(earlier_token(), PUBLIC) == VISIT


def test_the_code_holds_capitals_and_digits_alone_so_that_its_squares_are_large() -> None:
    token = visit_token.sign(VISIT, KEY)
    assert re.fullmatch(r"[0-9A-HJ-NP-X]+", token[3:]) and token.startswith("MP2")
    assert segno.make(token, error="m").mode == "alphanumeric"
    assert segno.make(token, error="m").version < segno.make(earlier_token(), error="m").version


GERMAN = str.maketrans("yzYZ-_", "zyZYß?")
AMERICAN = str.maketrans("yzYZ-_", "zyZY/?")
AS_TYPED: dict[str, Callable[[str], str]] = {
    "plain": lambda token: token,
    "caps_lock": str.swapcase,
    "symbology": lambda token: f"]Q1{token}",
    "symbology_on_german": lambda token: f"+Q1{token}".translate(GERMAN),
    "stx_etx": lambda token: f"\x02{token}\x03",
    "tab": lambda token: f"{token}\t",
    "carriage_return": lambda token: f"{token}\r\n",
    "asterisks": lambda token: f"*{token}*",
    "blanks": lambda token: f" {token[:20]} {token[20:]} ",
    "german_layout": lambda token: token.translate(GERMAN),
    "american_layout": lambda token: token.translate(AMERICAN),
    "german_and_caps_lock": lambda token: token.swapcase().translate(GERMAN),
    "unseen_signs": lambda token: f"\ufeff{token}\u200b",
}


@pytest.mark.parametrize("typed", AS_TYPED.values(), ids=AS_TYPED)
@pytest.mark.parametrize("token", [visit_token.sign(VISIT, KEY), earlier_token()], ids=["now", "earlier"])
def test_whatever_the_keyboard_made_of_it_the_visit_is_read(token: str, typed: Callable[[str], str]) -> None:
    assert read(typed(token)) == VISIT


@pytest.mark.parametrize("typed", [str.lower, str.upper], ids=["lower", "upper"])
def test_a_code_in_one_case_is_read_too(typed: Callable[[str], str]) -> None:
    assert read(typed(visit_token.sign(VISIT, KEY))) == VISIT


def test_an_earlier_code_in_one_case_is_told_from_a_typed_one_although_it_is_lost() -> None:
    assert looks_like_token(earlier_token().upper()) and read(earlier_token().upper()) is None
    assert not looks_like_token("k7m4-q2xd")


def read(text: str) -> Visit | None:
    for reading in readings(text):
        with suppress(BadVisitToken):
            return visit_token.verify(reading, PUBLIC)
    return None
