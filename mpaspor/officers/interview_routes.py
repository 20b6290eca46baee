"""The interview: notes that are kept while they are typed, and the advice at its end."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.rules import CaseState
from mpaspor.desk.keep_notes import keep_notes
from mpaspor.desk.record_interview import record_interview
from mpaspor.desk.rules import WHO
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.case_routes import form_named
from mpaspor.officers.case_step_routes import run_with_form
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to, wants_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence

S = CaseState
INTERVIEWERS = WHO[S.BIOMETRICS_TAKEN, S.INTERVIEWED]


@blueprint.post("/kasus/<code:code>/wawancara")
@open_to(*INTERVIEWERS)
def interview(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        record_interview.once(
            one_time_key(),
            current_user.staff_id,
            code,
            notes=form.notes.data,
            verdict=form.chosen,
            now=clock.now(),
        )

    return run_with_form(code, "interview", act)


@blueprint.post("/kasus/<code:code>/wawancara/catatan")
@open_to(*INTERVIEWERS)
def keep_interview_notes(code: str) -> ResponseReturnValue:
    """What the page sends by itself while somebody types; says when it was kept, or why it was not."""
    now, refusal = clock.now(), None
    try:
        keep_notes(current_user.staff_id, code, notes=form_named("interview").notes.data or "", now=now)
    except NotFound:
        raise
    except Refusal as refused:
        refusal = refused
    if not wants_part():
        return go_to("officers.case", code=code)
    words = sentence(refusal) if refusal is not None else None
    zone = pages.my_office().time_zone
    part = render_template("officers/_notes_kept.html", saved_at=now, refusal=words, zone=zone)
    return part, refusal.status if refusal is not None else 200
