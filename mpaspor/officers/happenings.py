"""What happened to a case, as lines of its history: officers read who, when, and why."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from mpaspor.applications.rules import STEPS_BACK, CaseState, LetterKind
from mpaspor.booking.reseatings import HOUR_LOST
from mpaspor.booking.rules import ClosureCause
from mpaspor.desk.door_rules import Why
from mpaspor.desk.queries import Happening
from mpaspor.people.rules import Role
from mpaspor.web.formats import date_time
from mpaspor.web.labels.answers import FIELDS
from mpaspor.web.labels.applications import OFFICER_STATES
from mpaspor.web.labels.booking import CAUSES
from mpaspor.web.labels.correspondence import letter_name
from mpaspor.web.labels.desk import HAPPENINGS, PROPOSALS, reason_in_words
from mpaspor.web.labels.door import ASKED_WHY
from mpaspor.web.labels.papers import document_name
from mpaspor.web.labels.people import ROLES

S = CaseState


@dataclass(frozen=True)
class Line:
    """One line of the history, in words."""

    title: str
    who: str
    at: datetime
    reason: str | None
    closure: uuid.UUID | None = None  # which took an hour from the person


def in_words(happening: Happening, zone: str) -> Line | None:
    """One event as a line, hours by the clock of its office; None for what another line already says."""
    if happening.kind == "case" and happening.to_state:
        title = _step_title(happening)
    elif happening.kind == HOUR_LOST:
        return _lost_hour(happening, zone)
    elif happening.kind in HAPPENINGS:
        verdict, paper = happening.details.get("verdict"), happening.details.get("paper")
        title = str(HAPPENINGS[happening.kind]) % {
            "paper": document_name(paper) if paper else "",
            "verdict": PROPOSALS[CaseState(verdict)] if verdict else "",
            "letter": letter_name(LetterKind(letter)) if (letter := happening.details.get("letter")) else "",
            "why": ASKED_WHY[Why(why)] if (why := happening.details.get("why")) else "",
            "fields": ", ".join(str(FIELDS[f]) for f in happening.details.get("fields", ())).lower(),
        }
    else:
        return None
    return Line(title, _who(happening), happening.at, reason_in_words(happening.reason) or None)


def _lost_hour(happening: Happening, zone: str) -> Line:
    """The hour that the office, or its server, took away, and for which cause."""
    found = happening.details
    hour = date_time(datetime.fromisoformat(found["hour"]), zone)
    if "closure" not in found:
        title = _("Jam kunjungan %(hour)s hilang: server tidak berjalan hari itu", hour=hour)
        return Line(title, _who(happening), happening.at, None)
    cause = CAUSES[ClosureCause(found["cause"])]
    title = _("Jam kunjungan %(hour)s ditutup kantor: %(cause)s", hour=hour, cause=cause)
    return Line(title, _who(happening), happening.at, happening.reason or None, uuid.UUID(found["closure"]))


def _step_title(happening: Happening) -> str:
    """A step forward by its new state; a step back says that it is one."""
    old, new = CaseState(str(happening.from_state)), CaseState(str(happening.to_state))
    name = str(OFFICER_STATES[new])
    if (old, new) == (S.PRINTED, S.GRANTED) and happening.actor_role == Role.QUALITY:
        return _("Gagal uji, dicetak ulang")
    return _("Mundur satu langkah: %(state)s", state=name) if STEPS_BACK.get(old) is new else name


def _who(happening: Happening) -> str:
    if happening.actor_kind == "officer":
        role = str(ROLES[Role(happening.actor_role)]) if happening.actor_role else ""
        return _("%(name)s, %(role)s", name=happening.actor_name or _("petugas"), role=role)
    return {"applicant": _("pemohon"), "bank": _("bank")}.get(happening.actor_kind, _("sistem"))
