"""Words for people: every state and every refusal has its sentence here, one file a room, nowhere else."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime, timedelta
from functools import cache

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.web.formats import clock_words

HOME_ZONE = "Asia/Jakarta"  # for those who have chosen no office yet; the words name it


@cache
def sentences() -> dict[type[Refusal], LazyString]:
    """Refusal → sentence, gathered from `SENTENCES` of every room's labels."""
    found: dict[type[Refusal], LazyString] = {}
    for module in pkgutil.iter_modules(__path__):
        room = importlib.import_module(f"{__name__}.{module.name}")
        found.update(getattr(room, "SENTENCES", {}))
    return found


def _facts(refusal: Refusal) -> dict[str, str]:
    """The facts as words; moments, and for a limit the end of its wait, as a time on the clock."""
    now = clock.now()
    facts = dict(refusal.facts)
    if isinstance(refusal, TooFast):
        facts["clock"] = now + timedelta(seconds=refusal.retry_after)
    return {
        name: clock_words(value, now, HOME_ZONE) if isinstance(value, datetime) else str(value)
        for name, value in facts.items()
    }


def sentence(refusal: Refusal) -> str:
    """What to tell the person, with the facts filled in. A subclass may live on its parent's sentence."""
    for cls in type(refusal).__mro__:
        if issubclass(cls, Refusal) and cls in sentences():
            return str(sentences()[cls]) % _facts(refusal)
    return str(_l("Permintaan ini tidak dapat dijalankan. Muat ulang halaman, lalu coba lagi."))
