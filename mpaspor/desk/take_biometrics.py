"""The photo at the counter; the promise of so many working days counts from here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from mpaspor.applications import images
from mpaspor.applications.picture_turns import COUNTER
from mpaspor.applications.rules import CaseState
from mpaspor.desk import acting, photo_rules
from mpaspor.desk.devices import DeviceDidNotAnswer, connected
from mpaspor.desk.models import Biometrics
from mpaspor.desk.refusals import BlankPhoto, DeviceSilent
from mpaspor.desk.rules import REASON_LENGTH, Capture
from mpaspor.foundation import files
from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import afterwards, operation
from mpaspor.foundation.plain_text import one_line


@dataclass(frozen=True)
class Hand:
    """What prints and signature came to: taken, unless a reason says why they cannot be."""

    no_fingers: str | None = None
    no_signature: str | None = None


def take_biometrics(
    staff_id: uuid.UUID,
    code: str,
    *,
    data: bytes,
    hand: Hand | None = None,
    key: OneTimeKey | None = None,
    now: datetime,
) -> None:
    """Check, re-encode and store the photo, then record it.

    The file comes first, its row after it; a file that gets no row is deleted. What is only advised about it
    stays beside it. Raises `BlankPhoto` (nothing can be seen), any other `ImageRefusal`, `DeviceSilent`,
    `Busy`, `TooFast`, `PapersUndecided`, `NotYourStep`, `Unpaid`, `StateChanged`, `NotFound`.
    """
    picture = images.renew(data, owner=str(staff_id), room=COUNTER)
    if photo_rules.is_blank(picture.spread):
        raise BlankPhoto(picture.thumb)
    advice = [str(one) for one in photo_rules.advice(picture.width, picture.height, picture.hint)]
    kept_by_devices = _ask_devices(code, hand or Hand())
    file_key = files.store().put(picture.data)
    digest = sha256(picture.data).digest()
    try:
        kept = _record.once(
            key,
            staff_id,
            code,
            file_key=file_key,
            digest=digest,
            advice=advice,
            hand=kept_by_devices,
            now=now,
        )
    except BaseException:
        files.store().delete(file_key)
        raise
    if kept != file_key:  # the twin of a double tap: the first one's photo is the one in use
        files.store().delete(file_key)


def _ask_devices(code: str, hand: Hand) -> dict[str, str | None]:
    """The columns for prints and signature: the device's number, or the reason. Raises `DeviceSilent`."""
    found: dict[str, str | None] = {}
    devices = connected()
    for what, reason, ask in (
        ("fingers", hand.no_fingers, devices.fingerprints if devices else None),
        ("signature", hand.no_signature, devices.signature if devices else None),
    ):
        words = one_line(reason or "", REASON_LENGTH)
        found[what] = Capture.IMPOSSIBLE if words else Capture.TAKEN
        found[f"{what}_reason"] = words or None
        try:
            found[f"{what}_number"] = ask(code) if ask is not None and not words else None
        except DeviceDidNotAnswer as error:
            raise DeviceSilent() from error
    return found


@operation
def _record(
    staff_id: uuid.UUID,
    code: str,
    *,
    file_key: str,
    digest: bytes,
    advice: list[str],
    hand: dict[str, str | None],
    now: datetime,
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
    for column, value in hand.items():
        setattr(photo, column, value)
    photo.taken_by, photo.taken_at = staff_id, now
    acting.move(case, CaseState.BIOMETRICS_TAKEN, actor=actor, now=now, biometrics_at=now)
    return file_key
