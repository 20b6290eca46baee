"""After a step: whoever works through the queue by N goes on to the next person, who is called with it.

Whoever opened the case by hand stays with it.
"""

from __future__ import annotations

from flask import session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.desk.call_next import call_next
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import pages
from mpaspor.officers.case_routes import Answer, case_page
from mpaspor.web.htmx import go_to, wants_main


def begin() -> None:
    """From now on each step that ends a turn calls the next one."""
    session[pages.GOES_ON] = True


def pause() -> None:
    """What lies open is finished first; nobody is called after it."""
    session.pop(pages.GOES_ON, None)


def after_step(code: str, *, stays: bool = False) -> ResponseReturnValue:
    """Where the officer goes who has just made a step of this case; with `stays` the next part of it comes in
    place, where the form was sent so."""
    following = _following()
    if following not in (None, code):
        return go_to("officers.case", code=following, dari=code)
    if stays and wants_main():
        return case_page(code, Answer(is_saved=True))
    return go_to("officers.case", code=code, tersimpan=1)


def _following() -> str | None:
    """The case that the officer has now: the same, while its turn goes on; None where nobody waits."""
    if not pages.goes_on():
        return None
    try:
        return call_next(current_user.staff_id, counter=pages.my_counter(), now=clock.now())
    except Refusal:  # the step is made, whatever keeps the next one from being called
        return None
