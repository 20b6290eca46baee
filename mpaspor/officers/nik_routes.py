"""The NIK, corrected by two: propose, read again, or decline."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.desk import correct_nik
from mpaspor.desk.refusals import NikReadDiffers, NotANik
from mpaspor.desk.rules import CORRECTED_BY
from mpaspor.foundation import clock
from mpaspor.officers import blueprint
from mpaspor.officers.case_routes import Answer, case_page, form_named
from mpaspor.officers.case_step_routes import run_with_form
from mpaspor.web.access import open_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence


@blueprint.post("/kasus/<code:code>/nik")
@open_to(*CORRECTED_BY)
def propose_nik(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        correct_nik.propose_nik.once(
            one_time_key(),
            current_user.staff_id,
            code,
            nik=form.nik.data,
            reason=form.reason.data,
            now=clock.now(),
        )

    return _at_the_number(code, "nik", act)


@blueprint.post("/kasus/<code:code>/nik/pastikan")
@open_to(*CORRECTED_BY)
def confirm_nik(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        correct_nik.confirm_nik.once(
            one_time_key(), current_user.staff_id, code, nik=form.nik.data, now=clock.now()
        )

    return _at_the_number(code, "nikagain", act)


@blueprint.post("/kasus/<code:code>/nik/tolak")
@open_to(*CORRECTED_BY)
def decline_nik(code: str) -> ResponseReturnValue:
    def act(form: Any) -> None:
        correct_nik.decline_nik.once(
            one_time_key(), current_user.staff_id, code, reason=form.reason.data, now=clock.now()
        )

    return run_with_form(code, "nikno", act)


def _at_the_number(code: str, name: str, act: Any) -> ResponseReturnValue:
    """What is wrong with the number is said where it was typed."""
    try:
        return run_with_form(code, name, act, at_fields=(NotANik, NikReadDiffers))
    except (NotANik, NikReadDiffers) as refusal:
        form = form_named(name)
        form.nik.errors = [sentence(refusal)]
        return case_page(code, Answer(refusal.status, name, form))
