"""The pickup counter: scan the person, scan the booklet, give the passport to whoever may take it."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.images import ImageRefusal
from mpaspor.applications.rules import CaseState
from mpaspor.desk import queries
from mpaspor.desk.check_in import code_of
from mpaspor.desk.hand_over import Scanned, hand_over
from mpaspor.desk.queries import WholeCase
from mpaspor.desk.refusals import NoSuchCode, OwnCase, WrongBooklet, WrongPerson
from mpaspor.desk.rules import WHO
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound, Refusal
from mpaspor.officers import blueprint, going_on, pages
from mpaspor.officers.case_routes import Answer, case_page, form_named
from mpaspor.officers.pickup_forms import HandoverForm, PickupForm
from mpaspor.web.access import open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.applications import OFFICER_STATES
from mpaspor.web.labels.refusals import sentence

S = CaseState
AT_PICKUP = WHO[S.READY, S.COLLECTED]


@blueprint.get("/ambil")
@open_to(*AT_PICKUP)
def show_pickup() -> ResponseReturnValue:
    """One field for the person's code."""
    return _page(PickupForm(formdata=None), clock.now())


@blueprint.post("/ambil")
@open_to(*AT_PICKUP)
def find_pickup() -> ResponseReturnValue:
    """A passport that is ready opens, with the person already scanned; any other is said where it is."""
    now, form = clock.now(), PickupForm()
    if not form.validate_on_submit():
        return _page(form, now, status=422)
    try:
        code = code_of(form.scan.data or "", pages.my_office().code)
        case = queries.whole_case(current_user.office_id, code, reader=current_user.staff_id)
    except OwnCase:
        raise
    except NotFound:
        form.scan.errors = [sentence(NoSuchCode())]
        return _page(form, now, status=404)
    except Refusal as refusal:
        form.scan.errors = [sentence(refusal)]
        return _page(form, now, status=refusal.status)
    if case.state is S.READY:
        return go_to("officers.case", code=code, pindai=code)
    return _page(PickupForm(formdata=None), now, status=409, found=case)


def _page(
    form: PickupForm, now: datetime, *, status: int = 200, found: WholeCase | None = None
) -> ResponseReturnValue:
    frame = pages.frame(pages.my_office(), now, "pickup")
    body = render_template("officers/pickup.html", form=form, found=found, states=OFFICER_STATES, **frame)
    return body, status


@blueprint.post("/kasus/<code:code>/serahkan")
@open_to(*AT_PICKUP)
def give_passport(code: str) -> ResponseReturnValue:
    """Hand it over, or say at which field what does not fit."""
    form: HandoverForm = form_named("handover")
    if not form.validate_on_submit():
        return case_page(code, Answer(422, "handover", form))
    try:
        hand_over(
            current_user.staff_id,
            code,
            Scanned(_person(form), form.booklet.data or ""),
            form.collector,
            letter=form.letter.content,
            key=one_time_key(),
            now=clock.now(),
        )
    except NotFound:
        raise
    except (WrongPerson, WrongBooklet, ImageRefusal) as refusal:
        field = {WrongPerson: form.person, WrongBooklet: form.booklet}.get(type(refusal), form.letter)
        field.errors = [sentence(refusal)]
        return case_page(code, Answer(refusal.status, "handover", form))
    except Refusal as refusal:
        return case_page(code, Answer(refusal.status, "handover", form, refusal))
    return going_on.after_step(code)


def _person(form: HandoverForm) -> str:
    """The code that was scanned; what is none of ours is nobody's here."""
    try:
        return code_of(form.person.data or "", pages.my_office().code)
    except Refusal as refusal:
        raise WrongPerson() from refusal
