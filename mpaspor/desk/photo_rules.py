"""What a photo from the counter must be, and what is only advised. Pure."""

from __future__ import annotations

from enum import StrEnum

# Standard deviation of its greys: below it there is no face, whatever the light (a covered lens has 0 to 2).
BLANK_BELOW = 6.0
# Pixels: a face that fills half of so many still has the 90 between its eyes that ICAO Doc 9303-9 asks for.
WIDE_ENOUGH, HIGH_ENOUGH = 480, 600


class PhotoAdvice(StrEnum):
    """Why taking it again is advised. The officer decides: light and skin differ, a measure knows neither."""

    DARK = "dark"
    BLURRY = "blurry"
    SMALL = "small"


def is_blank(spread: float) -> bool:
    """Whether nothing can be seen on it."""
    return spread < BLANK_BELOW


def advice(width: int, height: int, hint: str | None) -> list[PhotoAdvice]:
    """What is not as it should be; `hint` is what the decoder saw: `dark`, `blurry` or nothing."""
    found = [PhotoAdvice(hint)] if hint in (PhotoAdvice.DARK, PhotoAdvice.BLURRY) else []
    return [*found, PhotoAdvice.SMALL] if width < WIDE_ENOUGH or height < HIGH_ENOUGH else found
