"""Decode one untrusted picture and write it anew. Runs as a process of its own, never imported by the app.

Reads the picture from stdin, its expected format from the one argument. Writes to stdout one line of
JSON (facts, or the name of a refusal), then the new picture, then its thumbnail. It knows nothing of the
product and holds no secret; what a broken decoder could do is bounded by the limits set first.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from typing import Any

MEGA = 1_000_000
MEMORY = 640 * MEGA  # a progressive 60 MP JPEG needs about 400 MB
CPU_SECONDS = 12
NICENESS = 15  # pages go first, whatever stands in line here

MAX_PIXELS = {"PNG": 25 * MEGA, "JPEG": 60 * MEGA}
LONG_SIDE = 2000
THUMB_SIDE = 320
MIN_LONG_SIDE = 400
QUALITY, THUMB_QUALITY = 82, 70

# Hints to take a better photo; an officer decides, so nothing is refused for them.
_PROBE_SIDE = 800
_BLUR_BELOW, _DARK_BELOW = 25.0, 45.0
_READABLE_SIDE = 500


class Refused(Exception):
    """The picture is not taken; the class of the refusal and its facts, for the parent."""

    def __init__(self, name: str, **facts: int) -> None:
        super().__init__(name)
        self.answer = {"refused": name, **facts}


def bound() -> None:
    """Limit memory and time, forbid files and core dumps, before anything of the picture is looked at."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def renew(data: bytes, expected: str) -> tuple[dict[str, Any], bytes, bytes]:
    """The facts, the new picture and its thumbnail. Raises `Refused`."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limits are stricter and come from the header
    image = Image.open(io.BytesIO(data), formats=[expected])
    given = image.size
    _check_size(given, expected)
    if expected == "JPEG":
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # the decoder averages whole blocks; no pixel is skipped
    image.load()
    plain = _turned(_scaled(_opaque(image), LONG_SIDE), _orientation(image)).convert("RGB")
    thumb = _scaled(plain, THUMB_SIDE)
    hint = _hint(plain) or ("tiny" if _is_too_much_reduced(given, plain.size, expected) else None)
    facts = {"width": plain.width, "height": plain.height, "hint": hint, "spread": _spread(plain)}
    return facts, _jpeg(plain, QUALITY), _jpeg(thumb, THUMB_QUALITY)


def _check_size(size: tuple[int, int], expected: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS[expected]:
        raise Refused("TooManyPixels", limit=MAX_PIXELS[expected] // MEGA)
    if max(size) < MIN_LONG_SIDE:
        raise Refused("TooSmall", width=width, height=height, limit=MIN_LONG_SIDE)


def _opaque(image: Any) -> Any:
    """A new grey or RGB picture with the same sight and nothing else: no EXIF, comment, profile or alpha.

    Before anything is scaled: from bits or a palette Pillow can only pick pixels, and digits change.
    """
    from PIL import Image

    if image.mode.startswith("I"):  # 16-bit grey
        image = _eight_bit(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
        return plain
    mode = "L" if image.mode in ("1", "L") else "RGB"
    plain = Image.new(mode, image.size)
    plain.paste(image if image.mode == mode else image.convert(mode))
    return plain


def _eight_bit(image: Any) -> Any:
    grey = image.point(lambda value: value * (1 / 256)).convert("L")
    clear = image.info.get("transparency")  # the one level of grey that is transparent
    grey.info = {} if clear is None else {"transparency": clear // 256}
    return grey


def _scaled(image: Any, side: int) -> Any:
    """The picture with its longest side at most `side`, every pixel of it weighed in."""
    from PIL import Image

    factor = side / max(image.size)
    if factor >= 1:
        return image
    size = tuple(max(1, round(length * factor)) for length in image.size)
    return image.resize(size, Image.Resampling.LANCZOS)


def _orientation(image: Any) -> int:
    """How the camera was held (EXIF); 1, upright, where that cannot be read."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # the picture is good, what somebody wrote beside it is not
        return 1


def _turned(image: Any, orientation: int) -> Any:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _is_too_much_reduced(given: tuple[int, int], kept: tuple[int, int], expected: str) -> bool:
    """Whether small print may have become unreadable: a strip of paper, or a scan at half its size or less.

    A photo may be reduced as much without loss: its own pixels are never that sharp.
    """
    if max(given) <= LONG_SIDE:
        return False
    return min(kept) < _READABLE_SIDE or (expected == "PNG" and max(given) > 2 * LONG_SIDE)


def _hint(image: Any) -> str | None:
    """`dark` or `blurry` if it looks so (variance of the Laplacian, mean brightness), else None."""
    from PIL import ImageFilter, ImageStat

    grey = _scaled(image.convert("L"), _PROBE_SIDE)
    if ImageStat.Stat(grey).mean[0] < _DARK_BELOW:
        return "dark"
    edges = grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the filter leaves the border as it was
    return "blurry" if ImageStat.Stat(inner).var[0] < _BLUR_BELOW else None


def _spread(image: Any) -> float:
    """How far its greys lie apart (standard deviation, 0 to 127): a covered lens shows next to nothing."""
    from PIL import ImageStat

    return float(ImageStat.Stat(_scaled(image.convert("L"), _PROBE_SIDE)).stddev[0])


def _jpeg(image: Any, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def main() -> None:
    """Answer the parent; every failure of the decoder is an answer, not a traceback with data in it."""
    bound()
    picture = thumb = b""
    try:
        facts, picture, thumb = renew(sys.stdin.buffer.read(), sys.argv[1])
        facts |= {"picture": len(picture), "thumb": len(thumb)}
    except Refused as refused:
        facts = refused.answer
    except MemoryError:
        facts = {"refused": "TooManyPixels", "limit": MAX_PIXELS[sys.argv[1]] // MEGA}
    except Exception:  # whatever a decoder raises about a broken file means the same to the person
        facts = {"refused": "Unreadable"}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + picture + thumb)


if __name__ == "__main__":
    main()
