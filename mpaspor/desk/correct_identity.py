"""A frozen fact was typed wrong: an officer corrects it against the identity card, with a reason."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from mpaspor.applications.choices import CivilStatus, Sex
from mpaspor.applications.eligibility import is_adult
from mpaspor.applications.form_pages import IDENTITY, PLACE_LENGTH
from mpaspor.applications.models import AnswerPage, Application
from mpaspor.desk import acting, ask_registries
from mpaspor.desk.refusals import NothingChanged, NotOldEnough
from mpaspor.desk.rules import CORRECTED_BY, CORRECTED_IN
from mpaspor.foundation import events
from mpaspor.foundation.database import db
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.offices.rules import local_date
from mpaspor.people.names import read_name


@dataclass(frozen=True)
class Identity:
    """What the identity card says. The NIK is not among it: correcting that takes two officers."""

    full_name: str
    birth_place: str
    birth_on: date
    sex: Sex


@operation
def correct_identity(
    staff_id: uuid.UUID, code: str, card: Identity, *, reason: str, now: datetime
) -> list[str]:
    """Write what the card says; returns the names of the fields that changed.

    The history names the fields and the reason, not the values. Raises `NothingChanged`, `NotOldEnough`,
    `ReasonNeeded`, `NotYourStep`, `StateChanged`, `NotFound`.
    """
    officer = acting.officer(staff_id)
    actor = officer.acting_as(CORRECTED_BY)
    case = acting.take(officer, code, CORRECTED_IN)
    words = acting.required(reason)
    changed = _write(case, card, now)
    if not changed:
        raise NothingChanged()
    case.changed_at = now
    ask_registries.ask_anew(case.id, now=now)
    events.record(
        "corrected",
        actor=actor,
        now=now,
        application_id=case.id,
        office_id=case.office_id,
        reason=words,
        details={"fields": changed},
    )
    return changed


@in_operation
def _write(case: Application, card: Identity, now: datetime) -> list[str]:
    page = db.session.get(AnswerPage, (case.id, IDENTITY.name))
    answers = json.loads(page.answers) if page is not None else {}
    _refuse_a_child(case, card, str(answers.get("civil_status") or CivilStatus.SINGLE), now)
    name, place = read_name(card.full_name), one_line(card.birth_place, PLACE_LENGTH)
    changed = [
        field
        for field, old, new in (
            ("full_name", case.full_name, name),
            ("birth_place", answers.get("birth_place"), place),
            ("birth_on", case.birth_on, card.birth_on),
            ("sex", case.sex, card.sex),
        )
        if old != new
    ]
    case.full_name, case.birth_on, case.sex = name, card.birth_on, card.sex
    if "birth_place" in changed:
        text = json.dumps({**answers, "birth_place": place}, ensure_ascii=False, sort_keys=True)
        if page is None:
            db.session.add(AnswerPage(application_id=case.id, page=IDENTITY.name, answers=text, saved_at=now))
        else:
            page.answers, page.saved_at = text, now
    return changed


def _refuse_a_child(case: Application, card: Identity, civil_status: str, now: datetime) -> None:
    today = local_date(now, acting.office_of(case).time_zone)
    if not is_adult(card.birth_on, civil_status, today):
        raise NotOldEnough()
