"""The door registers people without an appointment: a short form, a slip to pay by, and the way in."""

from __future__ import annotations

from datetime import date, datetime

import segno
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from mpaspor.applications import nik as niks
from mpaspor.applications.queries import PricedKind, kinds_on_offer
from mpaspor.applications.refusals import KindNotOffered, NotANik, NotElectronic, NotGrownUp
from mpaspor.applications.rules import CaseState
from mpaspor.applications.walk_in_rules import PROOFS, Ground
from mpaspor.config import settings
from mpaspor.desk import walk_in_queries
from mpaspor.desk.refusals import NikHasCase, NoPlaceToday, NotInGroup
from mpaspor.desk.register_walk_in import register_walk_in
from mpaspor.desk.renew_claim import renew_claim
from mpaspor.desk.rules import ADMITTED_BY, REGISTERED_BY
from mpaspor.desk.seat_walk_in import seat_walk_in
from mpaspor.desk.walk_in_queries import LiveCase, Slip
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint, pages
from mpaspor.officers.walk_in_forms import WalkInForm
from mpaspor.offices import queries as offices
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from mpaspor.web.access import open_to
from mpaspor.web.formats import rupiah
from mpaspor.web.htmx import go_to, wants_part
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.answers import SEXES, nik_doubt
from mpaspor.web.labels.applications import passport_name
from mpaspor.web.labels.refusals import sentence
from mpaspor.web.labels.walk_ins import BEFORE, ground_in_words
from mpaspor.web.labels.walk_ins import PROOFS as PROOF_WORDS

# The field that a refusal is about; any other stands above the form.
_FIELD_OF = {
    NotANik: "nik",
    NotInGroup: "ground",
    NotGrownUp: "birth_on",
    NotElectronic: "kind",
    KindNotOffered: "kind",
}


@blueprint.get("/daftar")
@open_to(*REGISTERED_BY)
def show_walk_ins() -> ResponseReturnValue:
    """The form, what is left today, and whom the door registered."""
    now = clock.now()
    return _page(_form(pages.my_office(), now, typed=False), now)


@blueprint.post("/daftar")
@open_to(*REGISTERED_BY)
def register() -> ResponseReturnValue:
    """Register the person and show the slip, or say what is wrong, with the form as it was typed."""
    now, office = clock.now(), pages.my_office()
    form = _form(office, now)
    if not form.validate_on_submit():
        return _page(form, now, status=422)
    who = form.newcomer()
    doubts = niks.warnings(who.nik, who.birth_on, who.sex) if niks.fault(who.nik) is None else []
    if doubts and not form.as_on_card.data:
        return _page(form, now, status=422, doubts=[nik_doubt(doubt) for doubt in doubts])
    try:
        code = register_walk_in.once(one_time_key(), current_user.staff_id, who, now=now)
    except Refusal as refusal:
        name = _FIELD_OF.get(type(refusal))
        if name is not None:
            form[name].errors = [sentence(refusal)]
            return _page(form, now, status=refusal.status)
        live = walk_in_queries.live_case_of(who.nik, office.id) if isinstance(refusal, NikHasCase) else None
        return _page(form, now, status=refusal.status, refusal=refusal, live=live)
    return go_to("officers.show_slip", code=code)


@blueprint.get("/daftar/<code:code>")
@open_to(*REGISTERED_BY)
def show_slip(code: str) -> ResponseReturnValue:
    """How to pay, printed for the person; it watches itself until the money is there. 204 while a poll finds
    nothing new."""
    slip, now = _slip(code), clock.now()
    if slip.case.state is CaseState.ARRIVED and not slip.is_locked:
        return go_to("officers.show_check_in", baru=code)
    if wants_part() and request.args.get("versi") == slip.version:
        return "", 204
    return render_template(
        "officers/walk_in_slip.html",
        slip=slip,
        qr=_qr(slip),
        claim_url=_claim_url(slip),
        service=passport_name(slip.bill.kind, slip.bill.validity_years),
        **pages.frame(slip.office, now, "check_in"),
    )


@blueprint.post("/daftar/<code:code>/tempat")
@open_to(*REGISTERED_BY)
def seat_here(code: str) -> ResponseReturnValue:
    """Another place of today for somebody who has paid and whose hour is gone."""
    try:
        seat_walk_in.once(one_time_key(), current_user.staff_id, code, now=clock.now())
    except NoPlaceToday as refusal:
        return _page(_form(pages.my_office(), clock.now(), typed=False), clock.now(), refusal.status, refusal)
    return go_to("officers.show_slip", code=code)


@blueprint.post("/daftar/<code:code>/kesempatan")
@open_to(*REGISTERED_BY)
def renew_slip(code: str) -> ResponseReturnValue:
    """The person stands here with the card, and may claim the case once more."""
    renew_claim.once(one_time_key(), current_user.staff_id, code, now=clock.now())
    return go_to("officers.show_slip", code=code)


def _slip(code: str) -> Slip:
    return walk_in_queries.slip_of(current_user.office_id, code, reader=current_user.staff_id)


def _claim_url(slip: Slip) -> str:
    return f"{settings().public_url}{url_for('applicants.show_claim', kode=slip.case.code)}"


def _qr(slip: Slip) -> Markup:
    """The address where the person takes the case over; the door's scanner reads the code in it."""
    made = segno.make(_claim_url(slip), error="m", micro=False)
    return Markup(made.svg_inline(border=3, dark="#000", light="#fff", omitsize=True))  # noqa: S704  (our own code)


def _form(office: Office, now: datetime, *, typed: bool = True) -> WalkInForm:
    """The form with what can be chosen today; as typed, or empty."""
    form = WalkInForm() if typed else WalkInForm(formdata=None)
    today = local_date(now, office.time_zone)
    form.sex.choices = [SelectChoice(str(code), words) for code, words in SEXES.items()]
    form.before.choices = [SelectChoice("", ""), *(SelectChoice(str(c), w) for c, w in BEFORE.items())]
    form.kind.choices = [SelectChoice(one.code, _priced(one)) for one in kinds_on_offer(today, office.id)]
    form.ground.choices = [SelectChoice("", ""), *_grounds(office, today)]
    return form


def _priced(one: PricedKind) -> str:
    return f"{passport_name(one.kind, one.validity_years)}, {rupiah(one.amount_rp)}"


def _grounds(office: Office, today: date) -> list[SelectChoice]:
    """Each group with each proof of it: one choice for both. A supervisor's word is a supervisor's."""
    groups = offices.priority_groups(office.id, today)
    known = {group.code for group in groups}
    if ADMITTED_BY & current_user.roles:
        known.add(str(Ground.ADMITTED))
    return [
        SelectChoice(f"{ground}-{proof}", f"{ground_in_words(ground, groups)}: {PROOF_WORDS[proof]}")
        for ground, proofs in PROOFS.items()
        if ground in known
        for proof in proofs
    ]


def _page(
    form: WalkInForm,
    now: datetime,
    status: int = 200,
    refusal: Refusal | None = None,
    *,
    doubts: list[str] | None = None,
    live: LiveCase | None = None,
) -> ResponseReturnValue:
    office = pages.my_office()
    body = render_template(
        "officers/walk_in.html",
        form=form,
        doubts=doubts or [],
        refusal=sentence(refusal) if refusal is not None else None,
        live=live,
        may_admit=bool(ADMITTED_BY & current_user.roles),
        left=walk_in_queries.left_today(office, now),
        registered=walk_in_queries.registered_today(office, now),
        has_errors=refusal is not None or bool(form.errors) or bool(doubts),
        **pages.frame(office, now, "check_in"),
    )
    return body, status
