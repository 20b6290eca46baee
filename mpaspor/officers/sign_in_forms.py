"""The officers' door: address and password, then a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField
from wtforms.validators import Regexp

from mpaspor.people.contact import email_address
from mpaspor.web.fields import JoinedField
from mpaspor.web.forms import Needed, TidyForm


class OfficerSignInForm(TidyForm):
    """What an officer knows."""

    email = EmailField(
        _l("Alamat e-mail dinas"),
        [Needed(_l("Isi alamat e-mail dinas"))],
        filters=[lambda text: email_address(text) or text.lower() if text else text],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "maxlength": 254},
    )
    password = PasswordField(
        _l("Kata sandi"),
        [Needed(_l("Isi kata sandi"))],
        render_kw={"autocomplete": "current-password"},
    )


class OfficerCodeForm(TidyForm):
    """What an officer was sent."""

    code = JoinedField(
        _l("Kode dari e-mail"),
        [
            Needed(_l("Isi 6 angka dari e-mail")),
            Regexp(r"[0-9]{6}\Z", message=_l("Kode berisi 6 angka")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
