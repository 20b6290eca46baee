"""Pictures from people: only JPEG and PNG, decoded in a bounded process, always written anew.

The bytes decide, never the name: phones and copies call a good photo `foto`, `Scan 12.05.2024` or
`IMG_1.jpg~2`. What comes back holds what can be seen and nothing else: no place, no camera, no trailing
script.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mpaspor.applications.picture_turns import APPLICANTS, PicturesBusy, Room
from mpaspor.foundation.refusals import Refusal

MAX_BYTES = 8 * 1024 * 1024
_TIMEOUT = 30  # seconds; the child's own limit is 12 of CPU, and everything else goes before it
_CHILD = Path(__file__).with_name("image_child.py")

_MAGIC = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class ImageRefusal(Refusal):
    """The file was not taken; nothing of it was kept."""

    status = 422


class NotAnImage(ImageRefusal):
    """Neither JPEG nor PNG."""


class PdfNotTaken(NotAnImage):
    """A PDF: it may carry scripts and files, so a photo is asked for instead."""


class HeicNotTaken(NotAnImage):
    """The iPhone's own format, which most desks cannot show."""


class NothingChosen(ImageRefusal):
    """No file came with the form, or an empty one."""


class TooLarge(ImageRefusal):
    """More bytes than allowed. Facts: limit_mb."""

    status = 413


class TooManyPixels(ImageRefusal):
    """More pixels than allowed. Facts: limit (megapixels)."""


class TooSmall(ImageRefusal):
    """So few pixels that nobody could read it. Facts: width, height, limit (longest side)."""


class Unreadable(ImageRefusal):
    """Broken or cut off: it looks like a picture, but cannot be decoded."""


@dataclass(frozen=True)
class Picture:
    """A picture written anew, with its thumbnail, both JPEG."""

    data: bytes
    thumb: bytes
    width: int
    height: int
    hint: str | None
    spread: float = 127.0


_REFUSALS: dict[str, type[ImageRefusal]] = {
    refusal.__name__: refusal for refusal in (TooManyPixels, TooSmall, Unreadable)
}


def renew(data: bytes, *, owner: str, room: Room = APPLICANTS) -> Picture:
    """Check and re-encode a picture that `owner` sent.

    Raises a subclass of `ImageRefusal`, or `PicturesBusy` or `OwnPicturesFirst` when it got no turn.
    """
    expected = _format_of(data)
    with room.turn(owner):
        answer = _ask_child(data, expected)
    return _read(answer)


def _format_of(data: bytes) -> str:
    if not data:
        raise NothingChosen()
    if len(data) > MAX_BYTES:
        raise TooLarge(limit_mb=MAX_BYTES // 1024 // 1024)
    found = next((kind for kind, magic in _MAGIC.items() if data.startswith(magic)), None)
    if found is None:
        raise _what_else(data)
    return found


def _what_else(data: bytes) -> ImageRefusal:
    if b"%PDF-" in data[:1024]:
        return PdfNotTaken()
    # AVIF stands in the same box and may name `mif1` first; no iPhone makes it.
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:40]:
        return HeicNotTaken()
    return NotAnImage()


def _ask_child(data: bytes, expected: str) -> bytes:
    # -I: neither the environment nor the working folder decides which code the child runs.
    command = [sys.executable, "-I", str(_CHILD), expected]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_TIMEOUT, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise PicturesBusy() from exc  # it was never judged: what takes too much CPU ends by its own limit
    if done.returncode != 0:
        raise Unreadable()
    return done.stdout


def _read(answer: bytes) -> Picture:
    line, _, rest = answer.partition(b"\n")
    facts = json.loads(line)
    if "refused" in facts:
        refusal = _REFUSALS[facts.pop("refused")]
        raise refusal(**facts)
    size = facts["picture"]
    return Picture(
        data=rest[:size],
        thumb=rest[size:],
        width=facts["width"],
        height=facts["height"],
        hint=facts["hint"],
        spread=facts["spread"],
    )
