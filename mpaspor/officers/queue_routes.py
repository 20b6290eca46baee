"""Calling people: the next one, the same again, aside, on to a colleague. The counter is the browser's."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.desk import call_next as calling
from mpaspor.desk import hand_on_turn as handing
from mpaspor.desk import queries
from mpaspor.desk.queue_rules import COUNTERS, HELD, Lane
from mpaspor.desk.refusals import NoCounter
from mpaspor.desk.stages import HOME
from mpaspor.foundation import clock
from mpaspor.foundation.operations import Operation
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, going_on, pages
from mpaspor.officers.case_routes import Answer, case_page, code_before, form_named
from mpaspor.people.rules import Role
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to, page_or_part, wants_main
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.desk import STAGES

_PRIORITY = "prioritas"


@blueprint.post("/loket")
@open_to(*HOME)
def choose_counter() -> ResponseReturnValue:
    """Remember at which counter this browser stands; an empty choice forgets it."""
    chosen = request.form.get("loket", type=int)
    if chosen in COUNTERS:
        session[pages.COUNTER] = chosen
    else:
        session.pop(pages.COUNTER, None)
    return go_to("officers.board")


@blueprint.post("/berikutnya")
@open_to(*HOME)
def call_next() -> ResponseReturnValue:
    """Call the next one and open the case. Nobody waits: the page from which it was asked says so, the board
    or a case (`dari`)."""
    try:
        code = calling.call_next.once(
            one_time_key(), current_user.staff_id, counter=pages.my_counter(), now=clock.now()
        )
    except NoCounter:
        return go_to("officers.board", loket="pilih")
    before = code_before()
    if code is None:
        going_on.pause()
        if before is not None and wants_main():
            return case_page(before, Answer(nobody_waits=True))
        return go_to("officers.board", kosong=1)
    going_on.begin()
    # The board has figures above its main part, so another page takes its place.
    return go_to("officers.case", code=code) if before is None else going_on.opened(code, Answer())


@blueprint.post("/kasus/<code:code>/jeda")
@open_to(*HOME)
def pause(code: str) -> ResponseReturnValue:
    """Finish this case, and call nobody after it."""
    queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    going_on.pause()
    return go_to("officers.case", code=code)


@blueprint.post("/kasus/<code:code>/panggil")
@open_to(*HOME)
def call_this_one(code: str) -> ResponseReturnValue:
    """Call somebody out of order: parked, late, or picked from the board."""
    counter = pages.my_counter()
    return _do(code, lambda: _by_me(calling.call_this_one, code, counter=counter))


@blueprint.post("/kasus/<code:code>/panggil-lagi")
@open_to(*HOME)
def call_again(code: str) -> ResponseReturnValue:
    return _do(code, lambda: _by_me(calling.call_again, code))


@blueprint.post("/kasus/<code:code>/tunda")
@open_to(*HOME)
def park(code: str) -> ResponseReturnValue:
    return _do(code, lambda: _by_me(handing.park, code), to_board=True)


@blueprint.post("/kasus/<code:code>/lewati")
@open_to(*HOME)
def skip(code: str) -> ResponseReturnValue:
    return _do(code, lambda: _by_me(handing.skip, code), to_board=True)


@blueprint.get("/kasus/<code:code>/alihkan")
@open_to(*HOME)
def ask_whom_to_hand_on_to(code: str) -> ResponseReturnValue:
    """To whom: the station's queue, its priority lane, or a colleague who works there."""
    case = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    turn = case.turn
    if turn is None or turn.state not in HELD or turn.officer_id != current_user.staff_id:
        return go_to("officers.case", code=code)
    now = clock.now()
    found = handing.colleagues(case.office, turn.station, now=now)
    return page_or_part(
        "officers/hand_on.html",
        "officers/_hand_on.html",
        case=case,
        code=code,
        station=STAGES[turn.station],
        colleagues=[one for one in found if one.id != current_user.staff_id],
        may_prefer=case.presence is not None and case.presence.lane is Lane.BOOKED,
        priority=_PRIORITY,
        **pages.frame(case.office, now, "case"),
    )


@blueprint.post("/kasus/<code:code>/alihkan")
@open_to(*HOME)
def hand_on(code: str) -> ResponseReturnValue:
    chosen = request.form.get("ke", "")
    if chosen == _PRIORITY:
        return _do(code, lambda: _by_me(handing.hand_on_with_priority, code), to_board=True)
    try:
        to = uuid.UUID(chosen) if chosen else None
    except ValueError as error:
        raise NotFound() from error
    return _do(code, lambda: _by_me(handing.hand_on, code, to=to), to_board=True)


@blueprint.post("/kasus/<code:code>/ambil-alih")
@open_to(*HOME)
def take_over(code: str) -> ResponseReturnValue:
    seen, counter = request.form.get("dilihat"), pages.my_counter()
    return _do(code, lambda: _by_me(handing.take_over, code, seen=seen, counter=counter))


@blueprint.post("/kasus/<code:code>/darurat")
@open_to(Role.SUPERVISOR)
def put_first(code: str) -> ResponseReturnValue:
    form = form_named("emergency")
    if not form.validate_on_submit():
        return case_page(code, Answer(422, "emergency", form))
    return _do(code, lambda: _by_me(handing.put_first, code, reason=form.reason.data))


def _by_me(operation: Operation[..., Any], *args: Any, **facts: Any) -> None:
    operation.once(one_time_key(), current_user.staff_id, *args, now=clock.now(), **facts)


def _do(code: str, act: Callable[[], object], *, to_board: bool = False) -> ResponseReturnValue:
    """Run an operation on a turn; a refusal comes back on the page of the case."""
    try:
        act()
    except NoCounter:
        return go_to("officers.board", loket="pilih")
    except NotFound:
        raise
    except Refusal as refusal:
        return case_page(code, Answer(refusal.status, refusal=refusal))
    return go_to("officers.board") if to_board else go_to("officers.case", code=code)
