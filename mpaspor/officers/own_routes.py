"""An officer's own way in: the app, the codes on paper."""

from __future__ import annotations

import uuid

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.officers import blueprint, factor_pages, pages
from mpaspor.officers.sign_in_forms import AppForm, PasskeyNameForm
from mpaspor.offices.rules import local_date
from mpaspor.people import queries, staff_queries
from mpaspor.people.second_factor import apps, passkeys, recovery_codes
from mpaspor.people.sign_in import end_sign_ins
from mpaspor.web import signing_in
from mpaspor.web.access import Audience, asks_again, open_to
from mpaspor.web.htmx import go_to
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.people import ROLES
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/akun")
@open_to(Audience.OFFICER)
def show_own_account() -> ResponseReturnValue:
    """Who the officer is to us, and by what they come in."""
    return _own_page(PasskeyNameForm(formdata=None))


def _own_page(form: PasskeyNameForm, status: int = 200) -> ResponseReturnValue:
    office, now = pages.my_office(), clock.now()
    today = local_date(now, office.time_zone)
    body = render_template(
        "officers/own_account.html",
        me=queries.officer(current_user.staff_id),
        standing=staff_queries.officer(office.id, current_user.staff_id, today=today, now=now),
        app_since=apps.set_at(current_user.staff_id),
        codes_left=recovery_codes.left(current_user.staff_id),
        passkeys=passkeys.passkeys(current_user.staff_id),
        elsewhere=staff_queries.other_desks(current_user.staff_id, current_user.sign_in_id, now=now),
        passkey_origin=passkeys.place().origin,
        form=form,
        role_names=ROLES,
        **pages.frame(office, now, "own"),
    )
    return body, status


@blueprint.post("/akun/keluar-lain")
@open_to(Audience.OFFICER)
def sign_out_elsewhere() -> ResponseReturnValue:
    """End the sign-ins at other computers: one was left open, or somebody else has it."""
    end_sign_ins.end_at_other_desks(current_user.staff_id, current_user.sign_in_id, now=clock.now())
    return go_to("officers.show_own_account")


@blueprint.post("/akun/kunci/tanya")
@open_to(Audience.OFFICER)
def ask_new_passkey() -> ResponseReturnValue:
    """The question that this browser asks a device for a new passkey."""
    asked = passkeys.ask_new(current_user.staff_id, browser=signing_in.this_browser(), now=clock.now())
    return Response(asked, content_type="application/json; charset=utf-8")


@blueprint.post("/akun/kunci")
@open_to(Audience.OFFICER)
@asks_again()
def add_passkey() -> ResponseReturnValue:
    """Keep a new passkey, under the name that its owner gives it."""
    form = PasskeyNameForm()
    if not form.validate_on_submit():
        return _own_page(form, 422)
    try:
        passkeys.add_passkey.once(
            one_time_key(),
            current_user.staff_id,
            request.form.get("jawaban_kunci", ""),
            form.name.data,
            browser=signing_in.this_browser(),
            now=clock.now(),
        )
    except Refusal as refusal:
        form.name.errors = [sentence(refusal)]
        return _own_page(form, refusal.status)
    return go_to("officers.show_own_account")


@blueprint.post("/akun/kunci/<uuid:key_id>/nama")
@open_to(Audience.OFFICER)
def name_passkey(key_id: uuid.UUID) -> ResponseReturnValue:
    form = PasskeyNameForm()
    if not form.validate_on_submit():
        return _own_page(form, 422)
    passkeys.name_passkey(current_user.staff_id, key_id, form.name.data, now=clock.now())
    return go_to("officers.show_own_account")


@blueprint.post("/akun/kunci/<uuid:key_id>/hapus")
@open_to(Audience.OFFICER)
@asks_again()
def remove_passkey(key_id: uuid.UUID) -> ResponseReturnValue:
    passkeys.remove_passkey.once(one_time_key(), current_user.staff_id, key_id, now=clock.now())
    return go_to("officers.show_own_account")


@blueprint.post("/akun/kode-cadangan")
@open_to(Audience.OFFICER)
@asks_again()
def make_recovery_codes() -> ResponseReturnValue:
    """Ten new codes, shown once; the old ones are void."""
    codes = recovery_codes.fresh(current_user.staff_id, signing_in.this_browser().form_key)
    apps.make_recovery_codes.once(one_time_key(), current_user.staff_id, codes, now=clock.now())
    return factor_pages.show_codes(codes, is_signed_in=True)


@blueprint.get("/akun/aplikasi")
@open_to(Audience.OFFICER)
def ask_new_app() -> ResponseReturnValue:
    return _app_page(AppForm(formdata=None))


@blueprint.post("/akun/aplikasi")
@open_to(Audience.OFFICER)
@asks_again()
def change_app() -> ResponseReturnValue:
    """Another telephone: the old app's codes count no more."""
    form = AppForm()
    if not form.validate_on_submit():
        return _app_page(form, 422)
    try:
        apps.change_app.once(
            one_time_key(), current_user.staff_id, current_user.sign_in_id, form.code.data, now=clock.now()
        )
    except Refusal as refusal:
        form.code.errors = [sentence(refusal)]
        return _app_page(form, refusal.status)
    return go_to("officers.show_own_account")


def _app_page(form: AppForm, status: int = 200) -> ResponseReturnValue:
    me, now = queries.officer(current_user.staff_id), clock.now()
    secret = apps.offered(current_user.staff_id, current_user.sign_in_id)
    body = render_template(
        "officers/change_app.html",
        form=form,
        app=factor_pages.app_to_scan(secret, me.email, now=now),
        **pages.frame(pages.my_office(), now, "own"),
    )
    return body, status
