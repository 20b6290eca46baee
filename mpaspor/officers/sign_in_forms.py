"""The officers' door: address and password, what a one-time link asks for, and another app."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import Regexp

from mpaspor.people.rules import PASSKEY_NAME
from mpaspor.web.fields import AddressField, JoinedField
from mpaspor.web.forms import AtMost, BaseForm, Needed
from mpaspor.web.reentry import FactorForm


class OfficerSignInForm(BaseForm):
    """What an officer knows."""

    email = AddressField(
        _l("Alamat e-mail dinas"),
        [Needed(_l("Isi alamat e-mail dinas"))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "maxlength": 254},
    )
    password = PasswordField(
        _l("Kata sandi"),
        [Needed(_l("Isi kata sandi"))],
        render_kw={"autocomplete": "current-password"},
    )


class AppForm(BaseForm):
    """The app shows that it holds the secret of the page."""

    code = JoinedField(
        _l("Kode yang tampil di aplikasi"),
        [
            Needed(_l("Isi kode dari aplikasi")),
            Regexp(r"[0-9]{6}\Z", message=_l("Kode berisi 6 angka")),
        ],
        description=_l("6 angka, berganti setiap 30 detik"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 9},
    )


class JoinForm(AppForm):
    """A new officer, or one who lost everything: a password and an app."""

    password = PasswordField(
        _l("Kata sandi baru"),
        [Needed(_l("Isi kata sandi baru"))],
        description=_l("Paling sedikit 10 karakter. Tiga atau empat kata sudah cukup."),
        render_kw={"autocomplete": "new-password"},
    )


class NewAppForm(AppForm):
    """The telephone is lost; the password is known."""

    password = PasswordField(
        _l("Kata sandi sekarang"),
        [Needed(_l("Isi kata sandi sekarang"))],
        render_kw={"autocomplete": "current-password"},
    )


class PasskeyNameForm(BaseForm):
    """What a passkey is called by its owner."""

    name = StringField(
        _l("Nama kunci"),
        [Needed(_l("Beri nama, misalnya HP kantor")), AtMost(PASSKEY_NAME)],
        description=_l("Misalnya HP kantor, atau kunci USB"),
        render_kw={"autocomplete": "off", "maxlength": PASSKEY_NAME},
    )


class NewPasswordForm(FactorForm):
    """The password is lost; the app is there."""

    password = PasswordField(
        _l("Kata sandi baru"),
        [Needed(_l("Isi kata sandi baru"))],
        description=_l("Paling sedikit 10 karakter. Tiga atau empat kata sudah cukup."),
        render_kw={"autocomplete": "new-password"},
    )
