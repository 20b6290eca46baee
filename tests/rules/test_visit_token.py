"""The token in the visit QR code."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpaspor.applications import visit_token
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
    # base64 leaves four unused bits in its last sign: those are not part of the signature.
    if place == len(token) - 1:
        return
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
