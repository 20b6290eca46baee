"""What the questionnaire says of the passport to be replaced, read for the papers that are asked."""

from __future__ import annotations

import json
import uuid

from sqlalchemy import select

from mpaspor.applications.models import AnswerPage
from mpaspor.applications.papers import OldPassport
from mpaspor.foundation.database import db

PAGE = "old_passport"


def old_passport_of(application_id: uuid.UUID) -> OldPassport | None:
    """The old passport's facts, or None while that page is not answered."""
    saved = db.session.scalar(
        select(AnswerPage.answers).where(AnswerPage.application_id == application_id, AnswerPage.page == PAGE)
    )
    if saved is None:
        return None
    answers = json.loads(saved)
    return OldPassport(
        issued_in_indonesia=answers["issued_in_indonesia"] == "yes", issued_year=int(answers["issued_year"])
    )
