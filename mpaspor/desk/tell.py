"""News of a decision leaves when it can no longer be taken back unseen; taken back later, it is corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

from mpaspor.applications.models import Application
from mpaspor.config import settings
from mpaspor.foundation import outbox
from mpaspor.foundation.operations import in_operation

TAKEN_BACK = "taken_back"
# A worker may be sending the first message at this moment: the correction comes after it.
_AFTER_THE_FIRST = timedelta(minutes=2)


@in_operation
def tell(kind: str, case: Application, *, now: datetime) -> None:
    """Queue news of the case; it leaves after the time in which the step may be taken back."""
    outbox.about_case(
        kind,
        case.id,
        dedupe_key=f"{kind}:{case.id}:{int(now.timestamp())}",
        now=now,
        available_at=now + timedelta(seconds=settings().undo_window),
    )


@in_operation
def take_word_back(kind: str, case: Application, *, now: datetime) -> None:
    """Stop news that has not left; where somebody may have read it, a correction follows."""
    if outbox.cancel(kind, case.id, now=now):
        return
    outbox.about_case(
        TAKEN_BACK,
        case.id,
        payload={"was": kind},
        dedupe_key=f"{TAKEN_BACK}:{kind}:{case.id}:{int(now.timestamp())}",
        now=now,
        available_at=now + _AFTER_THE_FIRST,
    )
