"""What to tell a person whose request was refused: the sentence of the refusal, with its facts filled in."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.offices.rules import HOME_ZONE
from mpaspor.web.formats import clock_words
from mpaspor.web.labels import answers, billing, booking, desk, foundation, papers, people, walk_ins

# Each room's file says what it refuses.
SENTENCES: dict[type[Refusal], LazyString] = {
    **foundation.SENTENCES,
    **people.SENTENCES,
    **answers.SENTENCES,
    **papers.SENTENCES,
    **booking.SENTENCES,
    **billing.SENTENCES,
    **desk.SENTENCES,
    **walk_ins.SENTENCES,
}


def sentence(refusal: Refusal) -> str:
    """What to tell the person, with the facts filled in. A subclass may live on its parent's sentence."""
    for cls in type(refusal).__mro__:
        if issubclass(cls, Refusal) and cls in SENTENCES:
            return str(SENTENCES[cls]) % _facts(refusal)
    return str(_l("Permintaan ini tidak dapat dijalankan. Muat ulang halaman, lalu coba lagi."))


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
