"""A computer in the waiting room becomes the office's kiosk: an officer opens it, and is signed out there."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.desk.kiosk import open_kiosk
from mpaspor.desk.rules import AT_THE_DOOR
from mpaspor.foundation import clock
from mpaspor.officers import blueprint, pages
from mpaspor.people.sign_in import end_sign_ins
from mpaspor.web import kiosk, sessions
from mpaspor.web.access import open_to
from mpaspor.web.headers import leave_nothing
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key


@blueprint.get("/kios")
@open_to(*AT_THE_DOOR)
def ask_to_open_kiosk() -> str:
    """What becomes of this computer, before it does."""
    frame = pages.frame(pages.my_office(), clock.now(), "check_in")
    return render_template("officers/kiosk.html", **frame)


@blueprint.post("/kios")
@open_to(*AT_THE_DOOR)
def make_kiosk() -> ResponseReturnValue:
    """From now until the day is over this browser prints letters; nobody is signed in to the desk in it."""
    now, office = clock.now(), pages.my_office()
    until = datetime.fromisoformat(open_kiosk.once(one_time_key(), current_user.staff_id, now=now))
    end_sign_ins.sign_out(current_user.sign_in_id, now=now)
    sessions.end_sign_in()
    answer = go_to("public.show_kiosk", slug=office.code)
    kiosk.make_kiosk(answer, office.code, until=until, now=now)
    return leave_nothing(answer)
