"""Heads of the record kept outside the database, so that its newest days cannot be cut off unseen.

Every seal is written once to `anchors.jsonl` in the data folder of the machine whose worker sealed or first
saw it. Whoever owns the database can take events and their seals away; then a line here has no seal any more.
A copy of the file kept elsewhere shows whether this one was cut too; the same lines are sent by mail to whom
`MPASPOR_ANCHOR_MAIL` names, and what those mails hold, saved as they are, is such a copy.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mpaspor.config import settings
from mpaspor.foundation.models import EventSeal

Head = tuple[str | None, date]
_PIECE = 64 * 1024  # of the end of the file: some days of all offices


@dataclass(frozen=True)
class Anchor:
    """What a seal said when it was written down."""

    count: int
    digest: str


def own_file() -> Path:
    """Where this machine keeps its anchors."""
    return settings().data_dir / "anchors.jsonl"


def read(path: Path) -> dict[Head, Anchor]:
    """The anchors of a file; none if it is not there. The first line about a day is the one that counts.

    Other lines are passed by: in a saved mail there is text around the anchors.
    """
    return _anchors(path.read_text().splitlines()) if path.exists() else {}


def _anchors(lines: Iterable[str]) -> dict[Head, Anchor]:
    found: dict[Head, Anchor] = {}
    for line in lines:
        if line.startswith("{"):
            said = json.loads(line)
            head = (said["office"], date.fromisoformat(said["on"]))
            found.setdefault(head, Anchor(said["count"], said["digest"]))
    return found


def keep(seals_since: Callable[[date | None], Iterable[EventSeal]]) -> int:
    """Write down the seals that are not there yet, and see them on the disk; returns how many.

    They come in the order of days, and so does the file: only its end is read, and only what was sealed for
    its newest day or a later one is asked for.
    """
    path = own_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = _of_newest_day(path)
        newest = max((on for _office, on in known), default=None)
        fresh = [seal for seal in seals_since(newest) if head_of(seal.office_id, seal.on_date) not in known]
        for seal in fresh:
            file.write(line_of(seal) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def _of_newest_day(path: Path) -> dict[Head, Anchor]:
    """The anchors of the last day of the file, and of days before it that are read along."""
    size, piece = path.stat().st_size, _PIECE
    while True:
        with path.open("rb") as file:
            file.seek(max(0, size - piece))
            lines = file.read().decode().splitlines()
        is_whole = piece >= size
        found = _anchors(lines if is_whole else lines[1:])  # else the first may be the end of a line
        if is_whole or len({on for _office, on in found}) > 1:
            return found
        piece *= 8


def line_of(seal: EventSeal) -> str:
    """What is written down of a seal."""
    office = str(seal.office_id) if seal.office_id else None
    line = {"office": office, "on": str(seal.on_date), "count": seal.event_count}
    return json.dumps({**line, "digest": seal.digest.hex()})


def head_of(office_id: uuid.UUID | None, on: date) -> Head:
    """By what a seal is found in a file."""
    return (str(office_id) if office_id else None, on)


def contradictions(anchors: Mapping[Head, Anchor], seals: Iterable[EventSeal]) -> list[str]:
    """Anchored days whose seal is gone or says something else, named by day and office."""
    kept = {
        head_of(seal.office_id, seal.on_date): Anchor(seal.event_count, seal.digest.hex()) for seal in seals
    }
    return [
        f"{on} office {office}: {'its seal is gone' if (office, on) not in kept else 'its seal was replaced'}"
        f", {anchor.count} events were anchored"
        for (office, on), anchor in anchors.items()
        if kept.get((office, on)) != anchor
    ]
