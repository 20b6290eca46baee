"""What a box of a search form says: such a form is sent by its address, and no `BaseForm` reads it."""

from __future__ import annotations

from flask import request

from mpaspor.web.forms import tidy

# Characters in the address for each that is seen: what draws nothing must not cut the rest.
_SEEN_AND_UNSEEN = 8


def asked(name: str, most: int) -> str:
    """The box's text, tidied like that of every other form, and no longer than `most` characters."""
    return str(tidy(request.args.get(name, "")[: most * _SEEN_AND_UNSEEN]))[:most].strip()
