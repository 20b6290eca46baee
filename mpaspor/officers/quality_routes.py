"""The quality test: pass what was read and looked at, or say what is wrong and print again."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.applications.rules import CaseState
from mpaspor.desk import check_quality
from mpaspor.desk.refusals import MrzDiffers, TicksMissing
from mpaspor.desk.rules import WHO
from mpaspor.foundation import clock
from mpaspor.officers import blueprint
from mpaspor.officers.case_routes import Answer, case_page, form_named
from mpaspor.officers.case_step_routes import run_with_form
from mpaspor.web.access import open_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.desk import mrz_differs
from mpaspor.web.labels.refusals import sentence

S = CaseState


@blueprint.post("/kasus/<code:code>/uji/lulus")
@open_to(*WHO[S.PRINTED, S.READY])
def pass_quality(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        check_quality.pass_quality.once(
            one_time_key(),
            current_user.staff_id,
            code,
            read=form.read.data,
            ticks=form.ticked,
            seen=request.form.get("dilihat"),
            now=clock.now(),
        )

    try:
        return run_with_form(code, "quality", act, at_fields=(MrzDiffers, TicksMissing))
    except MrzDiffers as refusal:
        form = form_named("quality")
        form.read.errors = [mrz_differs(refusal.faults)]
    except TicksMissing as refusal:
        form = form_named("quality")
        form.ticks.errors = [sentence(refusal)]
    return case_page(code, Answer(422, "quality", form))


@blueprint.post("/kasus/<code:code>/uji/gagal")
@open_to(*WHO[S.PRINTED, S.GRANTED])
def fail_quality(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        check_quality.fail_quality.once(
            one_time_key(),
            current_user.staff_id,
            code,
            reason=form.reason,
            seen=request.form.get("dilihat"),
            now=clock.now(),
        )

    return run_with_form(code, "fail", act)
