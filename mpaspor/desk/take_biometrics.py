"""The photo at the counter; the promise of so many working days counts from here."""

from __future__ import annotations

import uuid
from datetime import datetime
from functools import partial
from hashlib import sha256

from mpaspor.applications import images
from mpaspor.applications.picture_turns import COUNTER
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, photo_rules
from mpaspor.desk.models import Biometrics
from mpaspor.desk.refusals import BlankPhoto
from mpaspor.foundation import files
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import afterwards, operation


def take_biometrics(
    staff_id: uuid.UUID, code: str, *, data: bytes, key: OneTimeKey | None = None, now: datetime
) -> None:
    """Check, re-encode and store the photo, then record it.

    The file comes first, its row after it; a file that gets no row is deleted. What is only advised about it
    stays beside it. Raises `BlankPhoto` (nothing can be seen), any other `ImageRefusal`, `Busy`, `TooFast`,
    `PapersUndecided`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    picture = images.renew(data, owner=str(staff_id), room=COUNTER)
    if photo_rules.is_blank(picture.spread):
        raise BlankPhoto(picture.thumb)
    advice = [str(one) for one in photo_rules.advice(picture.width, picture.height, picture.hint)]
    file_key = files.store().put(picture.data)
    digest = sha256(picture.data).digest()
    try:
        kept = _record.once(key, staff_id, code, file_key=file_key, digest=digest, advice=advice, now=now)
    except BaseException:
        files.store().delete(file_key)
        raise
    if kept != file_key:  # the twin of a double tap: the first one's photo is the one in use
        files.store().delete(file_key)


@operation
def _record(
    staff_id: uuid.UUID, code: str, *, file_key: str, digest: bytes, advice: list[str], now: datetime
) -> str:
    officer = acting.officer(staff_id)
    actor = officer.moving(CaseState.DOCUMENTS_CHECKED, CaseState.BIOMETRICS_TAKEN)
    case = acting.take(officer, code, {CaseState.DOCUMENTS_CHECKED})
    acting.require_paid(case)
    acting.require_papers(case)
    photo = db.session.get(Biometrics, case.id)
    if photo is None:
        photo = Biometrics(application_id=case.id)
        db.session.add(photo)
    else:
        afterwards(partial(files.store().delete, photo.file_key))
    photo.file_key, photo.sha256, photo.advice = file_key, digest, advice
    photo.taken_by, photo.taken_at = staff_id, now
    acting.move(case, CaseState.BIOMETRICS_TAKEN, actor=actor, now=now, biometrics_at=now)
    return file_key
