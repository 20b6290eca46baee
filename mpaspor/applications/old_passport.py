"""What the questionnaire says of the passport to be replaced, read for the papers that are asked."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from mpaspor.applications.form_pages import OLD_PASSPORT
from mpaspor.applications.models import AnswerPage
from mpaspor.applications.papers import OldPassport
from mpaspor.foundation.database import db


def old_passport_of(application_id: uuid.UUID) -> OldPassport | None:
    """The old passport's facts, or None while that page is not answered in full."""
    saved = db.session.scalar(
        select(AnswerPage.answers).where(
            AnswerPage.application_id == application_id, AnswerPage.page == OLD_PASSPORT.name
        )
    )
    return old_passport_in(json.loads(saved)) if saved is not None else None


def old_passport_in(answers: Mapping[str, Any]) -> OldPassport | None:
    """The same, from the answers of that page."""
    where, year = answers.get("issued_in_indonesia"), answers.get("issued_year")
    if not where or not year:
        return None
    # Whoever answered before the question was there was told that these papers are enough.
    same = answers.get("same_data", "yes") == "yes"
    return OldPassport(issued_in_indonesia=where == "yes", issued_year=int(year), same_data=same)
