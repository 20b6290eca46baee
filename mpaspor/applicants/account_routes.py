"""An account from its first form to the last sign-out: sign up, prove the address, look after it."""

from __future__ import annotations

import uuid

from flask import render_template, request, session, url_for
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user

from mpaspor.applicants import blueprint
from mpaspor.applicants.account_forms import (
    ChangePasswordForm,
    CodeForm,
    CorrectEmailForm,
    LanguageForm,
    SignUpForm,
    ask_password_again,
    blame_password,
)
from mpaspor.applicants.account_pages import HOME, answer_with, answered, ask_again, asked, page
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import KeyReused, NotFound, Refusal
from mpaspor.people import queries
from mpaspor.people.change_password import change_password
from mpaspor.people.choose_language import choose_language
from mpaspor.people.correct_email import correct_email
from mpaspor.people.refusals import WeakPassword, WrongPassword
from mpaspor.people.rules import CodePurpose
from mpaspor.people.sign_in import end_sign_ins
from mpaspor.people.sign_up import NewAccount, sign_up
from mpaspor.people.verify_email import verify_email
from mpaspor.web import language, sessions, signing_in
from mpaspor.web.access import Audience, open_to
from mpaspor.web.errors import error_page
from mpaspor.web.headers import leave_nothing
from mpaspor.web.htmx import go_to, go_to_url
from mpaspor.web.keys import one_time_key
from mpaspor.web.labels.answers import SEXES
from mpaspor.web.labels.refusals import sentence


@blueprint.get("/daftar")
@open_to(Audience.VISITOR)
def new_account() -> Response:
    """The form of a new account."""
    if current_user.is_authenticated:
        return go_to_url(HOME)
    return page("sign_up", form=SignUpForm())


@blueprint.post("/daftar")
@open_to(Audience.VISITOR)
def create_account() -> Response:
    """Make the account; the next page asks for the code, whoever has the address already."""
    form = SignUpForm()
    if not form.validate_on_submit():
        ask_password_again(form, "password")
        return page("sign_up", 422, form=form)
    try:
        challenge_id = sign_up(
            _details(form),
            form.password.data,
            browser=signing_in.this_browser(),
            key=one_time_key(),
            now=clock.now(),
        )
    except WeakPassword as refusal:
        blame_password(form.password, refusal)
        return page("sign_up", 422, form=form)
    except KeyReused as refusal:
        return _already_sent(refusal)
    except Refusal as refusal:
        ask_password_again(form, "password")
        return answer_with("sign_up", form, refusal)
    return signing_in.to_code_page("applicants.ask_verification", challenge_id)


def _details(form: SignUpForm) -> NewAccount:
    return NewAccount(
        full_name=form.full_name.data,
        birth_on=form.birth_on.data,
        gender=form.gender.data,
        email=form.email.data,
        phone=form.phone.data,
        language=language.choose(),
    )


def _already_sent(refusal: KeyReused) -> Response:
    """The form was sent before with other words: lead to the code that the first sending asked for."""
    first = refusal.facts.get("answer")
    if not isinstance(first, dict):
        raise refusal
    answer = signing_in.to_code_page("applicants.ask_verification", uuid.UUID(first["challenge"]))
    return error_page(422, sentence(refusal), first={"url": answer.headers["Location"]})


@blueprint.get("/verifikasi")
@open_to(Audience.VISITOR)
def ask_verification() -> Response:
    """Ask for the code; anybody who comes back later finds this page again by signing in."""
    return asked("verify", CodePurpose.VERIFY, CodeForm())


@blueprint.post("/verifikasi")
@open_to(Audience.VISITOR)
def check_verification() -> Response:
    """Prove the address and come in."""
    return answered(
        "verify",
        CodePurpose.VERIFY,
        CodeForm(),
        lambda form, challenge_id, browser, now: verify_email(
            challenge_id, form.code.data, browser=browser, now=now
        ),
    )


@blueprint.post("/verifikasi/ulang")
@open_to(Audience.VISITOR)
def resend_verification() -> Response:
    """Send another code to the same address."""
    return ask_again("verify", CodePurpose.VERIFY, CodeForm(), "applicants.ask_verification")


@blueprint.get("/verifikasi/alamat")
@open_to(Audience.VISITOR)
def ask_email() -> Response:
    """The address was mistyped: ask for the right one."""
    return asked("correct_email", CodePurpose.VERIFY, CorrectEmailForm())


@blueprint.post("/verifikasi/alamat")
@open_to(Audience.VISITOR)
def change_email() -> Response:
    """Send the code to the right address."""
    form = CorrectEmailForm()
    challenge_id = signing_in.asked_code()
    if challenge_id is None or not form.validate_on_submit():
        return asked("correct_email", CodePurpose.VERIFY, form, 422)
    try:
        correct_email(challenge_id, form.email.data, browser=signing_in.this_browser(), now=clock.now())
    except Refusal as refusal:
        form.email.errors = [sentence(refusal)]
        return asked("correct_email", CodePurpose.VERIFY, form, refusal.status)
    return signing_in.to_code_page("applicants.ask_verification", challenge_id, terkirim=1)


@blueprint.get("/akun")
@open_to(Audience.APPLICANT)
def show_account() -> Response:
    """The person's own data, devices, password and language."""
    account = queries.account(current_user.account_id)
    if account is None:
        raise NotFound()
    return page(
        "account",
        account=account,
        gender=SEXES[account.gender],
        devices=queries.devices(account.id, now=clock.now()),
        language_form=LanguageForm(language=account.language),
        done=_DONE.get(request.args.get("selesai", ""), lambda: None)(),
    )


_DONE = {
    "sandi": lambda: _("Kata sandi sudah diganti. Perangkat lain sudah keluar."),
    "perangkat": lambda: _("Perangkat itu sudah keluar dan akan diminta kode bila masuk lagi."),
    "semua": lambda: _("Semua perangkat lain sudah keluar dan akan diminta kode bila masuk lagi."),
    "bahasa": lambda: _("Bahasa sudah disimpan."),
}


@blueprint.post("/akun/bahasa")
@open_to(Audience.APPLICANT)
def change_language() -> Response:
    """Keep the language of pages and messages."""
    chosen = request.form.get("language")
    if chosen in language.LANGUAGES:
        choose_language(current_user.account_id, chosen, now=clock.now())
        session["language"] = chosen
    return go_to("applicants.show_account", selesai="bahasa")


@blueprint.post("/akun/perangkat")
@open_to(Audience.APPLICANT)
def end_device() -> Response:
    """Sign one other device out."""
    try:
        device_id = uuid.UUID(request.form.get("device", ""))
    except ValueError as error:
        raise NotFound() from error
    end_sign_ins.end_device(current_user.account_id, device_id, now=clock.now())
    return go_to("applicants.show_account", selesai="perangkat")


@blueprint.post("/akun/perangkat/semua")
@open_to(Audience.APPLICANT)
def end_other_devices() -> Response:
    """Sign every other device out."""
    person = current_user
    end_sign_ins.end_everywhere_else(person.account_id, person.sign_in_id, now=clock.now())
    return go_to("applicants.show_account", selesai="semua")


@blueprint.get("/akun/sandi")
@open_to(Audience.APPLICANT)
def ask_new_password() -> Response:
    return page("change_password", form=ChangePasswordForm())


@blueprint.post("/akun/sandi")
@open_to(Audience.APPLICANT)
def change_own_password() -> Response:
    """Change the password; every other device is signed out."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        ask_password_again(form, "current", "password")
        return page("change_password", 422, form=form)
    person = current_user
    try:
        entered = change_password(
            person.account_id,
            form.current.data,
            form.password.data,
            sign_in_id=person.sign_in_id,
            browser=signing_in.this_browser(is_shared=person.is_shared_device),
            now=clock.now(),
        )
    except WeakPassword as refusal:
        blame_password(form.password, refusal)
        ask_password_again(form, "current")
        return page("change_password", 422, form=form)
    except WrongPassword as refusal:
        form.current.errors = [sentence(refusal)]
        ask_password_again(form, "password")
        return page("change_password", 422, form=form)
    url = url_for("applicants.show_account", selesai="sandi")
    return signing_in.enter(entered, is_shared=person.is_shared_device, url=url)


@blueprint.get("/keluar")
@open_to(Audience.APPLICANT)
def confirm_sign_out() -> Response:
    """Ask once: whoever is half through a form should not fall out by a slip of the thumb."""
    return page("sign_out")


@blueprint.post("/keluar")
@open_to(Audience.VISITOR)
def sign_out() -> Response:
    """End this sign-in at the server, then clear what the browser holds."""
    if current_user.is_authenticated:
        end_sign_ins.sign_out(current_user.sign_in_id, now=clock.now())
    sessions.end_sign_in()
    return leave_nothing(go_to("applicants.signed_out"))


@blueprint.get("/keluar/selesai")
@open_to(Audience.ANYONE)
def signed_out() -> str:
    """What has happened, and the way back in."""
    return render_template("applicants/account/signed_out.html")
