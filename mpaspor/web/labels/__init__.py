"""Words for people: every state and every refusal has its sentence here, one file a room, nowhere else."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from mpaspor.foundation.refusals import Refusal


@cache
def sentences() -> dict[type[Refusal], LazyString]:
    """Refusal → sentence, gathered from `SENTENCES` of every room's labels."""
    found: dict[type[Refusal], LazyString] = {}
    for module in pkgutil.iter_modules(__path__):
        room = importlib.import_module(f"{__name__}.{module.name}")
        found.update(getattr(room, "SENTENCES", {}))
    return found


def sentence(refusal: Refusal) -> str:
    """What to tell the person, with the facts filled in. A subclass may live on its parent's sentence."""
    for cls in type(refusal).__mro__:
        if issubclass(cls, Refusal) and cls in sentences():
            return str(sentences()[cls]) % {name: str(value) for name, value in refusal.facts.items()}
    return str(_l("Permintaan ini tidak dapat dijalankan. Muat ulang halaman, lalu coba lagi."))
