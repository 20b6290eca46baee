"""The officers' door: address and password, then a code."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Regexp


class OfficerSignInForm(FlaskForm):
    """What an officer knows."""

    class Meta:
        csrf = False  # checked for every form of the app at once

    email = EmailField(
        _l("Alamat e-mail dinas"),
        [InputRequired(_l("Isi alamat e-mail dinas"))],
        filters=[lambda text: text.strip().lower() if text else text],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "maxlength": 254},
    )
    password = PasswordField(
        _l("Kata sandi"),
        [InputRequired(_l("Isi kata sandi"))],
        render_kw={"autocomplete": "current-password"},
    )


class OfficerCodeForm(FlaskForm):
    """What an officer was sent."""

    class Meta:
        csrf = False  # checked for every form of the app at once

    code = StringField(
        _l("Kode dari e-mail"),
        [
            InputRequired(_l("Isi 6 angka dari e-mail")),
            Regexp(r"[0-9]{6}\Z", message=_l("Kode berisi 6 angka")),
        ],
        filters=[lambda text: re.sub(r"[\s.-]", "", text) if text else text],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12},
    )
