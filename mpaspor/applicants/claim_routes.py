"""Whoever was registered at the door takes the case over: the slip's code, and what only they know."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import Field, StringField, ValidationError

from mpaspor.applicants import blueprint
from mpaspor.applications.claim_walk_in import claim_walk_in
from mpaspor.applications.refusals import NotClaimed
from mpaspor.applications.rules import CODE_LENGTH
from mpaspor.applications.walk_in_rules import NIK_DIGITS
from mpaspor.foundation import clock, limits
from mpaspor.foundation.columns import read_code
from mpaspor.foundation.limits import Limit
from mpaspor.web.access import Audience, open_to
from mpaspor.web.asked import asked
from mpaspor.web.fields import BirthDate, JoinedField
from mpaspor.web.forms import BaseForm, Needed
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.refusals import sentence

# For each account and for each address, whatever the case: wrong answers are counted there too.
_LIMITS = (Limit("claim.hour", 10, 3600), Limit("claim.day", 30, 86_400))


class ClaimForm(BaseForm):
    code = StringField(
        _l("Kode permohonan di kertas dari kantor"),
        [Needed(_l("Isi kode permohonan, 8 karakter"))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    birth_on = BirthDate(_l("Tanggal lahir pemohon"), [Needed(_l("Isi tanggal lahir"))])
    nik_end = JoinedField(
        _l("4 angka terakhir NIK pemohon"),
        [Needed(_l("Isi 4 angka terakhir NIK"))],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def validate_code(self, field: Field) -> None:
        if len(read_code(field.data)) != CODE_LENGTH:
            raise ValidationError(str(_l("Kode permohonan terdiri dari 8 karakter, misalnya K7M2-9QPX")))

    def validate_nik_end(self, field: Field) -> None:
        text = field.data
        if not (text.isascii() and text.isdigit() and len(text) == NIK_DIGITS):
            raise ValidationError(str(_l("Isi tepat 4 angka, yang paling akhir di NIK")))


@blueprint.get("/klaim")
@open_to(Audience.APPLICANT)
def show_claim() -> ResponseReturnValue:
    """The question; the code may stand in the address, for that is what the slip's QR says."""
    return _page(ClaimForm(formdata=None, code=asked("kode", 20)))


@blueprint.post("/klaim")
@open_to(Audience.APPLICANT)
def claim() -> ResponseReturnValue:
    """Take the case over, or say that this does not lead to one: always in the same words."""
    form, now = ClaimForm(), clock.now()
    if not form.validate_on_submit():
        return _page(form, 422)
    for whoever in (str(current_user.account_id), request.remote_addr or "?"):
        limits.require_all(whoever, _LIMITS, now=now)
    try:
        code = claim_walk_in.once(
            one_time_key(),
            current_user.account_id,
            read_code(form.code.data),
            form.birth_on.data,
            form.nik_end.data,
            now=now,
        )
    except NotClaimed as refusal:
        form.form_errors.append(sentence(refusal))
        return _page(form, refusal.status)
    return go_to("applicants.show_case", code=code)


def _page(form: ClaimForm, status: int = 200) -> tuple[str, int]:
    return render_template("applicants/claim.html", form=form), status
