"""Text of people on its way into mails and letters."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mpaspor.foundation.plain_text import one_line


@given(st.text())
def test_nothing_unseen_and_no_line_end_survives(text: str) -> None:
    line = one_line(text)
    assert not any(unicodedata.category(sign).startswith(("C", "Zl", "Zp")) for sign in line)
    assert len(line) <= 300
    assert one_line(line) == line


def test_direction_marks_and_line_ends_go_words_stay() -> None:
    assert one_line("Siti\u202e gnp.exe\r\nBcc: x@y.example") == "Siti gnp.exe Bcc: x@y.example"
    assert one_line("Ni Luh Ayu Ķüpfer-Ñandú") == "Ni Luh Ayu Ķüpfer-Ñandú"
