"""The officers' door: address and password, then a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import Regexp

from mpaspor.web.fields import AddressField, JoinedField
from mpaspor.web.forms import BaseForm, Needed


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


class OfficerCodeForm(BaseForm):
    """What an officer was sent."""

    code = JoinedField(
        _l("Kode dari e-mail"),
        [
            Needed(_l("Isi 6 angka dari e-mail")),
            Regexp(r"[0-9]{6}\Z", message=_l("Kode berisi 6 angka")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
