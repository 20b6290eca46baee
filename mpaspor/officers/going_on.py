"""After a step: whoever works through the queue by N goes on to the next person, who is called with it.

Whoever opened the case by hand stays with it. Where the form was sent in place, the case comes in place too,
with its own address: no page is loaded between two people.
"""

from __future__ import annotations

from typing import Any

from flask import session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from htmx_flask import make_response

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


def after_step(code: str) -> ResponseReturnValue:
    """What the officer sees who has made a step of this case: the next person, or the case as it is now."""
    following = _following()
    if following in (None, code):
        return opened(code, Answer(is_saved=True), tersimpan=1)
    return opened(following, Answer(finished=code), dari=code)


def opened(code: str, answer: Answer, **asked: Any) -> ResponseReturnValue:
    """The page of a case, in the place of the one whose form was sent; `asked` is its address's query."""
    if not wants_main():
        return go_to("officers.case", code=code, **asked)
    body, status, headers = case_page(code, answer)
    return make_response(body, status, headers, push_url=url_for("officers.case", code=code, **asked))


def _following() -> str | None:
    """The case that the officer has now: the same, while its turn goes on; None where nobody waits."""
    if not pages.goes_on():
        return None
    try:
        return call_next(current_user.staff_id, counter=pages.my_counter(), now=clock.now())
    except Refusal:  # the step is made, whatever keeps the next one from being called
        return None
