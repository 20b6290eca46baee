"""The passport leaves the house: the right booklet, to its owner or to somebody who proves that they may."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from mpaspor.applications import images, nik
from mpaspor.applications.models import Application
from mpaspor.applications.picture_turns import COUNTER
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, mrz
from mpaspor.desk.check_quality import current_booklet
from mpaspor.desk.models import Handover
from mpaspor.desk.refusals import CollectorUnknown, TicksMissing, WrongBooklet, WrongPerson
from mpaspor.desk.rules import FOR_ANOTHER, SEEN_BEFORE_HANDOVER, Relation, Seen
from mpaspor.desk.tell import tell
from mpaspor.foundation import files, outbox
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.foundation.plain_text import one_line
from mpaspor.people.names import read_name

TRACKING_LENGTH = 30


@dataclass(frozen=True)
class Collector:
    """Who takes it, as the counter sees them: the owner needs no more than to be seen."""

    relation: Relation
    seen: Collection[Seen]
    name: str | None = None
    nik: str | None = None
    tracking: str | None = None


@dataclass(frozen=True)
class Scanned:
    """What was scanned at the counter: the person's code, and the booklet's number or its two lines."""

    person: str
    booklet: str


def hand_over(
    staff_id: uuid.UUID,
    code: str,
    scanned: Scanned,
    to: Collector,
    *,
    letter: bytes = b"",
    key: OneTimeKey | None = None,
    now: datetime,
) -> None:
    """Record who took the passport home. `letter` is a photo of the paper by which another may take it.

    The file comes first, its row after it; a file that gets no row is deleted. Raises `WrongPerson`,
    `WrongBooklet`, `TicksMissing`, `CollectorUnknown`, `ImageRefusal`, `Busy`, `TooFast`, `NotYourStep`,
    `Unpaid`, `StateChanged`, `NotFound`.
    """
    if to.relation not in FOR_ANOTHER:
        _record.once(key, staff_id, code, scanned, to, file_key=None, digest=None, now=now)
        return
    picture = images.renew(letter, owner=str(staff_id), room=COUNTER)
    file_key = files.store().put(picture.data)
    digest = sha256(picture.data).digest()
    try:
        kept = _record.once(key, staff_id, code, scanned, to, file_key=file_key, digest=digest, now=now)
    except BaseException:
        files.store().delete(file_key)
        raise
    if kept != file_key:  # the twin of a double tap
        files.store().delete(file_key)


@operation
def _record(
    staff_id: uuid.UUID,
    code: str,
    scanned: Scanned,
    to: Collector,
    *,
    file_key: str | None,
    digest: bytes | None,
    now: datetime,
) -> str | None:
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.READY, CaseState.COLLECTED)
    case = acting.take(officer, code, {CaseState.READY})
    acting.require_paid(case)
    _require_both(case, scanned)
    needed = SEEN_BEFORE_HANDOVER[to.relation]
    if not set(needed) <= set(to.seen):
        raise TicksMissing()
    handover = Handover(
        application_id=case.id,
        collected_by=_name(case, to),
        relation=to.relation,
        handed_by=staff_id,
        handed_at=now,
        checked=[str(seen) for seen in needed],
        collector_nik=_nik(to),
        letter_key=file_key,
        letter_sha256=digest,
        tracking=_tracking(to),
    )
    db.session.add(handover)
    acting.move(case, CaseState.COLLECTED, actor=actor, now=now)
    outbox.cancel("ready", case.id, now=now)  # who waited at the counter need not be sent for
    tell("collected", case, now=now)
    return file_key


@in_operation
def _require_both(case: Application, scanned: Scanned) -> None:
    """Person and booklet are of this case. Raises `WrongPerson`, `WrongBooklet`."""
    if scanned.person != case.code:
        raise WrongPerson()
    if mrz.number_in(scanned.booklet) != current_booklet(case).number:
        raise WrongBooklet()


def _name(case: Application, to: Collector) -> str:
    name = read_name((to.name if to.relation in FOR_ANOTHER else case.full_name) or "")
    if not name:
        raise CollectorUnknown()
    return name


def _nik(to: Collector) -> str | None:
    if to.relation not in FOR_ANOTHER:
        return None
    if not to.nik or nik.fault(to.nik) is not None:
        raise CollectorUnknown()
    return to.nik


def _tracking(to: Collector) -> str | None:
    if to.relation is not Relation.POST:
        return None
    number = one_line(to.tracking or "", TRACKING_LENGTH)
    if not number:
        raise CollectorUnknown()
    return number
