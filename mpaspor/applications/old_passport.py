"""What the questionnaire says of the passport to be replaced, read for the papers that are asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mpaspor.applications.papers import OldPassport


def old_passport_in(answers: Mapping[str, Any]) -> OldPassport | None:
    """The old passport's facts from the answers of its page; None while that is not answered in full."""
    where, year = answers.get("issued_in_indonesia"), answers.get("issued_year")
    if not where or not year:
        return None
    # Whoever answered before the question was there was told that these papers are enough.
    same = answers.get("same_data", "yes") == "yes"
    return OldPassport(issued_in_indonesia=where == "yes", issued_year=int(year), same_data=same)
